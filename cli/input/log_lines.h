/* SPDX-License-Identifier: MIT */
/* log_lines.h - the lines of one log, or a part of them. */
#ifndef CLI_INPUT_LOG_LINES_H
#define CLI_INPUT_LOG_LINES_H

#include "jobs/jobs.h"

enum { LOG_HEAD_BYTES = 1024 };

struct log_lines {
    struct jobs *jobs;
    const char *path; /* for messages; NULL: standard input */
    int fd;
    bounce_input *input;
    char *bytes; /* the bytes of an unfinished line are at the front */
    size_t n, capacity;
    bool any;                           /* the file is not empty */
    uint64_t offset;                    /* of the first byte not yet handed in, in the unpacked file */
    uint64_t from, until;               /* lines that begin in this range are shown; others are only context */
    uint64_t skip;                      /* bytes at the front that are not handed in at all */
    uint64_t read;                      /* bytes read so far, to notice that the file has grown */
    unsigned char head[LOG_HEAD_BYTES]; /* its first bytes, which identify the file */
    size_t head_bytes;
};

enum log_lines_read { LOG_LINES_GO_ON, LOG_LINES_END, LOG_LINES_FAILED };

/* Takes an open descriptor, and closes it at the end unless it is standard input. False after a message. */
bool log_lines_open(struct log_lines *l, struct jobs *jobs, int fd, const char *path);
/* Hands in the complete lines of one read. After LOG_LINES_END it can be called again if the file has grown. */
enum log_lines_read log_lines_read(struct log_lines *l);
/* Hands in what follows the last line end. */
void log_lines_finish(struct log_lines *l);
void log_lines_close(struct log_lines *l);
/* The path, or "standard input", for messages. */
const char *log_lines_subject(const struct log_lines *l);

#endif
