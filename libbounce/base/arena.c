/* SPDX-License-Identifier: MIT */
/*
 * arena.c - memory in blocks; see arena.h.
 *
 * In: sizes. Out: memory from the current block, or from a new one that is as large as all blocks before it together.
 * Refused, by the arena's way out or by ending the process: sizes for which there is no memory.
 */
#include "base/arena.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    USUAL_FIRST_BYTES = 32768,      /* the first block, unless arena_init_small() says otherwise */
    BLOCK_BYTES_MAX = 4 << 20,      /* a block is larger only for a single allocation */
    KEPT_BLOCK_BYTES_MAX = 1 << 20, /* of the block that arena_reset() keeps */
};

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ARENA_ALIGNMENT) char bytes[];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_init_small(struct arena *a, size_t first_bytes)
{
    *a = (struct arena){.first_bytes = first_bytes};
}

static void use_block(struct arena *a, struct arena_block *b)
{
    a->current = b;
    a->free = b->bytes;
    a->end = b->bytes + b->size;
}

static void free_chain(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;
        g_free(b);
        b = next;
    }
}

/* The last and largest block, without the ones before it, and without those that are too large to be kept. */
static struct arena_block *last_block(struct arena_block *kept)
{
    while (kept->next && kept->next->size <= KEPT_BLOCK_BYTES_MAX) {
        struct arena_block *next = kept->next;
        g_free(kept);
        kept = next;
    }
    free_chain(kept->next);
    kept->next = NULL;
    return kept;
}

/* One block in place of several; NULL: there is no memory for it, or it would be too large to keep. */
static struct arena_block *block_for_all(struct arena_block *first)
{
    size_t bytes = 0;
    for (const struct arena_block *b = first; b; b = b->next)
        bytes += b->size;
    struct arena_block *all = bytes <= KEPT_BLOCK_BYTES_MAX ? g_try_malloc(sizeof *all + bytes) : NULL;
    if (!all)
        return NULL;
    free_chain(first);
    all->next = NULL;
    all->size = bytes;
    return all;
}

/* Several blocks become one, so that the next text of about the same size fits into it. */
void arena_reset(struct arena *a)
{
    if (!a->first)
        return;
    struct arena_block *all = a->first->next ? block_for_all(a->first) : a->first;
    a->first = all ? all : last_block(a->first);
    use_block(a, a->first);
}

/* The block after the one that is used stays, for start_block(): what marks, allocates and rewinds at the end of a
 * block, again and again, asks the system once. */
static void keep_spare(struct arena_block *used)
{
    struct arena_block *spare = used->next;
    if (spare && spare->size > BLOCK_BYTES_MAX) {
        free_chain(spare);
        used->next = NULL;
    } else if (spare) {
        free_chain(spare->next);
        spare->next = NULL;
    }
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    if (!mark.block) { /* it was empty */
        arena_reset(a);
        return;
    }
    keep_spare(mark.block);
    use_block(a, mark.block);
    a->free = mark.free;
}

void arena_free(struct arena *a)
{
    free_chain(a->first);
    *a = (struct arena){.first_bytes = a->first_bytes, .exit = a->exit};
}

static size_t aligned(size_t size)
{
    return (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
}

/* Each block is as large as all blocks before it. */
static size_t next_block_bytes(const struct arena *a)
{
    if (a->current)
        return a->current == a->first ? a->current->size : a->current->size * 2;
    return a->first_bytes ? a->first_bytes : USUAL_FIRST_BYTES;
}

static _Noreturn void fail(const struct arena *a, size_t size)
{
    struct arena_exit *e = a->exit;
    if (!e || !e->open)
        g_error("arena: no memory for %zu bytes", size);
    if (e->held)
        e->release(e->held);
    e->held = NULL;
    e->open = false;
    longjmp(e->place, 1);
}

void arena_give_up(const struct arena *a)
{
    fail(a, 0);
}

/* The spare block becomes the one that is used, if there is one of this size. */
static bool use_spare(struct arena *a, size_t size)
{
    struct arena_block *spare = a->current ? a->current->next : NULL;
    if (!spare)
        return false;
    if (spare->size >= size) {
        use_block(a, spare);
        return true;
    }
    a->current->next = NULL;
    free_chain(spare);
    return false;
}

/* Starts a new block with room for at least size bytes. */
static void start_block(struct arena *a, size_t size)
{
    if (use_spare(a, size))
        return;
    size_t bytes = next_block_bytes(a);
    if (bytes > BLOCK_BYTES_MAX)
        bytes = BLOCK_BYTES_MAX;
    if (bytes < size)
        bytes = size;
    struct arena_block *b = g_try_malloc(sizeof *b + bytes);
    if (!b)
        fail(a, bytes);
    b->next = NULL;
    b->size = bytes;
    if (a->current)
        a->current->next = b;
    else
        a->first = b;
    use_block(a, b);
}

void *arena_alloc_block(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        fail(a, size);
    if (!a->current || size > (size_t)(a->end - a->free))
        start_block(a, aligned(size));
    void *p = a->free;
    a->free += aligned(size);
    return p;
}

static size_t array_bytes(const struct arena *a, size_t count, size_t item_bytes)
{
    if (item_bytes && count > SIZE_MAX / 2 / item_bytes)
        fail(a, SIZE_MAX);
    return count * item_bytes;
}

void *arena_calloc_array(struct arena *a, size_t count, size_t size)
{
    const size_t bytes = array_bytes(a, count, size);
    return memset(arena_alloc(a, bytes), 0, bytes);
}

/* Enlarges the newest allocation where it is, if its block has room; false if p is another one. */
static bool extend(struct arena *a, char *p, size_t bytes, size_t wanted)
{
    if (!p || p + aligned(bytes) != a->free || (size_t)(a->end - p) < aligned(wanted))
        return false;
    a->free = p + aligned(wanted);
    return true;
}

void *arena_grow_array(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    enum { FIRST_ITEMS = 16 };
    if (!*capacity) {
        *capacity = FIRST_ITEMS;
        return arena_alloc(a, FIRST_ITEMS * item_bytes);
    }
    const size_t wanted = array_bytes(a, *capacity, 2 * item_bytes);
    *capacity *= 2;
    if (extend(a, items, wanted / 2, wanted))
        return items;
    return memcpy(arena_alloc(a, wanted), items, count * item_bytes);
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

char *arena_lower(struct arena *a, struct span s)
{
    char *copy = arena_alloc(a, s.n + 1);
    bytes_lower(copy, s.s, s.n);
    copy[s.n] = '\0';
    return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    size_t room = (size_t)(a->end - a->free), size;
    va_start(args, format);
    int n = vsnprintf(a->free, room, format, args);
    va_end(args);
    size = n < 0 ? 1 : (size_t)n + 1;
    char *s = arena_alloc(a, size);
    if (n < 0) {
        s[0] = '\0';
    } else if (size > room) {
        va_start(args, format);
        vsnprintf(s, size, format, args);
        va_end(args);
    }
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
    if (!extend(b->arena, b->s, b->capacity, capacity)) {
        char *s = arena_alloc(b->arena, capacity);
        if (b->s)
            memcpy(s, b->s, b->n);
        s[b->n] = '\0';
        b->s = s;
    }
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

void strbuf_putu(struct strbuf *b, uint32_t code_point)
{
    char bytes[6];
    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
        code_point = 0xfffd;
    int n = g_unichar_to_utf8(code_point, bytes);
    strbuf_add(b, bytes, (size_t)n);
}
