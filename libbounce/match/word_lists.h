/* SPDX-License-Identifier: MIT */
/*
 * word_lists.h - the lists of words that the stages of reading look for: `words`
 * in rule files. doc/rules.md says what each does; rules/word_keywords.c has
 * their names.
 */
#ifndef BOUNCE_MATCH_WORD_LISTS_H
#define BOUNCE_MATCH_WORD_LISTS_H

#include "base/word_index.h"
#include "base/word_search.h"
#include "match/tables.h"

/* The words of all layers of a set, those of the lowest first. */
struct word_lists {
    const struct search_word *of[WORDS_COUNT]; /* by enum word_list; each list ends with an empty word */
    struct word_index roles; /* of WORDS_SENDER_ROLE and the lists after it, which are numbered from there */
};

/* Fills *lists from layers, the lowest first. The arrays are in a; the texts are those of the layers. */
void word_lists_fill(struct word_lists *lists, struct arena *a, const struct layer *const *layers, size_t layer_count);

#endif
