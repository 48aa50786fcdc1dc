/* SPDX-License-Identifier: MIT */
/* mend.h - repairs JSON that was sent as the text of a mail. */
#ifndef BOUNCE_EVENTS_MEND_H
#define BOUNCE_EVENTS_MEND_H

#include "base/arena.h"

/* The first object in a text, as JSON in the arena: lines that were folded inside strings are joined by a blank, wrong
 * escapes lose their backslash, and what was cut off is closed. n 0: there is none. */
struct span json_mend(struct arena *a, struct span text);

#endif
