/* SPDX-License-Identifier: MIT */
/* page_chart.h - charts in a page. */
#ifndef CLI_SUMMARY_PAGE_CHART_H
#define CLI_SUMMARY_PAGE_CHART_H

#include "count/sketch.h"
#include "output/output.h"

/* Bars that lie, one for each of the first `most` values, longest first; title says what is shown. */
void page_bars(struct output *o, const struct sketch *s, size_t most, const char *title);
/* Bars that stand, one for each day; values are days in order, "2026-11-30" or "". */
void page_days(struct output *o, const struct sketch *s);
/* What the colours of both mean. */
void page_legend(struct output *o);

#endif
