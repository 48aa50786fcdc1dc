/* SPDX-License-Identifier: MIT */
/*
 * literals.h - which literals of many stand in a text, and where, in one pass.
 *
 * Only every second byte of a text is looked at: each literal is entered under
 * two grams of 4 bytes that follow each other, one of which begins at an even
 * place wherever the literal stands. Those two are chosen to be rare. A bitmap
 * answers for nearly every place that no gram begins there; what passes is
 * compared in full. The cost for a text depends on its length, and hardly on
 * the number of literals.
 */
#ifndef BOUNCE_LITERALS_H
#define BOUNCE_LITERALS_H

#include "arena.h"

struct literal {
    uint32_t text;        /* offset of its text, folded, in texts */
    uint32_t first_owner; /* in owners */
    uint16_t length, owner_count;
};

/* One of the entries of a literal. */
struct literal_gram {
    uint32_t gram;    /* its bytes, the first one lowest; of a short literal: its first 3 bytes */
    uint32_t tail;    /* the last 4 bytes of the literal: most that have the gram do not have these; short: 0 */
    uint32_t literal; /* index in items */
    uint16_t at;      /* offset of the gram in the literal */
    uint16_t length;  /* of the literal */
};

/* All const data: it can be made at build time. */
struct literals {
    const char *texts;                /* of all literals, one behind the other, each with a NUL */
    const struct literal *items;      /* in the order of their texts */
    const uint32_t *owners;           /* of the first literal, then those of the next ... */
    const struct literal_gram *grams; /* in the order of their buckets */
    const uint32_t *buckets;          /* 1 << bucket_bits of them, and one: where each begins in grams */
    const uint64_t *bitmap;           /* 1 << bitmap_bits bits */
    const uint32_t *pairs;            /* indexes of the literals of 2 bytes */
    uint32_t count, owner_count, gram_count, pair_count, bucket_bits, bitmap_bits;
    uint32_t shortest;                /* bytes of the shortest literal */
    uint32_t short_bits[8];           /* of the literals of up to 4 bytes: which may begin with a gram of 3 */
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
/* Everything in a. */
const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count);

/* Calls hit for each place where a literal stands: its index in items, and
 * where it begins. Those of one literal come in order, from the front. */
typedef void literal_hit_fn(void *data, uint32_t literal, size_t start);
void literals_scan(const struct literals *l, const char *text, size_t length, literal_hit_fn *hit, void *data);
/* True for words that most reports hold, in any case: to find one tells little. */
bool literal_is_ordinary(struct span text);

#endif
