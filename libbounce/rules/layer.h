/* SPDX-License-Identifier: MIT */
/* layer.h - entries of rule files to one layer (match/ruleset.h). */
#ifndef BOUNCE_RULES_LAYER_H
#define BOUNCE_RULES_LAYER_H

#include "rules/file.h"

/* Resolves overrides, sorts, builds the indexes and packs it all. below: the
 * layer that is there already, or NULL. Adds errors of what spans entries: ids
 * that stand twice, overrides of nothing. NULL if the entries have any error,
 * old or new; they are sorted then. The layer lives in a, whole: the arena of
 * the entries, which may be the same, is needed no more. */
const struct layer *rulelayer_build(struct rule_entries *e, const struct layer *below, struct arena *a);

#endif
