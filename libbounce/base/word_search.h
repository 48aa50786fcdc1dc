/* SPDX-License-Identifier: MIT */
/*
 * word_search.h - the first of many words that occurs in a text, ignoring case.
 *
 * Most words do not occur, and most of these need no search: a text that holds a
 * word holds every pair of its neighbouring letters, too. Pairs are bits of one
 * number, which the compiler works out for the words and word_pairs() for a text.
 */
#ifndef BOUNCE_BASE_WORD_SEARCH_H
#define BOUNCE_BASE_WORD_SEARCH_H

#include "base/span.h"

#include <stdint.h>

struct search_word {
    struct span text;
    uint64_t pairs; /* of its first nine letters */
};

// clang-format off
/* The bit of two neighbours. Five bits of each tell letters apart, whatever their case. */
#define WORD_PAIR(a, b) (UINT64_C(1) << ((((unsigned char)(a) & 31u) * 9u + ((unsigned char)(b) & 31u)) & 63u))

#define WORD_BYTE(z, i) ((z)[(i) < sizeof(z) ? (i) : 0])
#define WORD_PAIR_AT(z, i) ((i) + 2 < sizeof(z) ? WORD_PAIR(WORD_BYTE(z, i), WORD_BYTE(z, (i) + 1)) : 0)

/* One word of a table, which WORD_END ends. */
#define WORD(z) {SPAN(z), WORD_PAIR_AT(z, 0) | WORD_PAIR_AT(z, 1) | WORD_PAIR_AT(z, 2) | WORD_PAIR_AT(z, 3) | \
                          WORD_PAIR_AT(z, 4) | WORD_PAIR_AT(z, 5) | WORD_PAIR_AT(z, 6) | WORD_PAIR_AT(z, 7)}
#define WORD_END {{NULL, 0}, 0}
// clang-format on

/* All pairs of neighbours in t. */
uint64_t word_pairs(struct span t);

/* The first of the words, in the order of their table, that occurs in t; NULL if none
 * does. pairs are those of t, or of a text that t is part of. */
const struct search_word *word_search(const struct search_word *words, struct span t, uint64_t pairs);

#endif
