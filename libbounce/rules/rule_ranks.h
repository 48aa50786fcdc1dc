/* SPDX-License-Identifier: MIT */
/* rule_ranks.h - the order of the rules and dialects of a set. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_RANKS_H
#define BOUNCE_RULES_RULE_RANKS_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* Puts entries of rules (or, is_dialects, of dialects) into layer->rules in their order, above those of lower
 * (NULL: there are none), with the order of both layers as one and what is stated: see struct layer. Tables that
 * packing does not change are in a. Adds errors for statements that name nothing, or that go in a circle. */
void rule_ranks_arrange(struct rule_entries *e, bool is_dialects, const struct rule_entry *const *entries, size_t count,
                        const struct layer *lower, struct parsed_layer *layer, struct arena *a);

#endif
