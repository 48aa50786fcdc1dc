/* SPDX-License-Identifier: MIT */
/*
 * rule_files.c - rules and rule files, as the user sees them.
 *
 * In: the paths of --rules and --check-rules. Out: a set of rules, a list of
 * it, or the number of rules added. Refused: rule files with errors; each error
 * is shown as file:line:column: message.
 */
#include "rule_files.h"

#include "output/complain.h"
#include "output/escape.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACE_BYTES = 4096 + 32 };

struct rule_errors {
    struct output *out; /* NULL: standard error */
    size_t count;
};

static void on_error(void *data, const char *path, const bounce_error *error)
{
    struct rule_errors *e = data;
    char place[PLACE_BYTES];
    e->count++;
    if (error->line)
        snprintf(place, sizeof place, "%s:%u:%u", path, (unsigned)error->line,
                 error->column ? (unsigned)error->column : 1u);
    else
        snprintf(place, sizeof place, "%s", path);
    if (!e->out) {
        complain(place, error->message);
        return;
    }
    output_escaped(e->out, place, ESCAPE_ONE_LINE, 0);
    output_puts(e->out, ": ");
    output_escaped(e->out, error->message, ESCAPE_ONE_LINE, 0);
    output_putc(e->out, '\n');
}

/* NULL after at least one error was shown. */
static bounce_rules *load(const char *const *paths, size_t count, struct output *errors_to)
{
    struct rule_errors errors = {errors_to, 0};
    bounce_rules *rules;
    bounce_error error;
    if (count == 0)
        return bounce_rules_default();
    if (bounce_rules_load(paths, count, on_error, &errors, &rules, &error) == BOUNCE_OK)
        return rules;
    if (errors.count == 0)
        complain(NULL, error.message);
    return NULL;
}

bounce_rules *rule_files_load(const char *const *paths, size_t count)
{
    return load(paths, count, NULL);
}

static int compare_pointers(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const bounce_rule *const *)a, y = (uintptr_t) * (const bounce_rule *const *)b;
    return (x > y) - (x < y);
}

/* How many rules of a set are not built in. A built-in rule has the same
 * address in every set. */
static size_t count_added(const bounce_rules *rules)
{
    bounce_rules *builtin = bounce_rules_default();
    size_t known = bounce_rules_count(builtin), all = bounce_rules_count(rules), added = 0;
    const bounce_rule **sorted = malloc((known + 1) * sizeof(const bounce_rule *));
    for (size_t i = 0; sorted && i < known; i++)
        sorted[i] = bounce_rules_at(builtin, i);
    if (sorted)
        qsort(sorted, known, sizeof *sorted, compare_pointers);
    for (size_t i = 0; i < all; i++) {
        const bounce_rule *rule = bounce_rules_at(rules, i);
        added += !sorted || !bsearch(&rule, sorted, known, sizeof *sorted, compare_pointers);
    }
    free(sorted);
    bounce_rules_unref(builtin);
    return added;
}

bool rule_files_check(const char *const *paths, size_t count, struct output *o)
{
    bounce_rules *rules = load(paths, count, o);
    if (!rules)
        return false;
    size_t added = count_added(rules);
    output_number(o, added);
    output_puts(o, added == 1 ? " rule, no errors\n" : " rules, no errors\n");
    bounce_rules_unref(rules);
    return true;
}

static void list_rule(struct output *o, const bounce_rules *rules, const bounce_rule *rule)
{
    const char *tag = bounce_rule_string(rule, BOUNCE_RULE_TAG);
    char numbers[32];
    snprintf(numbers, sizeof numbers, "%d\t%zu\t", bounce_rule_tier(rule), bounce_rule_rank(rules, rule));
    output_puts(o, numbers);
    output_puts(o, bounce_reason_name(bounce_rule_reason(rule)));
    output_putc(o, '\t');
    output_puts(o, bounce_rule_string(rule, BOUNCE_RULE_ID));
    output_putc(o, '\t');
    output_escaped(o, bounce_rule_string(rule, BOUNCE_RULE_FILE), ESCAPE_ONE_LINE, 0);
    output_putc(o, ':');
    output_number(o, bounce_rule_line(rule));
    output_putc(o, '\t');
    output_escaped(o, tag ? tag : "-", ESCAPE_ONE_LINE, 0);
    output_putc(o, '\t');
    output_escaped(o, bounce_rule_string(rule, BOUNCE_RULE_WHY), ESCAPE_ONE_LINE, 0);
    output_putc(o, '\n');
}

bool rule_files_list(const char *const *paths, size_t count, struct output *o)
{
    bounce_rules *rules = rule_files_load(paths, count);
    if (!rules)
        return false;
    for (size_t i = 0; i < bounce_rules_count(rules); i++)
        list_rule(o, rules, bounce_rules_at(rules, i));
    bounce_rules_unref(rules);
    return true;
}
