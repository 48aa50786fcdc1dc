/* SPDX-License-Identifier: MIT */
/*
 * literals.h - finds all occurrences of many literals in a text, in one pass.
 *
 * The search examines only every second byte of a text. Each literal is indexed
 * under two windows of 8 bytes that begin at neighbouring bytes, so that one of
 * them begins at an even position wherever the literal occurs; the two are
 * chosen to be rare. A bitmap of their first 4 bytes rules out most positions, a
 * second one of whole windows nearly all others; what passes is compared in
 * full. Literals of up to 8 bytes are indexed under 3 or 4 of their bytes. The
 * cost depends on the length of the text, and hardly on the number of literals.
 */
#ifndef BOUNCE_BASE_LITERALS_H
#define BOUNCE_BASE_LITERALS_H

#include "base/span.h"

#include <stdint.h>

struct literal {
    uint32_t text;        /* offset in texts of its folded text */
    uint32_t first_owner; /* in owners */
    uint32_t length, owner_count;
};

/* What a literal is indexed under depends on its length: two windows (long); two
 * grams of 4 bytes (middle); its first 3 bytes (short). */
enum literal_kind { LITERAL_LONG, LITERAL_MIDDLE, LITERAL_SHORT, LITERAL_KINDS };
enum { LITERAL_WINDOW_BYTES = 8, LITERAL_GRAM_BYTES = 4, LITERAL_SHORT_BYTES = 3 };
enum { LITERAL_PADDING_BYTES = 24 }; /* read after a text */

struct literal_entry {
    uint64_t window;  /* long: the bytes from `at` on, the first one lowest; else the whole literal, then zeros */
    uint64_t tail;    /* long: the last bytes, in which most literals with the same window differ; else a mask
                         of the bytes of window that belong to the literal */
    uint32_t literal; /* index in items */
    uint16_t at;      /* offset in the literal of what it is indexed under */
    uint16_t length;  /* of the literal */
};

struct literal_table {
    const struct literal_entry *entries; /* in the order of their buckets */
    const uint32_t *buckets;             /* where each of 1 << bucket_bits begins in entries, then the end */
    uint32_t count, bucket_bits;
};

struct literal_bitmap {
    const uint64_t *words;
    uint32_t bits; /* it has 1 << bits bits */
};

/* The index of a set of literals. All of it is constant, so that it can be built
 * when the library is compiled. */
struct literals {
    const char *texts;           /* of all literals, one after the other, each with a NUL */
    const struct literal *items; /* in the order of their texts */
    const uint32_t *owners;      /* those of the first literal, then those of the next ... */
    struct literal_table tables[LITERAL_KINDS];
    struct literal_bitmap places;  /* by gram: where anything may begin */
    struct literal_bitmap windows; /* by window: where a long literal has one */
    struct literal_bitmap others;  /* by gram, hashed again: where a middle or short literal may occur */
    struct literal_bitmap shorts;  /* by the first 3 bytes of short literals */
    const uint32_t *pairs;         /* indexes of the literals of 2 bytes */
    uint32_t count, owner_count, pair_count;
};
enum { LITERAL_BYTES_MIN = 2 };

/* An occurrence: the literal's index in items, and where it begins. */
struct literal_hit {
    uint32_t literal, start;
};
/* Passes all hits to take, several at a time; those of one literal come in the
 * order of the text. The text must be followed by LITERAL_PADDING_BYTES zeros. */
typedef void literal_hits_fn(void *data, const struct literal_hit *hits, size_t count);
void literals_scan(const struct literals *l, const char *text, size_t length, literal_hits_fn *take, void *data);

/* Shared by building and searching. Numbers are put together from bytes by
 * shifting, so that an index built on one machine fits another. */
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

/* Fibonacci hashing: the upper bits are the best mixed. In 32 bits, so that vectors can do it. */
#define LITERAL_GRAM_FACTOR UINT32_C(0x9e3779b1)
static inline uint32_t literal_hash_gram(uint32_t gram, uint32_t bits)
{
    return (gram * LITERAL_GRAM_FACTOR) >> (32 - bits);
}

/* A second number, which tells apart grams that share the first: for the bitmap that is asked where the first one held
 * something. */
static inline uint32_t literal_hash_other(uint32_t gram, uint32_t bits)
{
    return literal_hash_gram(gram * LITERAL_GRAM_FACTOR, bits);
}

static inline uint32_t literal_hash_window(uint64_t window, uint32_t bits)
{
    return literal_hash_gram((uint32_t)window * LITERAL_GRAM_FACTOR + (uint32_t)(window >> 32), bits);
}

#endif
