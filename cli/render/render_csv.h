/* SPDX-License-Identifier: MIT */
/* render_csv.h - rows for spreadsheets. */
#ifndef CLI_RENDER_RENDER_CSV_H
#define CLI_RENDER_RENDER_CSV_H

#include "bounce.h"
#include "crosswalk/crosswalk.h"
#include "output/output.h"
#include "render/filter.h"

/* names: the requested header fields, one column each. as: adds a last column with the names of another system; NULL:
 * none. */
void render_csv_header(struct output *o, const char *const *names, size_t count, const struct crosswalk *as);
/* Writes one value, quoted if necessary. is_code: it must not be taken for a date. */
void render_csv_value(struct output *o, const char *s, bool is_code);
void render_csv_report(struct output *o, const bounce_report *report, const bounce_source *source,
                       const struct selection *filter, const struct crosswalk *as);

#endif
