/* SPDX-License-Identifier: MIT */
/* render_undecided.h - what no rule decided. */
#ifndef CLI_RENDER_RENDER_UNDECIDED_H
#define CLI_RENDER_RENDER_UNDECIDED_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"

/* What workers and the program write about each recipient that no rule decided. */
void render_undecided_report(struct output *o, bounce_report *report, const bounce_source *source,
                             const struct selection *filter);

#endif
