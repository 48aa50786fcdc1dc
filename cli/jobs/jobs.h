/* SPDX-License-Identifier: MIT */
/* jobs.h - where inputs hand in mails and replies, to be classified by one process or by many. */
#ifndef CLI_JOBS_JOBS_H
#define CLI_JOBS_JOBS_H

#include "jobs/classify.h"

struct worker_pool;
struct log_origins;
struct jobs {
    struct classifier *classifier;
    struct worker_pool *pool;    /* NULL: this process does everything */
    struct log_origins *origins; /* of entries of logs; NULL: each is told where its line stands */
};

/* processes 0: one for each processor. Mails are at most max_bytes long. Ends
 * with jobs_end(). unordered: whatever is known first is written first. */
void jobs_begin(struct jobs *j, struct classifier *c, uint32_t processes, uint64_t max_bytes, bool unordered);
/* Whether it is worth while to have workers read an input of so many bytes and mails for themselves. */
bool jobs_can_read(const struct jobs *j, uint64_t bytes, uint64_t mails);
/* How many there are, at most. */
uint32_t jobs_workers(const struct jobs *j);
/* Has them read it from *at on. True if all of it was read; else *at is where to go on, unless results cannot be
 * written. */
bool jobs_read(struct jobs *j, const struct job_source *source, bounce_position *at);
/* Classifies one mail or reply, now or later. Results come in the order of the
 * calls. The bytes and the path are no longer needed afterwards. */
void jobs_add(struct jobs *j, const void *bytes, size_t length, const bounce_source *source);
/* Takes the report of an event, which is shown unless it tells of deliveries that nobody asked
 * for; only in a pool of one process. */
void jobs_add_report(struct jobs *j, bounce_report *report, const bounce_source *source);
/* Reports an input, or a message of it, that could not be read, and counts it.
 * subject may be NULL. */
void jobs_unreadable(struct jobs *j, const char *subject, const char *message);
/* True if results can no longer be written, and so need not be worked out. */
bool jobs_output_failed(const struct jobs *j);
/* To be called before a read from fd. While fd has nothing to read, results
 * are written as soon as they are known. Returns when it has, or at a signal. */
void jobs_wait_for_input(struct jobs *j, int fd);
/* Writes the results of all that was handed in so far. */
void jobs_flush(struct jobs *j);
/* Returns when all results are written. */
void jobs_end(struct jobs *j);

#endif
