/* SPDX-License-Identifier: MIT */
/* log_lines.h - the lines of one log, of which some are wanted. */
#ifndef CLI_INPUT_LOG_LINES_H
#define CLI_INPUT_LOG_LINES_H

#include "jobs/jobs.h"

enum { LOG_HEAD_BYTES = 1024 };

struct log_lines {
    struct jobs *jobs;
    const char *path; /* as it is shown; NULL: standard input */
    int fd;
    bounce_input *input;
    char *bytes; /* those of a line that is not whole yet are at the front */
    size_t n, capacity;
    bool any;                           /* it has bytes */
    uint64_t offset;                    /* of the first byte that was not handed in, in what the file unpacks to */
    uint64_t from, until;               /* what lines tell that begin there is shown; what others tell is only known */
    uint64_t skip;                      /* bytes at the front that are not even handed in */
    uint64_t read;                      /* bytes that were read, by which a file is seen to have grown */
    unsigned char head[LOG_HEAD_BYTES]; /* the first ones, by which the file is known again */
    size_t head_bytes;
};

enum log_lines_read { LOG_LINES_GO_ON, LOG_LINES_END, LOG_LINES_FAILED };

/* Of an open descriptor, which is closed at the end unless it is that of standard input. False after a message. */
bool log_lines_open(struct log_lines *l, struct jobs *jobs, int fd, const char *path);
/* Hands in the whole lines of what can be read at once. At the end of a file that grew since, it goes on. */
enum log_lines_read log_lines_read(struct log_lines *l);
/* Hands in what is behind the last line end. */
void log_lines_finish(struct log_lines *l);
void log_lines_close(struct log_lines *l);
/* "standard input" for people. */
const char *log_lines_subject(const struct log_lines *l);

#endif
