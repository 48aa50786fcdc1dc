/* SPDX-License-Identifier: MIT */
/* render_line.h - one line of text, in columns that fit the terminal. */
#ifndef CLI_RENDER_RENDER_LINE_H
#define CLI_RENDER_RENDER_LINE_H

#include "bounce.h"
#include "crosswalk/crosswalk.h"
#include "output/output.h"

struct text_style {
    bool colour, explain, trace, quiet;
    bool with_source;           /* lines begin with the file and the number of the message */
    bool of_lines;              /* the input is a log or events: what begins where its file does is not all of it */
    const struct crosswalk *as; /* lines name the verdict as another system does; NULL: none */
    size_t columns;             /* lines fit into that many; 0: nothing is cut */
};

/* "inbox.mbox:7: ", if that is wanted; returns its columns. */
size_t render_source(struct output *o, const bounce_source *source, const struct text_style *style);
/* All that is said of one recipient, on one line; on two, where the address leaves no room. */
void render_recipient_line(struct output *o, const bounce_report *report, const bounce_recipient *r,
                           const bounce_source *source, const struct text_style *style);

#endif
