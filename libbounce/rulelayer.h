/* SPDX-License-Identifier: MIT */
/* rulelayer.h - entries of rule files to one layer (ruleset.h). */
#ifndef BOUNCE_RULELAYER_H
#define BOUNCE_RULELAYER_H

#include "rulefile.h"

/* Resolves overrides, sorts, and builds the indexes. below: the layer that is
 * there already, or NULL. Adds errors of what spans entries: ids that stand
 * twice, overrides of nothing. NULL if the entries have any error, old or
 * new; they are sorted then. The layer lives in the entries' arena. */
const struct layer *rulelayer_build(struct rule_entries *e, const struct layer *below);

/* The order in which rules are tried: tier, priority, length of the literal,
 * id. Less than 0 if a comes first. */
int rule_compare(const struct bounce_rule *a, const struct bounce_rule *b);

#endif
