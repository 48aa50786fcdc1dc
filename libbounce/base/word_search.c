/* SPDX-License-Identifier: MIT */
/*
 * word_search.c - see word_search.h.
 *
 * In: a table of words, and a text. Out: the first word of the table that occurs
 * in the text.
 */
#include "base/word_search.h"

uint64_t word_pairs(struct span t)
{
    uint64_t pairs = 0;
    unsigned before = t.n ? (unsigned char)t.s[0] & 31u : 0;
    for (size_t i = 1; i < t.n; i++) {
        const unsigned letter = (unsigned char)t.s[i] & 31u;
        pairs |= WORD_PAIR(before, letter);
        before = letter;
    }
    return pairs;
}

const struct search_word *word_search(const struct search_word *words, struct span t, uint64_t pairs)
{
    for (const struct search_word *w = words; w->text.n; w++)
        if (!(w->pairs & ~pairs) && span_find_word(t, w->text))
            return w;
    return NULL;
}
