/* SPDX-License-Identifier: MIT */
/* render_text.h - lines for people. */
#ifndef CLI_RENDER_RENDER_TEXT_H
#define CLI_RENDER_RENDER_TEXT_H

#include "output/output.h"
#include "render/totals.h"

struct text_style {
    bool colour, explain, trace;
    size_t columns; /* lines are cut there; 0: never */
};

/* source is shown where the reading is traced. */
void render_text_report(struct output *o, const bounce_report *report, const bounce_source *source,
                        const struct text_style *style);
/* noun: what was classified, such as "replies"; NULL: messages. */
void render_text_totals(struct output *o, const struct totals *t, const char *noun);

#endif
