/* SPDX-License-Identifier: MIT */
/*
 * log_origins.c - the logs that are read, for entries that are shown later than their lines were read.
 *
 * In: files, in the order in which they are read. Out: the file of an entry, by its number. Nothing is refused.
 */
#include "jobs/log_origins.h"

#include <stdlib.h>

enum { FIRST_FILES = 8 };

bool log_origins_add(struct log_origins *o, const struct log_origin *file)
{
    if (o->count == o->capacity) {
        const size_t capacity = o->capacity ? 2 * o->capacity : FIRST_FILES;
        struct log_origin *grown = realloc(o->files, capacity * sizeof *grown);
        if (!grown)
            return false;
        o->files = grown;
        o->capacity = capacity;
    }
    o->files[o->count++] = *file;
    return true;
}

const struct log_origin *log_origins_of(const struct log_origins *o, uint64_t file)
{
    return file > 0 && file <= o->count ? &o->files[file - 1] : NULL;
}

void log_origins_free(struct log_origins *o)
{
    free(o->files);
    *o = (struct log_origins){NULL, 0, 0};
}
