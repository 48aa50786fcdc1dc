/* SPDX-License-Identifier: MIT */
/* undecided_rules.h - rules to write next. */
#ifndef CLI_UNDECIDED_RULES_H
#define CLI_UNDECIDED_RULES_H

#include "rule_files.h"
#include "undecided/groups.h"

/* Writes a rule file with one rule for each group of texts that no rule decided, the largest first; their reasons must
 * be filled in. of: the number of all recipients. sources must have room for one more. False after a message. */
bool undecided_print(struct undecided *u, struct rule_sources *sources, uint64_t of, struct output *o);

#endif
