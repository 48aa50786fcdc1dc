/* SPDX-License-Identifier: MIT */
/*
 * word_search.c - see word_search.h.
 *
 * In: a table of words, and a text. Out: the first word of the table that occurs
 * in the text.
 */
#include "base/word_search.h"
#include "base/chunk.h"

/* The pairs that end with the bytes of the chunk at s: WORD_PAIR() of all of them at once. */
static uint64_t chunk_pairs(const char *s)
{
    const chunk before = chunk_load(s - 1) & chunk_of(31), last = chunk_load(s) & chunk_of(31);
    const chunk twice = before + before, four = twice + twice;
    char at[CHUNK];
    chunk_store(at, (four + four + before + last) & chunk_of(63));
    uint64_t pairs = 0;
#pragma GCC unroll 16
    for (size_t i = 0; i < CHUNK; i++)
        pairs |= UINT64_C(1) << at[i];
    return pairs;
}

uint64_t word_pairs(struct span t)
{
    uint64_t pairs = 0;
    size_t i = 1;
    for (; i < t.n && t.n - i >= CHUNK; i += CHUNK)
        pairs |= chunk_pairs(t.s + i);
    if (i < t.n && t.n > CHUNK) /* the rest, and some of them again */
        return pairs | chunk_pairs(t.s + t.n - CHUNK);
    for (; i < t.n; i++)
        pairs |= WORD_PAIR(t.s[i - 1], t.s[i]);
    return pairs;
}

uint64_t word_pairs_unspaced(struct span t)
{
    uint64_t pairs = 0;
    for (size_t i = 1; i < t.n; i++)
        if (t.s[i - 1] != ' ' && t.s[i] != ' ')
            pairs |= WORD_PAIR(t.s[i - 1], t.s[i]);
    return pairs;
}

const struct search_word *word_search(const struct search_word *words, struct span t, uint64_t pairs)
{
    for (const struct search_word *w = words; w->text.n; w++)
        if (!(w->pairs & ~pairs) && span_find_word(t, w->text))
            return w;
    return NULL;
}
