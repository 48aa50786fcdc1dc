/* SPDX-License-Identifier: MIT */
/*
 * pool.h - workers that classify, and their results in order.
 *
 * Workers, which this process forks, classify and render; this process writes the results, in the order of the input
 * unless that does not matter. It also reads and splits what comes from a pipe; files and folders are read by the
 * workers. Workers are processes, not threads, because GObject's reference counters are shared by all threads, which
 * would slow each other down.
 *
 * Batches are in shared memory, mapped before the first fork, so pointers into it are valid in every process. Only
 * numbers of batches go through sockets. The batches form a ring, and each goes through these hands:
 *
 *     program  fills it with mails (pool_take), gives its number to a worker; or
 *     worker   takes the next range of the input and the next batch, for its results
 *              (pool_read, job_source.h); one at a time can do that (ranges.h)
 *     worker   classifies one mail after the other and renders into the batch;
 *              when no room is left, it shows the part it has and waits until
 *              that is written; at the end it says so
 *     program  writes the results once all earlier batches are written
 *
 * So the ring bounds memory, and no earlier batch can be waiting for a worker that waits for its part to be written.
 * When a worker dies, the batch shows which mails were finished; their results are kept. A range is read again. The
 * mail it was working on, and all that follow, are done again by the spare worker, which has no other duty and so is
 * never stuck with a later batch. A mail at which a second worker dies is left out and reported.
 *
 * Files: pool.c takes mails and waits; pool_workers.c starts, chooses and reaps workers; pool_results.c writes in
 * order; pool_state.h is what these three share. batch.c and ranges.c are the shared memory, worker.c the life of a
 * worker.
 */
#ifndef CLI_JOBS_POOL_H
#define CLI_JOBS_POOL_H

#include "jobs/classify.h"

struct worker_pool;

/* Workers are started only once there is enough to do. NULL if there is not enough memory. processes is at least 2;
 * mails are at most max_bytes long. */
struct worker_pool *pool_new(struct classifier *c, uint32_t processes, uint64_t max_bytes, bool unordered);
/* Whether an input of this many bytes and mails, or with this much left, is worth a fork. */
bool pool_is_due(const struct worker_pool *p, uint64_t bytes, uint64_t mails);
uint32_t pool_workers(const struct worker_pool *p);
/* Has workers read a source by themselves, from *at on. True if all of it was read; else *at is where to continue: a
 * signal came, results cannot be written, or there are no workers. */
bool pool_read(struct worker_pool *p, const struct job_source *source, bounce_position *at);
/* False: the caller must classify it now. */
bool pool_take(struct worker_pool *p, const void *bytes, size_t length, const bounce_source *source);
/* Writes results as they become known, until fd is readable or nothing is left to do. */
void pool_wait_for_input(struct worker_pool *p, int fd);
/* Waits for unfinished work, and passes its results to the output. */
void pool_flush(struct worker_pool *p);
/* Waits for unfinished work, writes its results and ends the workers. p may be NULL. */
void pool_end(struct worker_pool *p);

#endif
