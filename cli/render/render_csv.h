/* SPDX-License-Identifier: MIT */
/* render_csv.h - rows for spreadsheets. */
#ifndef CLI_RENDER_RENDER_CSV_H
#define CLI_RENDER_RENDER_CSV_H

#include "bounce.h"
#include "crosswalk/crosswalk.h"
#include "output/output.h"
#include "render/filter.h"

/* names: of the header fields that were asked for, a column each. as: a last column for the names
 * of another system; NULL: none. */
void render_csv_header(struct output *o, const char *const *names, size_t count, const struct crosswalk *as);
/* One value, quoted where it must be; a code is no date. */
void render_csv_value(struct output *o, const char *s, bool is_code);
void render_csv_report(struct output *o, const bounce_report *report, const bounce_source *source,
                       const struct selection *filter, const struct crosswalk *as);

#endif
