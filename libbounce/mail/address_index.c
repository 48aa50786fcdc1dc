/* SPDX-License-Identifier: MIT */
/*
 * address_index.c - a number for each address; see address_index.h.
 *
 * In: addresses, and numbers for them. Out: the number of an address. This is an
 * open hash table in an arena. Addresses are compared by their keys, which
 * address_key() makes equal where address_equal() is true.
 */
#include "mail/address_index.h"

#include "base/hash.h"
#include "mail/address.h"

#include <string.h>

struct address_slot {
    struct span key; /* key.s NULL: free */
    uint64_t hash;
    size_t value;
};

void address_index_init(struct address_index *x, struct arena *a)
{
    *x = (struct address_index){.arena = a};
}

static uint64_t hash_of_key(const struct address_index *x, struct span key)
{
    return hash_bytes(key, x->arena);
}

/* The slot of a key, or the free one where it belongs. */
static struct address_slot *slot_of_key(const struct address_index *x, struct span key, uint64_t hash)
{
    for (size_t i = (size_t)hash & (x->capacity - 1);; i = (i + 1) & (x->capacity - 1)) {
        struct address_slot *s = &x->slots[i];
        if (!s->key.s || (s->hash == hash && s->key.n == key.n && !memcmp(s->key.s, key.s, key.n)))
            return s;
    }
}

/* Doubles the table, and moves its slots. */
static void enlarge(struct address_index *x)
{
    enum { FIRST_SLOTS = 16 };
    struct address_index old = *x;
    x->capacity = old.capacity ? old.capacity * 2 : FIRST_SLOTS;
    x->slots = arena_calloc(x->arena, x->capacity, sizeof *x->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key.s)
            *slot_of_key(x, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

bool address_index_find(const struct address_index *x, struct span address, size_t *value)
{
    if (!x->count)
        return false;
    const struct arena_mark mark = arena_mark(x->arena);
    struct span key = address_key(x->arena, address);
    const struct address_slot *s = slot_of_key(x, key, hash_of_key(x, key));
    if (s->key.s)
        *value = s->value;
    arena_rewind(x->arena, mark);
    return s->key.s != NULL;
}

size_t *address_index_at(struct address_index *x, struct span address, size_t value)
{
    if (x->count * 2 >= x->capacity)
        enlarge(x);
    struct span key = address_key(x->arena, address);
    uint64_t hash = hash_of_key(x, key);
    struct address_slot *s = slot_of_key(x, key, hash);
    if (!s->key.s) {
        *s = (struct address_slot){key, hash, value};
        x->count++;
    }
    return &s->value;
}
