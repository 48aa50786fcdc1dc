/* SPDX-License-Identifier: MIT */
/* rules_testing.h - small sets of rules, for the tests of rules/ and match/. */
#ifndef RULES_TESTING_H
#define RULES_TESTING_H

#include "match/match.h"
#include "match/ruleset.h"
#include "no_layer.h"
#include "rules/load.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct found_errors {
    size_t count;
    char text[8192]; /* "path:line:column: message\n" of each */
};

static inline void note_error(void *data, const char *path, const bounce_error *error)
{
    struct found_errors *f = data;
    size_t n = strlen(f->text);
    f->count++;
    snprintf(f->text + n, sizeof f->text - n, "%s:%u:%u: %s\n", path, (unsigned)error->line, (unsigned)error->column,
             error->message);
}

/* The errors of one text; "" if there are none. Overwritten by the next call. */
static inline const char *errors_of(const char *text)
{
    static struct found_errors found;
    struct rule_text file = {"t.rules", text};
    bounce_rules *rules;
    found = (struct found_errors){0};
    ruleset_from_texts(&no_layer, &file, 1, note_error, &found, &rules, NULL);
    bounce_rules_unref(rules);
    return found.text;
}

/* The rules of one text without errors, on top of base; NULL: on top of nothing. */
static inline bounce_rules *rules_of(const struct layer *base, const char *text)
{
    struct found_errors found = {0};
    struct rule_text file = {"t.rules", text};
    bounce_rules *rules;
    ruleset_from_texts(base ? base : &no_layer, &file, 1, note_error, &found, &rules, NULL);
    cr_assert(rules, "the rules of a test are wrong: %s", found.text);
    return rules;
}

/* Lines that a rule must have. */
#define RULE_END "why w\nexample e\nnear n\n"
#define REASON "reason mailbox-full\n"

#endif
