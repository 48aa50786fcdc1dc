/* SPDX-License-Identifier: MIT */
/* signs.h - the signs of a layer, and who uses them. Private to rules/. */
#ifndef BOUNCE_RULES_SIGNS_H
#define BOUNCE_RULES_SIGNS_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* Finds the sign of each condition that names one, here or in the layer below
 * (lower; NULL: none), and sets the signs of the layer. Adds errors. */
void signs_resolve(struct rule_entries *e, const struct layer *lower, struct parsed_layer *layer);

/* After that, for the built-in files: adds errors for signs that nothing uses, and for
 * missing ones that C asks for. */
void signs_check_builtin(struct rule_entries *e);

/* The name of a sign that C asks for. */
const char *signs_asked_name(enum asked_sign asked);

#endif
