/* SPDX-License-Identifier: MIT */
/* load.h - sets of rules from texts in memory, for tests; from files: bounce_rules_load(). */
#ifndef BOUNCE_RULES_LOAD_H
#define BOUNCE_RULES_LOAD_H

#include "match/ruleset.h"

/* A set made from texts in memory above base (NULL: the built-in layer), for
 * tests. Arguments and errors as with bounce_rules_load(). */
struct rule_text {
    const char *path, *text;
};
bounce_status ruleset_from_texts(const struct layer *base, const struct rule_text *texts, size_t count,
                                 bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                 bounce_error *error);

#endif
