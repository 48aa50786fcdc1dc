/* SPDX-License-Identifier: MIT */
/* dialect_index.h - the indexes by which the dialect of a mail is found (match/ruleset.h). */
#ifndef BOUNCE_RULES_DIALECT_INDEX_H
#define BOUNCE_RULES_DIALECT_INDEX_H

#include "mail/fields.h"
#include "match/ruleset.h"

/* Fills the indexes of a layer whose tables are there, and `indexed` of its
 * knows and actions, which are the ones of the layer, not const yet. All in a. */
void dialectindex_build(struct arena *a, struct layer *layer, struct know *knows, struct dialect_action *actions);

#endif
