/* SPDX-License-Identifier: MIT */
/*
 * address_index.h - a number for each address, found in one step, so that the cost of
 * a report is linear in its recipients.
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
/* Gets the number of an address (in the sense of address_equal()). False if it has none. */
bool address_index_find(const struct address_index *x, struct span address, size_t *value);
/* Where the number of an address is kept; a new address gets value. Valid until the next
 * call. */
size_t *address_index_at(struct address_index *x, struct span address, size_t value);

#endif
