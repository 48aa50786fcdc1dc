/* SPDX-License-Identifier: MIT */
/* load.h - a set of rules from texts in memory, for tests; from files: bounce_rules_load(). */
#ifndef BOUNCE_RULES_LOAD_H
#define BOUNCE_RULES_LOAD_H

#include "bounce.h"

#include <stddef.h>

struct layer; /* match/tables.h */

struct rule_text {
    const char *path, *text;
};
/* bounce_rules_load() with texts instead of files, above base (NULL: the built-in
 * layer), which must outlive the set. */
bounce_status ruleset_from_texts(const struct layer *base, const struct rule_text *texts, size_t count,
                                 bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                 bounce_error *error);

#endif
