/* SPDX-License-Identifier: MIT */
/* json_pick.h - parts of the JSON object of a report. */
#ifndef CLI_RENDER_JSON_PICK_H
#define CLI_RENDER_JSON_PICK_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"

/* The object on a line, with those recipients that pass. */
void pick_json(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter);

#endif
