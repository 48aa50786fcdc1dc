/* SPDX-License-Identifier: MIT */
/*
 * address_index.c - a number for each mailbox (see address_index.h).
 *
 * An open hash table in an arena. Mailboxes are compared by their keys, which
 * address_key() makes equal where address_equal() is true. The hash depends on
 * the table's own place in memory, so that no mail can be made to collide.
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
    return (h << 32 | h >> 32) * secret; /* what a word changed above now is below, and spreads as the secret tells */
}

/* Eight bytes at once, and a last mix because the low bits choose the slot. */
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

static void grow(struct address_index *x)
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
    struct span key = address_key(x->arena, address);
    const struct address_slot *s = slot_of(x, key, hash_of(x, key));
    if (s->key.s)
        *value = s->value;
    return s->key.s != NULL;
}

size_t *address_index_at(struct address_index *x, struct span address, size_t value)
{
    if (x->count * 2 >= x->capacity)
        grow(x);
    struct span key = address_key(x->arena, address);
    uint64_t hash = hash_of(x, key);
    struct address_slot *s = slot_of(x, key, hash);
    if (!s->key.s) {
        *s = (struct address_slot){key, hash, value};
        x->count++;
    }
    return &s->value;
}
