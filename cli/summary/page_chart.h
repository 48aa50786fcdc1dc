/* SPDX-License-Identifier: MIT */
/* page_chart.h - charts in a page. */
#ifndef CLI_SUMMARY_PAGE_CHART_H
#define CLI_SUMMARY_PAGE_CHART_H

#include "count/sketch.h"
#include "output/output.h"

/* Horizontal bars, one for each of the first `most` values, the longest first; title says what is shown. */
void page_bars(struct output *o, const struct sketch *s, size_t most, const char *title);
/* Vertical bars, one for each day; the values are days in order, "2026-11-30" or "". */
void page_days(struct output *o, const struct sketch *s);
/* Explains the colours of both. */
void page_legend(struct output *o);

#endif
