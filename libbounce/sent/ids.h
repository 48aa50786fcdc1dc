/* SPDX-License-Identifier: MIT */
/*
 * ids.h - the Message-IDs that a sender sent: read once, then only looked up, by any number of threads. Compared
 * without brackets and without case.
 */
#ifndef BOUNCE_SENT_IDS_H
#define BOUNCE_SENT_IDS_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Grown with g_realloc(): the ids one after the other, each with a NUL, and a hash table of
 * where they begin, plus one; 0 is a free slot. */
struct sent_ids {
    char *bytes;
    size_t n, room;
    size_t *slots;
    size_t count, capacity;
};

/* An id with or without brackets, and white space around it. An empty one is left out. */
void sent_ids_add(struct sent_ids *ids, struct span id);
bool sent_ids_has(const struct sent_ids *ids, struct span id);
void sent_ids_clear(struct sent_ids *ids);

/* Without white space and brackets. */
struct span sent_id_trim(struct span id);

#endif
