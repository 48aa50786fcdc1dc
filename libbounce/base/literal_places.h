/* SPDX-License-Identifier: MIT */
/* literal_places.h - where in a block of a text a literal may be. Private to literals.c. */
#ifndef BOUNCE_BASE_LITERAL_PLACES_H
#define BOUNCE_BASE_LITERAL_PLACES_H

#include "base/literals.h"

/* The lists of a block of this size fit into the first-level cache. */
enum { LITERAL_BLOCK_BYTES = 512, LITERAL_PLACES_MAX = LITERAL_BLOCK_BYTES / 2 };

/* Even positions in a block, in order. One more than fits may be written before it is rejected. */
struct place_list {
    size_t count;
    uint16_t at[LITERAL_PLACES_MAX + 1];
};
struct literal_places {
    struct place_list windows; /* that hold the window of a long literal, almost certainly */
    struct place_list others;  /* around which another literal may occur */
};

static inline bool literal_has_bit(const uint64_t *words, uint32_t i)
{
    return (words[i >> 6] & (uint64_t)1 << (i & 63)) != 0;
}

static inline bool literal_has_gram(struct literal_bitmap b, uint32_t gram)
{
    return literal_has_bit(b.words, literal_hash_gram(gram, b.bits));
}

/* Fills the lists for a block of n bytes, followed by LITERAL_PADDING_BYTES more. */
typedef void literal_places_fn(const struct literals *l, const char *block, size_t n, struct literal_places *places);
/* One position after the other: for processors without AVX2, and for tests. */
literal_places_fn literal_places_find_narrow;
/* The fastest one that this processor can run. */
literal_places_fn *literal_places_finder(void);

#endif
