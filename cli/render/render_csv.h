/* SPDX-License-Identifier: MIT */
/* render_csv.h - rows for spreadsheets. */
#ifndef CLI_RENDER_RENDER_CSV_H
#define CLI_RENDER_RENDER_CSV_H

#include "bounce.h"
#include "output/output.h"

void render_csv_header(struct output *o);
void render_csv_report(struct output *o, const bounce_report *report, const bounce_source *source);

#endif
