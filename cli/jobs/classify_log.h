/* SPDX-License-Identifier: MIT */
/* classify_log.h - lines of logs, read one by one by this process. */
#ifndef CLI_JOBS_CLASSIFY_LOG_H
#define CLI_JOBS_CLASSIFY_LOG_H

#include "jobs/classify.h"

/* The next file, last written at this time; -1: not known. */
void classify_log_begin(struct classifier *c, int64_t written);
/* A line with its end; path NULL: standard input. */
void classify_log_line(struct classifier *c, const void *bytes, size_t length, const char *path);
/* The file ends: what went wrong in it is told. lines: it had some, one of which must be known. */
void classify_log_end(struct classifier *c, const char *subject, bool lines);
/* No other file follows. */
void classify_logs_end(struct classifier *c);

#endif
