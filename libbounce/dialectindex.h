/* SPDX-License-Identifier: MIT */
/* dialectindex.h - the indexes by which the dialect of a mail is found (ruleset.h). */
#ifndef BOUNCE_DIALECTINDEX_H
#define BOUNCE_DIALECTINDEX_H

#include "fields.h"
#include "ruleset.h"

/* Fills the indexes of a layer whose tables are there, and `indexed` of its
 * knows and actions, which are the ones of the layer, not const yet. All in a. */
void dialectindex_build(struct arena *a, struct layer *layer, struct know *knows, struct dialect_action *actions);

#endif
