/* SPDX-License-Identifier: MIT */
/* render_note.h - a verdict explained as a postmaster would. */
#ifndef CLI_RENDER_RENDER_NOTE_H
#define CLI_RENDER_RENDER_NOTE_H

#include "render/render_line.h"

/* Writes below the line of a recipient: what happened, who says so, why it was judged so, what else was considered,
 * what to do; with style->trace also all texts that were examined. */
void render_note(struct output *o, const bounce_report *report, const bounce_recipient *r,
                 const struct text_style *style);

/* Writes words up to a column, then on a new line with this much indentation, and ends the line. A word wider than a
 * line stays whole, since it may be an address. used: columns already used on this line; 0: it is empty, and begins
 * with the indentation. */
void render_words(struct output *o, const char *text, size_t used, size_t indent, size_t columns);
/* Writes a text with indentation, on lines that fit the terminal; without a terminal, on one line. */
void render_indented(struct output *o, const char *text, size_t indent, const struct text_style *style);
/* The columns of the terminal, at least 40; 80 if there is none. */
size_t render_columns(const struct text_style *style);

#endif
