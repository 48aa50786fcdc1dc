/* SPDX-License-Identifier: MIT */
/* worker.h - the life of a worker. */
#ifndef CLI_JOBS_WORKER_H
#define CLI_JOBS_WORKER_H

#include "jobs/batch.h"
#include "jobs/classify.h"

/* What goes through the socket: numbers of batches. To the worker: do this one;
 * or GO_ON. From the worker: this one is done; or, with PART_FLAG: write the
 * part it shows, then tell me to go on. */
enum { GO_ON = -1, PART_FLAG = 1 << 20 };

/* Works until the other end of fd is closed; does not return. */
_Noreturn void worker_run(const struct classifier *of_program, const struct memory *m, int fd);

#endif
