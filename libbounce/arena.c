/* SPDX-License-Identifier: MIT */
/* arena.c - see arena.h. */
#include "arena.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 32768, KEPT_BLOCK_BYTES = 1 << 20, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ALIGNMENT) char bytes[];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

static void free_chain(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;
        g_free(b);
        b = next;
    }
}

/* Of several blocks the last and largest stays, so that the next of many texts
 * of one size finds room in one. */
void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->first;
    while (kept && kept->next && kept->next->size <= KEPT_BLOCK_BYTES) {
        struct arena_block *next = kept->next;
        g_free(kept);
        kept = next;
    }
    if (kept) {
        free_chain(kept->next);
        kept->next = NULL;
    }
    a->first = a->current = kept;
    a->used = 0;
}

void arena_free(struct arena *a)
{
    free_chain(a->first);
    *a = (struct arena){0};
}

/* Slow path of arena_alloc: a new block that holds at least size bytes. */
static void add_block(struct arena *a, size_t size)
{
    size_t bytes = a->current ? a->current->size * 2 : FIRST_BLOCK_BYTES;
    if (bytes > (1u << 22))
        bytes = 1u << 22;
    if (bytes < size)
        bytes = size;
    struct arena_block *b = g_malloc(sizeof *b + bytes);
    b->next = NULL;
    b->size = bytes;
    if (a->current)
        a->current->next = b;
    else
        a->first = b;
    a->current = b;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        g_error("arena: %zu bytes asked for", size);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!a->current || a->current->size - a->used < size)
        add_block(a, size);
    void *p = a->current->bytes + a->used;
    a->used += size;
    return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        g_error("arena: %zu times %zu bytes asked for", count, size);
    void *p = arena_alloc(a, count * size);
    memset(p, 0, count * size);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = n < 0 ? 1 : (size_t)n + 1;
    char *s = arena_alloc(a, size);
    s[0] = '\0';
    vsnprintf(s, size, format, again);
    va_end(again);
    return s;
}

void strbuf_init(struct strbuf *b, struct arena *a)
{
    *b = (struct strbuf){.arena = a};
    strbuf_reserve(b, 0);
    b->s[0] = '\0';
}

void strbuf_reserve(struct strbuf *b, size_t more)
{
    if (b->s && b->capacity - b->n > more)
        return;
    size_t capacity = b->capacity ? b->capacity * 2 : 64;
    if (capacity < b->n + more + 1)
        capacity = b->n + more + 1;
    /* The newest allocation of the arena can grow in its place. */
    size_t rounded = (b->capacity + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct arena *a = b->arena;
    if (b->s && a->current && b->s + rounded == a->current->bytes + a->used) {
        size_t start = a->used - rounded, want = (capacity + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
        if (a->current->size - start >= want) {
            a->used = start + want;
            b->capacity = capacity;
            return;
        }
    }
    char *s = arena_alloc(a, capacity);
    if (b->n)
        memcpy(s, b->s, b->n);
    s[b->n] = '\0';
    b->s = s;
    b->capacity = capacity;
}

void strbuf_add(struct strbuf *b, const char *s, size_t n)
{
    strbuf_reserve(b, n);
    if (n)
        memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

void strbuf_puts(struct strbuf *b, const char *s)
{
    strbuf_add(b, s, strlen(s));
}

void strbuf_putc(struct strbuf *b, char c)
{
    strbuf_add(b, &c, 1);
}

void strbuf_putu(struct strbuf *b, uint32_t code_point)
{
    char bytes[6];
    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
        code_point = 0xfffd;
    int n = g_unichar_to_utf8(code_point, bytes);
    strbuf_add(b, bytes, (size_t)n);
}
