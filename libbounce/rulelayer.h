/* SPDX-License-Identifier: MIT */
/* rulelayer.h - entries of rule files to one layer (ruleset.h). */
#ifndef BOUNCE_RULELAYER_H
#define BOUNCE_RULELAYER_H

#include "rulefile.h"

/* Resolves overrides, sorts, builds the indexes and packs it all. below: the
 * layer that is there already, or NULL. Adds errors of what spans entries: ids
 * that stand twice, overrides of nothing. NULL if the entries have any error,
 * old or new; they are sorted then. The layer lives in a, whole: the arena of
 * the entries, which may be the same, is needed no more. */
const struct layer *rulelayer_build(struct rule_entries *e, const struct layer *below, struct arena *a);

/* The order in which rules are tried: tier, priority, length of the literal,
 * id. Less than 0 if a comes first. */
struct rule_order {
    uint8_t tier;
    int8_t priority;
    uint32_t literal_length;
    const char *id;
};
int rule_order_compare(const struct rule_order *a, const struct rule_order *b);

#endif
