/* SPDX-License-Identifier: MIT */
/* page_text.h - texts in a page. */
#ifndef CLI_SUMMARY_PAGE_TEXT_H
#define CLI_SUMMARY_PAGE_TEXT_H

#include "output/output.h"

/* Writes text of any origin, which stays text: in an element, or in an attribute between double quotes. */
void page_text(struct output *o, const char *s);
/* "1,234". */
void page_number(struct output *o, uint64_t value);
/* Tenths of a percent as "12.5 %". */
void page_share(struct output *o, unsigned permille);

#endif
