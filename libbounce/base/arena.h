/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory that is given back all at once, and growing strings.
 *
 * What comes in: sizes. What goes out: aligned memory that lives until
 * arena_reset() or arena_free(). There is no failure to handle: like GLib,
 * the process ends when memory runs out (see bounce.h, Silence).
 */
#ifndef BOUNCE_BASE_ARENA_H
#define BOUNCE_BASE_ARENA_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    char *free, *end;   /* of the current block; both aligned */
    size_t first_bytes; /* of the first block; 0: as arena_init() */
};

void arena_init(struct arena *a); /* for much */
/* For what is likely to fit into so many bytes, which are a multiple of 16. */
void arena_init_small(struct arena *a, size_t first_bytes);
/* Gives back all that was allocated but keeps a block for reuse. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);
/* Slow path of arena_alloc(). */
void *arena_alloc_block(struct arena *a, size_t size);

enum { ARENA_ALIGNMENT = 16 };
/* size bytes, aligned for any type, not cleared. size 0 gives a valid pointer. */
static inline void *arena_alloc(struct arena *a, size_t size)
{
    /* What is free is a multiple of the alignment, and nothing before the first block. */
    if (size >= (size_t)(a->end - a->free))
        return arena_alloc_block(a, size);
    void *p = a->free;
    a->free += (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    return p;
}
void *arena_calloc(struct arena *a, size_t count, size_t size);
/* Slow path of arena_grow(). */
void *arena_grow_array(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_bytes);
/* Makes room for one more item in an array of count items: returns the array, or a larger
 * one with the same items. Begin with NULL and a capacity of 0; new room is not cleared. */
static inline void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    return count < *capacity ? items : arena_grow_array(a, items, count, capacity, item_bytes);
}
/* A NUL-ended copy of n bytes. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A string that grows inside an arena; always NUL-ended behind n bytes. */
struct strbuf {
    struct arena *arena;
    char *s;
    size_t n, capacity;
};
void strbuf_init(struct strbuf *b, struct arena *a);
void strbuf_reserve(struct strbuf *b, size_t more);
void strbuf_add(struct strbuf *b, const char *s, size_t n);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_putu(struct strbuf *b, uint32_t code_point); /* as UTF-8 */
static inline void strbuf_putc(struct strbuf *b, char c)
{
    if (b->capacity - b->n < 2)
        strbuf_reserve(b, 1);
    b->s[b->n++] = c;
    b->s[b->n] = '\0';
}

#endif
