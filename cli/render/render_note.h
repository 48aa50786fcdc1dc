/* SPDX-License-Identifier: MIT */
/* render_note.h - a verdict explained as a postmaster would. */
#ifndef CLI_RENDER_RENDER_NOTE_H
#define CLI_RENDER_RENDER_NOTE_H

#include "render/render_line.h"

/* Below the line of a recipient: what happened, who says so, why it was judged so, what else was considered, what to
 * do; with style->trace all texts that were looked at, too. */
void render_note(struct output *o, const bounce_report *report, const bounce_recipient *r,
                 const struct text_style *style);

#endif
