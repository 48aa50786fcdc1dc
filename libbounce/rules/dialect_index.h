/* SPDX-License-Identifier: MIT */
/* dialect_index.h - the literals and triggers of dialects. Private to rules/. */
#ifndef BOUNCE_RULES_DIALECT_INDEX_H
#define BOUNCE_RULES_DIALECT_INDEX_H

#include "match/tables.h"

/* Fills the indexes of a layer whose tables are there, in a. knows and actions are
 * those of the layer, not constant yet: `indexed` of each is set. */
void dialect_index_build(struct arena *a, struct layer *layer, struct know *knows, struct sign *signs,
                         struct dialect_action *actions);

#endif
