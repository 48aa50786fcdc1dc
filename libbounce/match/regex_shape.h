/* SPDX-License-Identifier: MIT */
/* regex_shape.h - whether an expression can take too many ways through a text. */
#ifndef BOUNCE_MATCH_REGEX_SHAPE_H
#define BOUNCE_MATCH_REGEX_SHAPE_H

#include "match/regex.h"

/* False, with *problem set, if its repeats can take more ways through the longest text than the budget of a text allows
 * (LIMIT_TEXT_STEPS_DEFAULT). */
bool regex_shape_is_good(const char *source, struct regex_problem *problem);

#endif
