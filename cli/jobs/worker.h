/* SPDX-License-Identifier: MIT */
/* worker.h - the life of a worker. */
#ifndef CLI_JOBS_WORKER_H
#define CLI_JOBS_WORKER_H

#include "jobs/batch.h"
#include "jobs/classify.h"

/* The messages on the socket are numbers of batches. To the worker: do this one; or GO_ON. From the worker: this one is
 * done; or, with PART_FLAG: write the part in it, then tell me to go on. A worker that takes ranges by itself also
 * reports that it waits for room for the next one, until it is told to go on, and at the end that nothing is left to
 * take. */
enum { GO_ON = -1, WAITS_FOR_ROOM = -2, NOTHING_LEFT = -3, PART_FLAG = 1 << 20 };

/* What a worker must know. */
struct worker_task {
    const struct classifier *classifier; /* the program's */
    const struct memory *memory;
    const struct job_source *source; /* of the ranges; NULL: items come in batches */
    unsigned place;
    bool takes; /* it takes ranges by itself */
    int fd;     /* its socket */
};

/* Works until the other end of fd is closed; does not return. */
_Noreturn void worker_run(const struct worker_task *task);

#endif
