/* SPDX-License-Identifier: MIT */
/* html.h - HTML to text. */
#ifndef BOUNCE_MAIL_HTML_H
#define BOUNCE_MAIL_HTML_H

#include "base/arena.h"

/* The text of an HTML part, which is UTF-8. Block elements and <br> break lines;
 * character references are decoded; script, style and head are dropped; white space
 * outside of <pre> collapses; an <a href="mailto:..."> whose text shows no address gets
 * it in angle brackets. Takes linear time, and does not recurse. */
struct span html_to_text(struct arena *a, struct span html);

#endif
