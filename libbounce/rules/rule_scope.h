/* SPDX-License-Identifier: MIT */
/* rule_scope.h - the keyword `scope` of rules. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_SCOPE_H
#define BOUNCE_RULES_RULE_SCOPE_H

#include "rules/reader.h"

/* For the table of keywords; list is not used. */
void rule_scope_read(struct reader *r, struct span value, enum reader_list list);

/* Whether a word is a key of `scope`. */
bool rule_scope_has(struct span word);

#endif
