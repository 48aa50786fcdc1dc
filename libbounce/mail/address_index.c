/* SPDX-License-Identifier: MIT */
/*
 * address_index.c - a number for each address; see address_index.h.
 *
 * In: addresses, and numbers for them. Out: the number of an address. This is an
 * open hash table in an arena. Addresses are compared by their keys, which
 * address_key() makes equal where address_equal() is true. The hash depends on
 * where the table is in memory, so that nobody can prepare a mail that collides.
 */
#include "mail/address_index.h"

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

static uint64_t mix(uint64_t h, uint64_t word, uint64_t secret)
{
    h = (h + word) * 0x9e3779b97f4a7c15u;
    return (h << 32 | h >> 32) * secret; /* the upper half moves down, where the secret spreads it */
}

/* Takes eight bytes at a time. The last step mixes the low bits, which choose the slot. */
static uint64_t hash_of(const struct address_index *x, struct span key)
{
    const uint64_t secret = (0xd6e8feb86659fd93u ^ (uint64_t)(uintptr_t)x->arena) | 1;
    uint64_t h = key.n, word;
    for (; key.n >= sizeof word; key = span_of(key.s + sizeof word, key.n - sizeof word)) {
        memcpy(&word, key.s, sizeof word);
        h = mix(h, word, secret);
    }
    word = 0;
    memcpy(&word, key.s, key.n);
    h = mix(h, word, secret);
    return h ^ h >> 29;
}

/* The slot of a key, or the free one where it belongs. */
static struct address_slot *slot_of(const struct address_index *x, struct span key, uint64_t hash)
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
    enum { FIRST_CAPACITY = 16 };
    struct address_index old = *x;
    x->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    x->slots = arena_calloc(x->arena, x->capacity, sizeof *x->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key.s)
            *slot_of(x, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

bool address_index_find(const struct address_index *x, struct span address, size_t *value)
{
    if (!x->count)
        return false;
    const struct arena_mark mark = arena_mark(x->arena);
    struct span key = address_key(x->arena, address);
    const struct address_slot *s = slot_of(x, key, hash_of(x, key));
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
    uint64_t hash = hash_of(x, key);
    struct address_slot *s = slot_of(x, key, hash);
    if (!s->key.s) {
        *s = (struct address_slot){key, hash, value};
        x->count++;
    }
    return &s->value;
}
