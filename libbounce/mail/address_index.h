/* SPDX-License-Identifier: MIT */
/*
 * address_index.h - a number for each mailbox, found by its address in one
 * step, so that thousands of recipients cost no more than as many lines.
 */
#ifndef BOUNCE_MAIL_ADDRESS_INDEX_H
#define BOUNCE_MAIL_ADDRESS_INDEX_H

#include "base/arena.h"

struct address_slot;
struct address_index {
    struct arena *arena;
    struct address_slot *slots;
    size_t count, capacity; /* capacity: a power of two, or 0 */
};

void address_index_init(struct address_index *x, struct arena *a);
/* The value kept for a mailbox (equal as address_equal() has it). False if it
 * is not there. */
bool address_index_find(const struct address_index *x, struct span address, size_t *value);
/* Where the value of a mailbox is kept; it is set to value if the mailbox is
 * new. Valid until the next call. */
size_t *address_index_at(struct address_index *x, struct span address, size_t value);

#endif
