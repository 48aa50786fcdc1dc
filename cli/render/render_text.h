/* SPDX-License-Identifier: MIT */
/* render_text.h - lines for people. */
#ifndef CLI_RENDER_RENDER_TEXT_H
#define CLI_RENDER_RENDER_TEXT_H

#include "render/filter.h"
#include "render/render_line.h"
#include "render/totals.h"

void render_text_report(struct output *o, const bounce_report *report, const bounce_source *source,
                        const struct selection *filter, const struct text_style *style);
/* To standard error. noun: what was classified, such as "replies"; NULL: messages. */
void render_text_totals(const struct totals *t, const char *noun);

#endif
