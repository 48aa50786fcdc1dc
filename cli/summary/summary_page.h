/* SPDX-License-Identifier: MIT */
/* summary_page.h - a summary as a page of HTML. */
#ifndef CLI_SUMMARY_SUMMARY_PAGE_H
#define CLI_SUMMARY_SUMMARY_PAGE_H

#include "summary/summary.h"

void summary_write_page(struct output *o, const struct summary *s);

#endif
