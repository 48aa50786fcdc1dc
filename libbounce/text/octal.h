/* SPDX-License-Identifier: MIT */
/* octal.h - bytes that are not ASCII, as Exim writes them into reports, header fields and logs: "zo\303\253". */
#ifndef BOUNCE_TEXT_OCTAL_H
#define BOUNCE_TEXT_OCTAL_H

#include "base/arena.h"

/* The text with each character that is written as octal escapes restored; all others stay as they are. text must
 * be valid UTF-8, and so is the result, which is text itself if there is nothing to do. */
struct span text_unescape(struct arena *a, struct span text);

#endif
