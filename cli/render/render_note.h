/* SPDX-License-Identifier: MIT */
/* render_note.h - a verdict explained as a postmaster would. */
#ifndef CLI_RENDER_RENDER_NOTE_H
#define CLI_RENDER_RENDER_NOTE_H

#include "render/render_line.h"

/* Below the line of a recipient: what happened, who says so, why it was judged so, what else was considered, what to
 * do; with style->trace all texts that were looked at, too. */
void render_note(struct output *o, const bounce_report *report, const bounce_recipient *r,
                 const struct text_style *style);

/* Words up to a column, then on a new line with so much indentation, and the end of the line. Those that are wider than
 * a line stay whole: they may be addresses. used: columns of this line; 0: it is empty, and the indentation comes
 * first. */
void render_words(struct output *o, const char *text, size_t used, size_t indent, size_t columns);
/* A text with spaces before it, on lines that fit the terminal; where there is none, on one. */
void render_indented(struct output *o, const char *text, size_t indent, const struct text_style *style);
/* Those of the terminal, or 80; 40 at least. */
size_t render_columns(const struct text_style *style);

#endif
