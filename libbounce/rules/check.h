/* SPDX-License-Identifier: MIT */
/* check.h - rule files for those who write them. */
#ifndef BOUNCE_RULES_CHECK_H
#define BOUNCE_RULES_CHECK_H

#include "bounce.h"
#include "rules/rules.h"

/* Counts what is in the entries, by bounce_rules_count_field, and adds warnings about what will do nothing. rules: the
 * set that was made of them, against which examples are tried; NULL: there are errors, and no examples are tried.
 * Sorts the warnings. */
void rules_check(struct rule_entries *e, bounce_rules *rules, size_t *counts);

#endif
