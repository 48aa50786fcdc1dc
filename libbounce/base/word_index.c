/* SPDX-License-Identifier: MIT */
/*
 * word_index.c - see word_index.h.
 *
 * In: lists of words. Out: all of them in buckets by their first three bytes. Left out: words that are too short for a
 * bucket.
 */
#include "base/word_index.h"

static size_t count_words(const struct search_word *const *lists, size_t list_count, uint16_t *counts)
{
    size_t all = 0;
    for (size_t l = 0; l < list_count; l++)
        for (const struct search_word *w = lists[l]; w->text.n && all < UINT16_MAX; w++)
            if (w->text.n >= WORD_BUCKET_BYTES) {
                counts[word_bucket(w->text.s)]++;
                all++;
            }
    return all;
}

void word_index_build(struct word_index *index, struct arena *a, const struct search_word *const *lists,
                      size_t list_count)
{
    uint16_t counts[WORD_BUCKETS] = {0};
    size_t left = count_words(lists, list_count, counts), from = 0;
    struct indexed_word *words = arena_alloc(a, (left + 1) * sizeof *words);
    for (size_t bucket = 0; bucket < WORD_BUCKETS; bucket++) {
        index->first[bucket] = (uint16_t)from;
        from += counts[bucket];
        counts[bucket] = 0;
    }
    index->first[WORD_BUCKETS] = (uint16_t)from;
    index->words = words;
    for (size_t l = 0; l < list_count; l++)
        for (const struct search_word *w = lists[l]; w->text.n && left; w++)
            if (w->text.n >= WORD_BUCKET_BYTES) {
                unsigned bucket = word_bucket(w->text.s);
                words[index->first[bucket] + counts[bucket]++] = (struct indexed_word){w->text, (uint32_t)l};
                left--;
            }
}
