/* SPDX-License-Identifier: MIT */
/* layer.h - entries of rule files to one layer. */
#ifndef BOUNCE_RULES_LAYER_H
#define BOUNCE_RULES_LAYER_H

#include "rules/rules.h"

struct layer;        /* match/tables.h */
struct parsed_layer; /* rules/parsed.h */

/* Resolves overrides, sorts, indexes and packs the entries. lower: the layer that
 * this one will be put above, or NULL. Adds the errors that concern several
 * entries, such as an id that is used twice. NULL if the entries have any error,
 * found here or before; they are sorted then. The layer is in a, which may be the
 * arena of the entries; if it is another one, that of the entries is no longer
 * needed. */
const struct layer *layer_build(struct rule_entries *e, const struct layer *lower, struct arena *a);

/* The same before it is packed, in the arena of the entries, except for the
 * tables that packing does not change (literals, owners, digest): they are in a. */
const struct parsed_layer *layer_arrange(struct rule_entries *e, const struct layer *lower, struct arena *a);

#endif
