/* SPDX-License-Identifier: MIT */
/*
 * sketch.c - how often the most frequent values occur, in bounded memory.
 *
 * In: values, one after another. Out: counts of a limited number of them. A further value replaces the rarest one and
 * takes over its count, so its own may be too high (the algorithm Space-Saving, Metwally et al., 2005). So any value
 * above its share of the total is kept, whatever the order. The result depends only on the order of the values. Nothing
 * is refused; without memory, no_memory is set.
 */
#include "count/sketch.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_of(const char *key)
{
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

/* ------------------------------------------------------------------ slots */

/* The slot of the key, or the free one where it would be. */
static size_t find_slot(const struct sketch *s, const char *key, uint32_t hash)
{
    size_t slot = hash % SKETCH_SLOTS;
    while (s->slots[slot]) {
        const struct sketch_value *v = &s->values[s->slots[slot] - 1];
        if (v->hash == hash && strcmp(v->key, key) == 0)
            break;
        slot = (slot + 1) % SKETCH_SLOTS;
    }
    return slot;
}

/* Frees a slot, and moves up the entries after it, so that they are found without it. */
static void free_slot(struct sketch *s, size_t slot)
{
    size_t next = slot;
    for (;;) {
        s->slots[slot] = 0;
        size_t home;
        do {
            next = (next + 1) % SKETCH_SLOTS;
            if (!s->slots[next])
                return;
            home = s->values[s->slots[next] - 1].hash % SKETCH_SLOTS;
        } while (slot <= next ? slot < home && home <= next : slot < home || home <= next);
        s->slots[slot] = s->slots[next];
        slot = next;
    }
}

/* ------------------------------------------------------------------- heap */

static bool is_less(const struct sketch *s, uint32_t a, uint32_t b)
{
    uint64_t x = s->values[a].counts.all, y = s->values[b].counts.all;
    return x < y || (x == y && a < b);
}

/* A count has grown: moves its number down the heap to where it belongs. */
static void sift(struct sketch *s, size_t place)
{
    uint32_t number = s->heap[place];
    for (size_t child; (child = 2 * place + 1) < s->count; place = child) {
        if (child + 1 < s->count && is_less(s, s->heap[child + 1], s->heap[child]))
            child++;
        if (!is_less(s, s->heap[child], number))
            break;
        s->heap[place] = s->heap[child];
        s->values[s->heap[place]].heap_place = (uint32_t)place;
    }
    s->heap[place] = number;
    s->values[number].heap_place = (uint32_t)place;
}

static bool make_heap(struct sketch *s)
{
    s->heap = malloc(s->count * sizeof *s->heap);
    if (!s->heap)
        return false;
    for (uint32_t i = 0; i < s->count; i++) {
        s->heap[i] = i;
        s->values[i].heap_place = i;
    }
    for (size_t i = s->count; i-- > 0;)
        sift(s, i);
    return true;
}

/* ----------------------------------------------------------------- adding */

static void add_counts(struct sketch_counts *sum, const struct sketch_counts *more)
{
    sum->all += more->all;
    sum->hard += more->hard;
    sum->soft += more->soft;
    sum->own += more->own;
}

/* Makes room for one more; false if memory runs out. */
static bool grow(struct sketch *s)
{
    if (!s->slots && !(s->slots = calloc(SKETCH_SLOTS, sizeof *s->slots)))
        return false;
    if (s->count < 16 ? s->count != 0 : (s->count & (s->count - 1)) != 0)
        return true;
    struct sketch_value *grown = realloc(s->values, (s->count < 16 ? 16 : 2 * s->count) * sizeof *grown);
    if (grown)
        s->values = grown;
    return grown != NULL;
}

static bool append(struct sketch *s, char *key, uint32_t hash, size_t slot, const struct sketch_counts *counts)
{
    if (!grow(s))
        return false;
    s->values[s->count] = (struct sketch_value){key, *counts, 0, hash, 0};
    s->slots[slot] = (uint16_t)++s->count;
    return true;
}

/* Replaces the value that occurred least often. */
static bool replace(struct sketch *s, char *key, uint32_t hash, const struct sketch_counts *counts)
{
    if (!s->heap && !make_heap(s))
        return false;
    uint32_t number = s->heap[0];
    struct sketch_value *v = &s->values[number];
    uint64_t least = v->counts.all;
    free_slot(s, find_slot(s, v->key, v->hash));
    free(v->key);
    *v = (struct sketch_value){key, *counts, least, hash, 0};
    v->counts.all += least;
    s->slots[find_slot(s, key, hash)] = (uint16_t)(number + 1);
    s->is_inexact = true;
    sift(s, 0);
    return true;
}

/* Adds to a value that is already there. */
static void add_more(struct sketch *s, struct sketch_value *v, const struct sketch_counts *counts)
{
    add_counts(&v->counts, counts);
    if (s->heap)
        sift(s, v->heap_place);
}

bool sketch_add(struct sketch *s, const char *key, const struct sketch_counts *counts, size_t *number)
{
    const uint32_t hash = hash_of(key);
    const size_t most = s->most ? s->most : SKETCH_VALUES;
    if (s->no_memory || (!s->slots && !grow(s))) {
        s->no_memory = true;
        return false;
    }
    s->sum += counts->all;
    size_t slot = find_slot(s, key, hash);
    const bool is_new = !s->slots[slot];
    if (!is_new) {
        add_more(s, &s->values[s->slots[slot] - 1], counts);
    } else {
        char *copy = strdup(key);
        bool added = copy && (s->count < most ? append(s, copy, hash, slot, counts) : replace(s, copy, hash, counts));
        if (!added) {
            free(copy);
            s->no_memory = true;
            return false;
        }
    }
    if (number)
        *number = s->slots[find_slot(s, key, hash)] - 1u;
    return is_new;
}

/* ----------------------------------------------------------------- result */

static int by_key(const void *a, const void *b)
{
    const struct sketch_value *x = a, *y = b;
    return strcmp(x->key, y->key);
}

static int by_count(const void *a, const void *b)
{
    const struct sketch_value *x = a, *y = b;
    return x->counts.all != y->counts.all ? (x->counts.all < y->counts.all) - (x->counts.all > y->counts.all)
                                          : by_key(a, b);
}

void sketch_sort(struct sketch *s)
{
    if (s->count)
        qsort(s->values, s->count, sizeof *s->values, by_count);
}

void sketch_sort_by_key(struct sketch *s)
{
    if (s->count)
        qsort(s->values, s->count, sizeof *s->values, by_key);
}

const struct sketch_value *sketch_majority(const struct sketch *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const uint64_t least = s->values[i].counts.all - s->values[i].error;
        if (least >= SKETCH_MAJORITY && least * 2 > s->sum)
            return &s->values[i];
    }
    return NULL;
}

void sketch_free(struct sketch *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->values[i].key);
    free(s->values);
    free(s->heap);
    free(s->slots);
    *s = (struct sketch){.count = 0};
}
