/* SPDX-License-Identifier: MIT */
/* rule_tests.h - a rule against its own examples and near misses. */
#ifndef BOUNCE_RULES_RULE_TESTS_H
#define BOUNCE_RULES_RULE_TESTS_H

#include "match/match.h"

/* Facts about a text that the scope of the rule admits: those that the text states itself (reply code, status,
 * command); where it states none, those that the scope needs. In a. */
struct match_scope rule_test_scope(struct arena *a, const struct layer *layer, const struct bounce_rule *rule,
                                   const char *text);
/* The rule that decides an example or near miss of a rule of this layer; NULL: none does. */
const struct bounce_rule *rule_test_decide(struct matcher *m, struct arena *a, const struct layer *layer,
                                           const struct bounce_rule *rule, const char *text);

#endif
