/* SPDX-License-Identifier: MIT */
/* pool_results.h - the results of a pool, in the order of the input. */
#ifndef CLI_JOBS_POOL_RESULTS_H
#define CLI_JOBS_POOL_RESULTS_H

#include "jobs/pool_state.h"

/* Writes the results of the oldest batches, as far as they are known. */
void pool_write_results(struct worker_pool *p);

#endif
