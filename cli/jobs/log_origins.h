/* SPDX-License-Identifier: MIT */
/* log_origins.h - which of several logs an entry is of that is told later than its line came. */
#ifndef CLI_JOBS_LOG_ORIGINS_H
#define CLI_JOBS_LOG_ORIGINS_H

#include "bounce.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_origin {
    const char *path;     /* NULL: standard input */
    uint64_t from, until; /* what lines tell that begin there is shown */
    uint16_t *marks;      /* of each line, made of its offset and length */
    size_t lines, capacity;
};

struct log_origins {
    struct log_origin *files;
    size_t count, capacity;
    bool marks_lines; /* there are several files */
};

/* The next file begins. False if memory runs out. */
bool log_origins_file(struct log_origins *o, const struct log_origin *file);
/* A line of it, with its end. */
void log_origins_line(struct log_origins *o, uint64_t offset, const char *line, size_t length);
/* The newest file that has such a line; else the last. NULL: there is no file. */
const struct log_origin *log_origins_of(const struct log_origins *o, const bounce_source *source);
void log_origins_free(struct log_origins *o);

#endif
