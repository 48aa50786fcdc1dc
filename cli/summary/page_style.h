/* SPDX-License-Identifier: MIT */
/* page_style.h - how a page looks. */
#ifndef CLI_SUMMARY_PAGE_STYLE_H
#define CLI_SUMMARY_PAGE_STYLE_H

/* The style sheet, and its SHA-256 in base64, by which the page allows this one and no other; the test cli/summary_page
 * checks that they match. */
extern const char page_style[];
extern const char page_style_digest[];

#endif
