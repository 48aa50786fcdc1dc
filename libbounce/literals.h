/* SPDX-License-Identifier: MIT */
/*
 * literals.h - which literals of many stand in a text, in one pass.
 *
 * Each literal is entered under one gram: 4 of its bytes (3 or 2 if it has no
 * more), chosen to be rare. A bitmap answers for nearly every position of a
 * text that no gram begins there; what passes is compared in full. The cost
 * for a text depends on its length, and hardly on the number of literals.
 */
#ifndef BOUNCE_LITERALS_H
#define BOUNCE_LITERALS_H

#include "arena.h"

struct literal {
    uint32_t text;  /* offset of its text, folded, in texts */
    uint32_t gram;  /* its bytes, the first one lowest; below 1 << 24: of fewer than 4 */
    uint32_t tail;  /* its last 4 bytes, 0 if it has fewer: most that have the gram do not have these */
    uint32_t owner; /* what is told of a hit */
    uint16_t length;
    uint16_t gram_at; /* offset of the gram in text */
};

/* All const data: it can be made at build time. */
struct literals {
    const char *texts;           /* of all literals, one behind the other: one pointer instead of
                                    thousands that the dynamic linker would have to adjust */
    const struct literal *items; /* in the order of their buckets */
    const uint32_t *buckets;     /* 1 << bucket_bits of them, and one: where each begins in items */
    const uint64_t *bitmap;      /* 1 << bitmap_bits bits */
    uint32_t count, bucket_bits, bitmap_bits;
    uint32_t shortest; /* bytes of the shortest gram */
};

/* What goes in: texts that all stand in whatever the owner is looking for, so
 * that the one that is the easiest to tell from ordinary text is enough. One
 * of them has at least 2 bytes, none more than 65535. */
struct literal_source {
    const char *const *texts;
    size_t text_count;
    uint32_t owner;
};
/* Everything in a. */
const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count);

/* Calls hit for each place where a literal stands; one owner may come often. */
typedef void literal_hit_fn(void *data, uint32_t owner);
void literals_scan(const struct literals *l, const char *text, size_t length, literal_hit_fn *hit, void *data);
/* True for words that most reports hold, in any case: to find one tells little. */
bool literal_is_ordinary(struct span text);

#endif
