/* SPDX-License-Identifier: MIT */
/* classify_log.h - lines of logs. */
#ifndef CLI_JOBS_CLASSIFY_LOG_H
#define CLI_JOBS_CLASSIFY_LOG_H

#include "jobs/jobs.h"

/* Begins the next file; written: its modification time, -1 if unknown. */
void classify_log_begin(struct jobs *j, int64_t written);
/* The current file has grown; written: its new modification time. */
void classify_log_written(struct jobs *j, int64_t written);
/* A line with its end; path NULL: standard input. Its facts are kept; its entry is shown only if it is wanted. */
void classify_log_line(struct jobs *j, const void *bytes, size_t length, const char *path, bool wanted);
/* Ends the file and reports its warnings. lines: the file was not empty, so at least one line must be known. */
void classify_log_end(struct jobs *j, const char *subject, bool lines);
/* No other file follows the one at this path. */
void classify_logs_end(struct jobs *j, const char *path, bool wanted);

#endif
