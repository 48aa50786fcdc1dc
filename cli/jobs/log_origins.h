/* SPDX-License-Identifier: MIT */
/* log_origins.h - the logs that are read, for entries that are shown later than their lines were read. */
#ifndef CLI_JOBS_LOG_ORIGINS_H
#define CLI_JOBS_LOG_ORIGINS_H

#include "bounce.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_origin {
    const char *path;     /* NULL: standard input */
    uint64_t from, until; /* entries of lines that begin in this range are shown */
};

/* All zero: empty. */
struct log_origins {
    struct log_origin *files;
    size_t count, capacity;
};

/* Adds the next file; call it after bounce_log_file(). False if memory runs out. */
bool log_origins_add(struct log_origins *o, const struct log_origin *file);
/* The file with the number that bounce_log_entry_file() returned; NULL: none. */
const struct log_origin *log_origins_of(const struct log_origins *o, uint64_t file);
void log_origins_free(struct log_origins *o);

#endif
