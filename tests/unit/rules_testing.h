/* SPDX-License-Identifier: MIT */
/* rules_testing.h - small sets of rules, for the tests of rules/ and match/. */
#ifndef RULES_TESTING_H
#define RULES_TESTING_H

#include "base/literals.h"
#include "mail/fields.h"
#include "match/match.h"
#include "match/ruleset.h"
#include "rules/load.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* An empty layer, in place of the built-in rules. */
static const struct literals no_literals = {.count = 0};
static const uint32_t no_numbers[FIELD_NAME_BITS];
static const uint64_t no_bits[1];
static const struct layer no_layer = {.literals = &no_literals,
                                      .head_literals = &no_literals,
                                      .body_literals = &no_literals,
                                      .digest = "",
                                      .version = "test",
                                      .groups = {.first = no_numbers, .trigger_count = 1},
                                      .sign_groups = {.first = no_numbers, .trigger_count = 1},
                                      .header_groups = {.first = no_numbers, .trigger_count = 1},
                                      .header_heads = no_numbers,
                                      .unsure_patterns = no_bits,
                                      .unsure_actions = no_bits};

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

/* The rules of one text without errors, above base; NULL: above nothing. */
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
