/* SPDX-License-Identifier: MIT */
/*
 * word_index.h - which of many words begins at a place of a text.
 *
 * For a search that goes through a text once, whatever the number of the words. They
 * are compared as bytes: text and words must be folded in the same way.
 */
#ifndef BOUNCE_BASE_WORD_INDEX_H
#define BOUNCE_BASE_WORD_INDEX_H

#include "base/arena.h"
#include "base/word_search.h"

struct indexed_word {
    struct span text;
    uint32_t list; /* which of the lists has it */
};

enum { WORD_BUCKETS = 512, WORD_BUCKET_BYTES = 3 };
struct word_index {
    uint16_t first[WORD_BUCKETS + 1]; /* by word_bucket(): the words of a bucket */
    const struct indexed_word *words;
};

static inline unsigned word_bucket(const char *s)
{
    return ((unsigned char)s[0] * 7u + (unsigned char)s[1] * 31u + (unsigned char)s[2] * 67u) % WORD_BUCKETS;
}

/* From lists that end with an empty word each; they are numbered from 0. Words of fewer than WORD_BUCKET_BYTES
 * are left out, and so are those beyond 65,535. In a; the texts are those of the lists. */
void word_index_build(struct word_index *index, struct arena *a, const struct search_word *const *lists,
                      size_t list_count);

/* The longest word that begins at offset i of t; NULL if there is none. */
static inline const struct indexed_word *word_index_at(const struct word_index *index, struct span t, size_t i)
{
    if (t.n - i < WORD_BUCKET_BYTES)
        return NULL;
    unsigned bucket = word_bucket(t.s + i);
    const struct indexed_word *end = index->words + index->first[bucket + 1];
    const struct indexed_word *longest = NULL;
    for (const struct indexed_word *w = index->words + index->first[bucket]; w < end; w++)
        if (w->text.n <= t.n - i && t.s[i + w->text.n - 1] == w->text.s[w->text.n - 1] &&
            (!longest || w->text.n > longest->text.n) && !memcmp(w->text.s, t.s + i, w->text.n))
            longest = w;
    return longest;
}

#endif
