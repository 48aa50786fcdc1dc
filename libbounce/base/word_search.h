/* SPDX-License-Identifier: MIT */
/*
 * word_search.h - the first of many words that occurs in a text, ignoring case.
 *
 * Most words do not occur, and most of these need no search: a text that holds a
 * word holds every pair of its neighbouring letters, too. Pairs are bits of one
 * number, kept with each word, and worked out for a text when first needed.
 */
#ifndef BOUNCE_BASE_WORD_SEARCH_H
#define BOUNCE_BASE_WORD_SEARCH_H

#include "base/span.h"

#include <stdint.h>

struct search_word {
    struct span text;
    uint64_t pairs; /* word_pairs() of it, or some of them */
};
/* An array of words ends with one without a text. */

// clang-format off
/* The bit of two neighbours. Five bits of each tell letters apart, whatever their case. */
#define WORD_PAIR(a, b) (UINT64_C(1) << ((((unsigned char)(a) & 31u) * 9u + ((unsigned char)(b) & 31u)) & 63u))
// clang-format on

/* All pairs of neighbours in t. */
uint64_t word_pairs(struct span t);

/* The pairs without a space, for a text that may be written with other blanks. */
uint64_t word_pairs_unspaced(struct span t);

static inline struct search_word search_word_of(struct span text)
{
    return (struct search_word){text, word_pairs(text)};
}

/* The first of the words, in the order of their table, that occurs in t; NULL if none
 * does. pairs are those of t, or of a text that t is part of; UINT64_MAX: not known. */
const struct search_word *word_search(const struct search_word *words, struct span t, uint64_t pairs);

/* The first of the words with which t begins, with which it ends, or which is all of t; NULL: none. */
static inline const struct search_word *word_at_start(const struct search_word *words, struct span t)
{
    for (; words->text.n; words++)
        if (span_starts_with(t, words->text))
            return words;
    return NULL;
}
static inline const struct search_word *word_at_end(const struct search_word *words, struct span t)
{
    for (; words->text.n; words++)
        if (span_ends_with(t, words->text))
            return words;
    return NULL;
}
static inline const struct search_word *word_alone(const struct search_word *words, struct span t)
{
    for (; words->text.n; words++)
        if (span_same_nocase(t, words->text))
            return words;
    return NULL;
}

#endif
