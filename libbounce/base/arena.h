/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory that is freed all at once, and arrays and strings that grow in it.
 *
 * What comes in: sizes. What goes out: aligned memory that lives until
 * arena_reset() or arena_free(). There is no failure to handle: when memory runs
 * out, an arena with a way out goes there by longjmp(); else the process ends, as
 * with GLib.
 */
#ifndef BOUNCE_BASE_ARENA_H
#define BOUNCE_BASE_ARENA_H

#include "base/span.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where to go when memory runs out. Several arenas of one thread share it. What is not
 * in an arena and would be lost on the way is held here, one thing at a time. */
struct arena_exit {
    jmp_buf place; /* set by setjmp() while open */
    bool open;     /* else the process ends */
    void (*release)(void *held);
    void *held; /* NULL: nothing */
};
static inline void arena_exit_hold(struct arena_exit *e, void *held, void (*release)(void *held))
{
    if (e)
        e->held = held, e->release = release;
}
static inline void arena_exit_let_go(struct arena_exit *e)
{
    if (e)
        e->held = NULL;
}

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    char *free, *end;        /* of the current block; both aligned */
    size_t first_bytes;      /* size of the first block; 0: as arena_init() */
    struct arena_exit *exit; /* NULL: none. Kept when the arena is freed */
};

void arena_init(struct arena *a);
/* For content that is likely to fit into first_bytes, a multiple of ARENA_ALIGNMENT. */
void arena_init_small(struct arena *a, size_t first_bytes);
/* Frees everything that was allocated but keeps a block for reuse. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);
/* Frees what was allocated since a mark was taken; nothing may refer to it any more. */
struct arena_mark {
    struct arena_block *block;
    char *free;
};
static inline struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->current, a->free};
}
void arena_rewind(struct arena *a, struct arena_mark mark);
/* The way out that an allocation takes when memory has run out. */
_Noreturn void arena_give_up(const struct arena *a);
/* Slow path of arena_alloc(). */
void *arena_alloc_block(struct arena *a, size_t size);

enum { ARENA_ALIGNMENT = 16 };
/* size bytes, aligned for any type, not cleared. size 0 gives a valid pointer, too. */
static inline void *arena_alloc(struct arena *a, size_t size)
{
    /* The free room is a multiple of the alignment; before the first block there is none. */
    if (size >= (size_t)(a->end - a->free))
        return arena_alloc_block(a, size);
    void *p = a->free;
    a->free += (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    return p;
}
/* Slow path of arena_calloc(). */
void *arena_calloc_array(struct arena *a, size_t count, size_t size);
/* Likewise, cleared. What is small and of a known size is cleared without a call: mostly it is one struct. */
static inline __attribute__((always_inline)) void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    enum { SMALL_BYTES = 160 };
    const bool small = __builtin_constant_p(count * size) && count <= SMALL_BYTES && count * size <= SMALL_BYTES;
    return small ? memset(arena_alloc(a, count * size), 0, count * size) : arena_calloc_array(a, count, size);
}
/* Slow path of arena_grow(). */
void *arena_grow_array(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_bytes);
/* Makes room for one more item in an array of count items: returns the array, or a larger
 * one with the same items. Begin with NULL and a capacity of 0; new room is not cleared. */
static inline void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    return __builtin_expect(count < *capacity, 1) ? items : arena_grow_array(a, items, count, capacity, item_bytes);
}
/* A NUL-terminated copy of n bytes. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL gives NULL */
/* A NUL-terminated copy, ASCII letters in lower case. */
char *arena_lower(struct arena *a, struct span s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A string that grows inside an arena; a NUL always follows its n bytes. */
struct strbuf {
    struct arena *arena;
    char *s;
    size_t n, capacity;
};
void strbuf_init(struct strbuf *b, struct arena *a);
void strbuf_reserve(struct strbuf *b, size_t more); /* room for so many bytes and the NUL */
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
