/* SPDX-License-Identifier: MIT */
/* classify_log.h - lines of logs. */
#ifndef CLI_JOBS_CLASSIFY_LOG_H
#define CLI_JOBS_CLASSIFY_LOG_H

#include "jobs/jobs.h"

/* The next file, last written at this time; -1: not known. */
void classify_log_begin(struct jobs *j, int64_t written);
/* The file at hand was written to since, at this time. */
void classify_log_written(struct jobs *j, int64_t written);
/* A line with its end; path NULL: standard input. What it tells is kept, and shown only if it is wanted. */
void classify_log_line(struct jobs *j, const void *bytes, size_t length, const char *path, bool wanted);
/* The file ends: what went wrong in it is told. lines: it had some, one of which must be known. */
void classify_log_end(struct jobs *j, const char *subject, bool lines);
/* No other file follows the one of that path. */
void classify_logs_end(struct jobs *j, const char *path, bool wanted);

#endif
