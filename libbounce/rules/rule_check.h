/* SPDX-License-Identifier: MIT */
/* rule_check.h - what a rule must have. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_CHECK_H
#define BOUNCE_RULES_RULE_CHECK_H

#include "rules/reader.h"

/* Checks and completes the rule or override whose last line was read. */
void rule_finish(struct reader *r);
/* Adds an error for each near miss that has no word of its rule: once the members of all classes are known. */
void rule_check_nears(struct rule_entries *e);

#endif
