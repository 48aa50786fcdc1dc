/* SPDX-License-Identifier: MIT */
/* regex_set.h - the characters that a piece of a regular expression matches. Private to regex_*.c. */
#ifndef BOUNCE_MATCH_REGEX_SET_H
#define BOUNCE_MATCH_REGEX_SET_H

#include "base/arena.h"
#include "match/regex_scan.h"

/* Code points in order, without overlaps. */
struct regex_set {
    struct regex_range {
        uint32_t from, to;
    } * ranges;
    size_t count, capacity;
};

/* The characters of an atom, in both cases; all characters if it is not understood. */
const struct regex_set *regex_set_of(struct arena *a, const char *source, const struct regex_piece *atom);
const struct regex_set *regex_set_union(struct arena *a, const struct regex_set *left, const struct regex_set *right);
bool regex_sets_meet(const struct regex_set *left, const struct regex_set *right);
/* The one character, in its small form, that is all of the set; 0: there are several. */
uint32_t regex_set_letter(const struct regex_set *set);

#endif
