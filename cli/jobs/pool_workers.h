/* SPDX-License-Identifier: MIT */
/* pool_workers.h - the workers of a pool, as the program sees them. */
#ifndef CLI_JOBS_POOL_WORKERS_H
#define CLI_JOBS_POOL_WORKERS_H

#include "jobs/pool_state.h"

bool pool_start_worker(struct worker_pool *p, unsigned place);
/* Tells all to end, and waits until they have. */
void pool_end_workers(struct worker_pool *p);
/* Workers that took ranges have them from now on. */
void pool_see_ranges(struct worker_pool *p);
/* Closes its socket, which ends it if it is still alive. Returns its status. */
int pool_end_worker(struct worker_place *w);
/* Its socket has ended: reports it and marks the batches that it had. */
void pool_worker_died(struct worker_pool *p, unsigned place);
void pool_tell(const struct worker_pool *p, unsigned place, int number);
/* Tells a worker that waits for room, if there is some. */
void pool_give_room(struct worker_pool *p, unsigned place);
void pool_assign(struct worker_pool *p, unsigned slot, unsigned place);
/* The worker with the least to do, started if need be. p->jobs: none has room. */
unsigned pool_choose_worker(struct worker_pool *p);
bool pool_any_worker(const struct worker_pool *p);

#endif
