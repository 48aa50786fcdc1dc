/* SPDX-License-Identifier: MIT */
/* html.h - HTML to text. */
#ifndef BOUNCE_MAIL_HTML_H
#define BOUNCE_MAIL_HTML_H

#include "base/arena.h"

/* HTML to text: block elements and <br> break lines, entities are decoded,
 * script/style/head are dropped, white space outside <pre> collapses, an
 * <a href="mailto:..."> whose text shows no address keeps its address in
 * angle brackets. Linear in its input, no recursion. */
struct span text_from_html(struct arena *a, struct span html);

#endif
