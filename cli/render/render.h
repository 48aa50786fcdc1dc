/* SPDX-License-Identifier: MIT */
/* render.h - reports in the chosen format, and their totals. */
#ifndef CLI_RENDER_RENDER_H
#define CLI_RENDER_RENDER_H

#include "output/output.h"
#include "render/fields.h"
#include "render/filter.h"
#include "render/render_text.h"
#include "render/totals.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_SUPPRESS, FORMAT_UNDECIDED, FORMAT_SUMMARY };

struct renderer {
    struct output *out;
    enum format format;
    struct text_style text;
    const struct selection *filter; /* NULL: everything is shown */
    const struct fields *fields;    /* NULL: all */
    const char *const *headers;     /* names of the requested header fields */
    size_t header_count;
    const struct crosswalk *as; /* the names of another system; NULL: none */
    struct totals totals;       /* of everything that was rendered */
};

/* with_header: begin CSV with the column names. */
void render_begin(const struct renderer *r, bool with_header);
/* Without enough memory, returns false and writes nothing. */
bool render_report(struct renderer *r, bounce_report *report, const bounce_source *source);
/* noun: see render_text_totals(). */
void render_end(const struct renderer *r, const char *noun);

#endif
