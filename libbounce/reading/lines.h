/* SPDX-License-Identifier: MIT */
/* lines.h - the text of the report as lines, and what the returned message shows. */
#ifndef BOUNCE_READING_LINES_H
#define BOUNCE_READING_LINES_H

#include "reading/reading.h"

/* Fills lines, text, norm, text_original; once, however often it
 * is called. */
void reading_prepare_text(struct reading *rd);
/* Once the writer is known: text and norm end where the returned message begins by its dialect. */
void reading_end_text(struct reading *rd);
/* The pairs of letters (base/word_search.h) of a line, and so of everything in it. */
static inline uint64_t reading_line_pairs(struct text_line *l)
{
    return l->pairs ? l->pairs : (l->pairs = word_pairs(l->s));
}
/* ... if they are known: computing them does not pay for a few words. */
static inline uint64_t reading_known_pairs(const struct text_line *l)
{
    return l->pairs ? l->pairs : UINT64_MAX;
}
/* The returned message's header field, from its part or from the text; decoded
 * (in scratch), or NULL. */
char *reading_original(struct reading *rd, const char *name);

#endif
