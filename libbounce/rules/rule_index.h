/* SPDX-License-Identifier: MIT */
/* rule_index.h - the literals of rules. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_INDEX_H
#define BOUNCE_RULES_RULE_INDEX_H

#include "rules/parsed.h"

/* The texts that the rules of a layer are known to match, folded; in scratch. */
struct span rule_sample(struct arena *scratch, const struct parsed_layer *layer);
/* Fills literals and owners of a layer, both in a, and the fields of its rules and
 * patterns that refer to them; these and all that is needed meanwhile are in
 * scratch, the arena of the entries. */
void rule_index_build(struct arena *a, struct arena *scratch, struct parsed_layer *layer);

#endif
