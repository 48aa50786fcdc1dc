/* SPDX-License-Identifier: MIT */
/* json_pick.h - parts of the JSON object of a report. */
#ifndef CLI_RENDER_JSON_PICK_H
#define CLI_RENDER_JSON_PICK_H

#include "bounce.h"
#include "crosswalk/crosswalk.h"
#include "output/output.h"
#include "render/fields.h"
#include "render/filter.h"

/* Writes the object on one line, with the recipients that pass and the keys that are shown; NULL means all. as: adds
 * the names of another system to recipients; NULL: none. Without enough memory it returns false and writes nothing, and
 * so does pick_csv(). */
bool pick_json(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
               const struct fields *fields, const struct crosswalk *as);
/* CSV with these fields: one row for each recipient, or for each message if no field belongs to recipients. */
void pick_csv_header(struct output *o, const struct fields *fields);
bool pick_csv(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
              const struct fields *fields);

#endif
