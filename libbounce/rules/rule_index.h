/* SPDX-License-Identifier: MIT */
/* rule_index.h - the literals of rules. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_INDEX_H
#define BOUNCE_RULES_RULE_INDEX_H

#include "rules/parsed.h"

/* Fills literals and owners of a layer, both in a, and the fields of its rules and
 * patterns that refer to them; these and all that is needed on the way are in
 * scratch, the arena of the entries. */
void rule_index_build(struct arena *a, struct arena *scratch, struct parsed_layer *layer);

#endif
