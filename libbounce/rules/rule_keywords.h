/* SPDX-License-Identifier: MIT */
/* rule_keywords.h - the keywords of rules. Private to rules/. */
#ifndef BOUNCE_RULES_RULE_KEYWORDS_H
#define BOUNCE_RULES_RULE_KEYWORDS_H

#include "rules/reader.h"

/* Their indexes in the table, for reader_saw(). */
enum rule_keyword {
    RULE_REASON,
    RULE_TIER,
    RULE_PRIORITY,
    RULE_YIELDS,
    RULE_BEATS,
    RULE_LAST,
    RULE_SCOPE,
    RULE_PHRASE,
    RULE_TOKEN,
    RULE_MATCH,
    RULE_NEED,
    RULE_UNLESS,
    RULE_UNLESS_NEAR,
    RULE_UNLESS_TOKEN,
    RULE_CAUSE,
    RULE_IMPLIES,
    RULE_TAG,
    RULE_WHY,
    RULE_EXAMPLE,
    RULE_NEAR
};
extern const struct keyword_table rule_keywords;

/* A word of `implies`, and the reason that a rule with it must have. */
struct implication {
    const char *word;
    bounce_reason reason;
};
/* NULL for IMPLIES_NOTHING and for numbers above the last one. */
const struct implication *rule_implication(size_t implies);

#endif
