/* SPDX-License-Identifier: MIT */
/* written_date.h - days as people write them in a text: "Monday 3 March", "14.07.", "le 17 août 2024", "8月16日". */
#ifndef BOUNCE_READING_WRITTEN_DATE_H
#define BOUNCE_READING_WRITTEN_DATE_H

#include "match/word_lists.h"

#include <stdint.h>

struct written_date {
    size_t start, end;  /* in the text */
    int64_t year;       /* 0: not stated */
    int64_t month, day; /* as stated; where the order is ambiguous, as if the day came first */
    bool open_order;    /* "03/04": the words around it must decide */
};

/* Finds the next day in a folded text (text/normal.h), at or after *pos, and moves *pos to its end. Whether the
 * calendar has such a day is not checked. False if there is none. */
bool written_date_next(const struct word_lists *words, struct span text, size_t *pos, struct written_date *out);

/* The first of the words of a list that is in a folded text as a whole word; *at, which may be NULL: where. */
const struct search_word *whole_word_find(const struct word_lists *words, enum word_list list, struct span text,
                                          size_t *at);

#endif
