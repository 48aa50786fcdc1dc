/* SPDX-License-Identifier: MIT */
/* regex_syntax.h - what the syntax of an expression shows, without compiling it. */
#ifndef BOUNCE_MATCH_REGEX_SYNTAX_H
#define BOUNCE_MATCH_REGEX_SYNTAX_H

#include "base/span.h"

/* True if the expression may begin with a repeat that has no upper bound ("x*",
 * "(?:a|.+)") and is not anchored: it would be tried at every byte. *offset is
 * where the repeat is. */
bool regex_begins_unbounded(const char *source, size_t *offset);

enum { REGEX_BRANCHES_MAX = 64 };
/* Fills branches with the alternatives of "a|b(?:c|d)|e", which point into source: source matches a text if and only if
 * one of them does, but captures may differ. Returns their number; 0 if they are not certain. */
size_t regex_branches(const char *source, struct span branches[REGEX_BRANCHES_MAX]);

#endif
