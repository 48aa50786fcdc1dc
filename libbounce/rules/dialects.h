/* SPDX-License-Identifier: MIT */
/* dialects.h - the conditions and actions of all dialects in one table each. Private to rules/. */
#ifndef BOUNCE_RULES_DIALECTS_H
#define BOUNCE_RULES_DIALECTS_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* Fills knows, actions and header_count of a layer whose dialects are there. */
void dialects_arrange(struct rule_entries *e, struct parsed_layer *layer);

#endif
