/* SPDX-License-Identifier: MIT */
/* log_origins.h - the logs that are read, for entries that are told later than their lines came. */
#ifndef CLI_JOBS_LOG_ORIGINS_H
#define CLI_JOBS_LOG_ORIGINS_H

#include "bounce.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_origin {
    const char *path;     /* NULL: standard input */
    uint64_t from, until; /* what lines tell that begin there is shown */
};

/* All zero: none. */
struct log_origins {
    struct log_origin *files;
    size_t count, capacity;
};

/* The next file, for which bounce_log_file() was called. False if memory runs out. */
bool log_origins_add(struct log_origins *o, const struct log_origin *file);
/* The one that bounce_log_entry_file() names; NULL: none. */
const struct log_origin *log_origins_of(const struct log_origins *o, uint64_t file);
void log_origins_free(struct log_origins *o);

#endif
