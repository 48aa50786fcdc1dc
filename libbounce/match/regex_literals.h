/* SPDX-License-Identifier: MIT */
/* regex_literals.h - literals that every match of an expression contains. */
#ifndef BOUNCE_MATCH_REGEX_LITERALS_H
#define BOUNCE_MATCH_REGEX_LITERALS_H

#include "base/arena.h"

/* How many texts a part of an expression may match and still be listed: with more of them the set is more specific, but
 * found more often. */
enum regex_effort { REGEX_BRIEFLY = 24, REGEX_THOROUGHLY = 128 };
enum { REGEX_LITERALS_MAX = 1024 };

/* Fills literals with folded texts, in a: every text that matches source, once
 * folded itself, contains one of them. Returns their number; 0 if none is sure.
 * *others (others may be NULL) is a further set for which that is true, from
 * another part of the expression, NULL-terminated; NULL if there is none. source
 * must be an expression that PCRE2 accepts. */
size_t regex_sure_literals(struct arena *a, const char *source, enum regex_effort effort,
                           const char *literals[REGEX_LITERALS_MAX], const char *const **others);

#endif
