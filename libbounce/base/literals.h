/* SPDX-License-Identifier: MIT */
/*
 * literals.h - which literals of many stand in a text, and where, in one pass.
 *
 * Only every second byte of a text is looked at: each literal is entered under
 * two windows of 8 bytes that follow each other, one of which begins at an even
 * place wherever the literal stands. Those two are chosen to be rare. A bitmap
 * of their first 4 bytes answers for most places that no window begins there, a
 * second one of whole windows for nearly all others; what passes is compared
 * in full. Literals of up to 8 bytes are entered under 3 or 4 of them. The cost
 * for a text depends on its length, and hardly on the number of literals.
 */
#ifndef BOUNCE_BASE_LITERALS_H
#define BOUNCE_BASE_LITERALS_H

#include "base/arena.h"

struct literal {
    uint32_t text;        /* offset of its text, folded, in texts */
    uint32_t first_owner; /* in owners */
    uint32_t length, owner_count;
};

/* Literals are entered by their length: under two windows; under the first 4
 * bytes of two, which are its grams; under their first 3 bytes. */
enum literal_kind { LITERAL_LONG, LITERAL_MIDDLE, LITERAL_SHORT, LITERAL_KINDS };
enum { LITERAL_WINDOW_BYTES = 8, LITERAL_GRAM_BYTES = 4, LITERAL_SHORT_BYTES = 3 };

struct literal_entry {
    uint64_t window;  /* of a long one: its bytes from `at` on, the first one lowest; else all of its bytes, and 0 */
    uint64_t tail;    /* of a long one: its last bytes, by which most that share a window differ; else the bits of
                         window that are its own */
    uint32_t literal; /* index in items */
    uint16_t at;      /* offset in the literal of what it is entered under */
    uint16_t length;  /* of the literal */
};

struct literal_table {
    const struct literal_entry *entries; /* in the order of their buckets */
    const uint32_t *buckets;             /* 1 << bucket_bits of them, and one: where each begins in entries */
    uint32_t count, bucket_bits;
};

struct literal_bitmap {
    const uint64_t *words;
    uint32_t bits; /* it has 1 << bits bits */
};

/* All const data: it can be made at build time. */
struct literals {
    const char *texts;           /* of all literals, one behind the other, each with a NUL */
    const struct literal *items; /* in the order of their texts */
    const uint32_t *owners;      /* of the first literal, then those of the next ... */
    struct literal_table tables[LITERAL_KINDS];
    struct literal_bitmap places;  /* by gram: where anything may begin */
    struct literal_bitmap windows; /* by window: where a long literal has one */
    struct literal_bitmap others;  /* by gram: where another literal may stand */
    struct literal_bitmap shorts;  /* by the first 3 bytes of short literals */
    const uint32_t *pairs;         /* indexes of the literals of 2 bytes */
    uint32_t count, owner_count, pair_count;
};

/* What goes in: texts that all stand in whatever the owner is looking for, so
 * that the one that is the easiest to tell from ordinary text is enough. One
 * of them has at least LITERAL_BYTES_MIN bytes, none more than 65535. */
enum { LITERAL_BYTES_MIN = 2 };
struct literal_source {
    const char *const *texts;
    size_t text_count;
    uint32_t owner;
};
/* Everything in a. sample is text, folded, of the kind that will be searched: what
 * stands there often is avoided. It may be empty; some is known anyway. */
const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count,
                                      struct span sample);

/* Where a literal stands: its index in items, and where it begins. */
struct literal_hit {
    uint32_t literal, start;
};
/* Calls take with all hits, some at a time. Those of one literal come in order,
 * from the front. Behind the text stand LITERAL_WINDOW_BYTES bytes that are 0. */
typedef void literal_hits_fn(void *data, const struct literal_hit *hits, size_t count);
void literals_scan(const struct literals *l, const char *text, size_t length, literal_hits_fn *take, void *data);
/* True for words that most reports hold, in any case: to find one tells little. */
bool literal_is_ordinary(struct span text);

/* What both need that build the index and that search. Numbers are put together
 * from bytes by shifting, so that an index made on one machine fits another. */
static inline uint64_t literal_window(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
           (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static inline uint32_t literal_gram(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The first 3 bytes of a gram. */
static inline uint32_t literal_short(uint32_t gram)
{
    return gram & 0xffffff;
}

/* Fibonacci hashing: the upper bits are the good ones. */
static inline uint32_t literal_hash_gram(uint32_t gram, uint32_t bits)
{
    return (gram * 0x9e3779b1u) >> (32 - bits);
}

static inline uint32_t literal_hash_window(uint64_t window, uint32_t bits)
{
    return (uint32_t)((window * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - bits));
}

#endif
