/* SPDX-License-Identifier: MIT */
/*
 * word_lists.c - the lists of words of a set of rules.
 *
 * In: the words of its layers, with their pairs. Out: for each list one array for base/word_search.h, those of the
 * lowest layer first. Left out: words that a lower layer has already. Nothing is refused.
 */
#include "match/word_lists.h"

static struct search_word word_of(const struct layer *layer, const struct listed_word *w)
{
    return (struct search_word){span_of(layer->strings + w->text, w->length), w->pairs};
}

static bool is_there(const struct search_word *first, const struct search_word *end, struct span text)
{
    for (; first < end; first++)
        if (span_same_nocase(first->text, text))
            return true;
    return false;
}

/* Adds the words of one list of a layer after those of the layers below; returns the new end. */
static struct search_word *add_words(const struct layer *layer, size_t list, const struct search_word *first,
                                     struct search_word *end)
{
    if (!layer->word_lists)
        return end;
    const struct range range = layer->word_lists[list];
    const struct search_word *below = end;
    for (size_t i = 0; i < range.count; i++) {
        const struct search_word word = word_of(layer, &layer->words[range.first + i]);
        if (!is_there(first, below, word.text))
            *end++ = word;
    }
    return end;
}

void word_lists_fill(struct word_lists *lists, struct arena *a, const struct layer *const *layers, size_t layer_count)
{
    size_t count = WORDS_COUNT;
    for (size_t i = 0; i < layer_count; i++)
        count += layers[i]->word_count;
    struct search_word *next = arena_alloc(a, count * sizeof *next);
    for (size_t list = 0; list < WORDS_COUNT; list++) {
        lists->of[list] = next;
        for (size_t i = 0; i < layer_count; i++)
            next = add_words(layers[i], list, lists->of[list], next);
        *next++ = (struct search_word){.text = {NULL, 0}};
    }
    word_index_build(&lists->roles, a, lists->of + WORDS_SENDER_ROLE, WORDS_COUNT - WORDS_SENDER_ROLE);
}
