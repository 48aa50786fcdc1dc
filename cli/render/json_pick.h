/* SPDX-License-Identifier: MIT */
/* json_pick.h - parts of the JSON object of a report. */
#ifndef CLI_RENDER_JSON_PICK_H
#define CLI_RENDER_JSON_PICK_H

#include "bounce.h"
#include "crosswalk/crosswalk.h"
#include "output/output.h"
#include "render/fields.h"
#include "render/filter.h"

/* The object on a line, with those recipients that pass and those keys that are shown. Either may be NULL: all. as:
 * recipients have the names of another system; NULL: they do not. False, and nothing was written, if there was no
 * memory for it; so pick_csv(). */
bool pick_json(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
               const struct fields *fields, const struct crosswalk *as);
/* Rows of CSV: one for each recipient, or for each message if no field is of recipients. */
void pick_csv_header(struct output *o, const struct fields *fields);
bool pick_csv(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
              const struct fields *fields);

#endif
