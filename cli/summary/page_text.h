/* SPDX-License-Identifier: MIT */
/* page_text.h - texts in a page. */
#ifndef CLI_SUMMARY_PAGE_TEXT_H
#define CLI_SUMMARY_PAGE_TEXT_H

#include "output/output.h"

/* Text of whatever origin, which stays text: in an element, or in an attribute between double quotes. */
void page_text(struct output *o, const char *s);
/* "1,234". */
void page_number(struct output *o, uint64_t value);
/* Percent with one digit behind the point: "12.5 %", of tenths. */
void page_share(struct output *o, unsigned permille);

#endif
