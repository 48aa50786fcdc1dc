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
    bool of_lines;              /* the input is a log or events: the first entry is not the whole file */
    const struct crosswalk *as; /* adds the verdict as another system names it; NULL: none */
    size_t columns;             /* the width of lines; 0: nothing is cut */
};

/* Writes "inbox.mbox:7: " if requested; returns its columns. */
size_t render_source(struct output *o, const bounce_source *source, const struct text_style *style);
/* Writes a recipient on one line, or on two if the address leaves no room. */
void render_recipient_line(struct output *o, const bounce_report *report, const bounce_recipient *r,
                           const bounce_source *source, const struct text_style *style);

#endif
