/* SPDX-License-Identifier: MIT */
/* pool_workers.h - the workers of a pool, as the program sees them. */
#ifndef CLI_JOBS_POOL_WORKERS_H
#define CLI_JOBS_POOL_WORKERS_H

#include "jobs/pool_state.h"

bool pool_start_worker(struct worker_pool *p, unsigned place);
/* Ends all workers, and waits for them. */
void pool_end_workers(struct worker_pool *p);
/* Assigns ranges to the workers that took them. */
void pool_see_ranges(struct worker_pool *p);
/* Closes its socket, which ends it if it is still alive. Returns its exit status. */
int pool_end_worker(struct worker_place *w);
/* Its socket was closed: reports it and marks the batches that it had. */
void pool_worker_died(struct worker_pool *p, unsigned place);
void pool_tell(const struct worker_pool *p, unsigned place, int number);
/* Tells a worker that waits for room to go on, if there is room. */
void pool_give_room(struct worker_pool *p, unsigned place);
void pool_assign(struct worker_pool *p, unsigned slot, unsigned place);
/* The worker with the least to do, started if necessary. p->jobs: none is available. */
unsigned pool_choose_worker(struct worker_pool *p);
bool pool_any_worker(const struct worker_pool *p);

#endif
