/* SPDX-License-Identifier: MIT */
/*
 * reference.h - a second, slow implementation of rules of format 2: which rows of words and classes match, as
 * doc/rules.md states it, without an index or a cache. The real matcher is compared with it (rows.h).
 */
#ifndef BOUNCE_REFERENCE_H
#define BOUNCE_REFERENCE_H

#include "rules/load.h"
#include "text/mask.h"

struct reference;
/* Reads rule files of format 2 without errors, of which only classes and patterns count: `word`, `marks`,
 * `language`, `phrase`, `token`, `unless`, `unless-near` and `unless-token`, none of them a regular expression.
 * At most 4 classes of 8 members, and 4 rules of 8 patterns of 8 elements. The result is in a, and the texts must
 * live as long. */
struct reference *reference_read(struct arena *a, const struct rule_text *files, size_t count);
/* Whether the rule with this id matches, and the place to show, in norm_text.text. facts may be NULL. */
bool reference_match(struct reference *r, const char *id, const struct norm_text *text, const struct mask_facts *facts,
                     size_t *start, size_t *end);

#endif
