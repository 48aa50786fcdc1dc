/* SPDX-License-Identifier: MIT */
/* dialect_groups.h - which conditions must hold together, and their triggers. Private to rules/. */
#ifndef BOUNCE_RULES_DIALECT_GROUPS_H
#define BOUNCE_RULES_DIALECT_GROUPS_H

#include "match/tables.h"

/* Fills groups, sign_groups and header_groups of a packed layer whose literals
 * are known, and `indexed` of the conditions that name a sign. */
void dialect_groups_build(struct arena *a, struct layer *layer, struct know *knows, struct sign *signs);

#endif
