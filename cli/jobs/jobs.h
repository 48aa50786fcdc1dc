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
    struct log_origins *origins; /* of log entries; NULL: entries are from the log being read */
};

/* processes 0: one for each processor. Mails are at most max_bytes long. unordered: results are written as soon as they
 * are known. End it with jobs_end(). */
void jobs_begin(struct jobs *j, struct classifier *c, uint32_t processes, uint64_t max_bytes, bool unordered);
/* Whether it is worth while to have workers read an input of this many bytes and mails by themselves. */
bool jobs_can_read(const struct jobs *j, uint64_t bytes, uint64_t mails);
/* The maximum number of workers. */
uint32_t jobs_workers(const struct jobs *j);
/* Has workers read the source from *at on. True if all of it was read; else *at is where to continue, unless results
 * cannot be written. */
bool jobs_read(struct jobs *j, const struct job_source *source, bounce_position *at);
/* Classifies one mail or reply, now or later. Results are written in the order of the calls. The bytes and the path may
 * be freed after the call. */
void jobs_add(struct jobs *j, const void *bytes, size_t length, const bounce_source *source);
/* Takes ownership of the report of an event, which is shown unless it is only about deliveries and these were not
 * requested; only without workers. */
void jobs_add_report(struct jobs *j, bounce_report *report, const bounce_source *source);
/* Reports an input, or a message in it, that could not be read, and counts it. subject may be NULL. */
void jobs_unreadable(struct jobs *j, const char *subject, const char *message);
/* True if results can no longer be written, so there is no point in computing them. */
bool jobs_output_failed(const struct jobs *j);
/* Call it before a read from fd. While fd has nothing to read, results are written as soon as they are known. Returns
 * when fd is readable, or at a signal. */
void jobs_wait_for_input(struct jobs *j, int fd);
/* Writes the results of everything that was handed in so far. */
void jobs_flush(struct jobs *j);
/* Returns when all results were written. */
void jobs_end(struct jobs *j);

#endif
