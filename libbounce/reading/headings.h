/* SPDX-License-Identifier: MIT */
/* headings.h - lines that say what happened to the list of recipients below them. */
#ifndef BOUNCE_READING_HEADINGS_H
#define BOUNCE_READING_HEADINGS_H

#include "reading/blocks.h"

/* Gives each block the heading that it is under, and ends the block before the next heading. */
void headings_find(struct reading *rd, struct block *blocks, size_t count);

/* Whether a rule finds a reason in a text, and in these lines. */
bool headings_reason_in(struct reading *rd, struct span text);
bool headings_give_reason(struct reading *rd, const struct line_range *lines);

/* The line below i, before last, that begins a section about all recipients: a transcript; last: none does. */
size_t headings_section_end(const struct reading *rd, size_t i, size_t last);

#endif
