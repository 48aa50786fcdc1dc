/* SPDX-License-Identifier: MIT */
/*
 * rule_files.c - rules and rule files, as the user sees them.
 *
 * In: the paths of --rules, --check-rules and --test-rules, and the default folders. Out: a set of rules, a list of it,
 * or what the files contain and what is odd in them. Refused: rule files with errors; each error is shown as
 * file:line:column: message.
 */
#include "rule_files.h"

#include "output/complain.h"
#include "output/escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_BYTES = 4096 + 32 };

struct rule_errors {
    struct output *out; /* NULL: standard error */
    size_t count, warnings;
};

static void show(const struct rule_errors *e, const char *path, const bounce_error *error, const char *label)
{
    char place[PLACE_BYTES], text[sizeof error->message + 16];
    if (error->line)
        snprintf(place, sizeof place, "%s:%u:%u", path, (unsigned)error->line,
                 error->column ? (unsigned)error->column : 1u);
    else
        snprintf(place, sizeof place, "%s", path);
    snprintf(text, sizeof text, "%s%s", label, error->message);
    if (!e->out) {
        complain(place, text);
        return;
    }
    output_escaped(e->out, place, ESCAPE_ONE_LINE, 0);
    output_puts(e->out, ": ");
    output_escaped(e->out, text, ESCAPE_ONE_LINE, 0);
    output_putc(e->out, '\n');
}

static void on_error(void *data, const char *path, const bounce_error *error)
{
    struct rule_errors *e = data;
    e->count++;
    show(e, path, error, "");
}

static void on_warning(void *data, const char *path, const bounce_error *error)
{
    struct rule_errors *e = data;
    e->warnings++;
    show(e, path, error, "warning: ");
}

/* ---------------------------------------------------------------- sources */

bool rule_files_sources(struct rule_sources *s, const struct rule_paths *paths, size_t more)
{
    *s = (struct rule_sources){.all = NULL};
    if (!paths->no_config && !config_find(&s->config, paths->named, paths->count))
        return false;
    s->all = calloc(s->config.count + paths->count + more + 1, sizeof *s->all);
    if (!s->all) {
        complain(NULL, strerror(ENOMEM));
        return false;
    }
    for (size_t i = 0; i < s->config.count; i++)
        s->all[s->count++] = (bounce_rules_source){.path = s->config.all[i], .unchecked = true};
    for (size_t i = 0; i < paths->count - paths->left_out; i++)
        s->all[s->count++] = (bounce_rules_source){.path = paths->named[i], .unchecked = i < paths->unchecked};
    return true;
}

void rule_files_forget(struct rule_sources *s)
{
    paths_free(&s->config);
    free(s->all);
}

const char **rule_files_readable(const struct rule_sources *s, const char *const *inputs, size_t count)
{
    const char **all = malloc((count + s->count + 1) * sizeof *all);
    for (size_t i = 0; all && i < count; i++)
        all[i] = inputs[i];
    for (size_t i = 0; all && i < s->count; i++)
        all[count + i] = s->all[i].path;
    return all;
}

bounce_rules *rule_files_load(const struct rule_paths *paths)
{
    struct rule_errors errors = {NULL, 0, 0};
    struct rule_sources sources;
    bounce_rules *rules = NULL;
    bounce_error error;
    if (rule_files_sources(&sources, paths, 0) &&
        bounce_rules_load_sources(sources.all, sources.count, on_error, &errors, &rules, &error) != BOUNCE_OK &&
        errors.count == 0)
        complain(NULL, error.message);
    rule_files_forget(&sources);
    return rules;
}

/* --------------------------------------------------------------- checking */

/* "2 rules", with `before` in front. */
static void number_of(struct output *o, const char *before, size_t count, const char *one, const char *many)
{
    output_puts(o, before);
    if (count)
        output_number(o, count);
    else
        output_puts(o, "no");
    output_putc(o, ' ');
    output_puts(o, count == 1 ? one : many);
}

/* "3 rules, 1 override, 2 dialects, no errors, 1 warning", without what does not occur. */
static void put_counts(struct output *o, const size_t *counts, size_t warnings)
{
    size_t overrides = counts[BOUNCE_RULES_COUNT_OVERRIDES] + counts[BOUNCE_RULES_COUNT_REMOVED];
    number_of(o, "", counts[BOUNCE_RULES_COUNT_RULES], "rule", "rules");
    if (overrides)
        number_of(o, ", ", overrides, "override", "overrides");
    if (counts[BOUNCE_RULES_COUNT_DIALECTS])
        number_of(o, ", ", counts[BOUNCE_RULES_COUNT_DIALECTS], "dialect", "dialects");
    output_puts(o, ", no errors");
    if (warnings)
        number_of(o, ", ", warnings, "warning", "warnings");
    output_putc(o, '\n');
}

/* "all 3 examples and 2 near misses pass", or how many do not. */
static void put_tests(struct output *o, const size_t *counts)
{
    size_t failed = counts[BOUNCE_RULES_COUNT_FAILED];
    number_of(o, "", counts[BOUNCE_RULES_COUNT_EXAMPLES], "example", "examples");
    number_of(o, " and ", counts[BOUNCE_RULES_COUNT_NEARS], "near miss", "near misses");
    if (failed)
        number_of(o, ": ", failed, "fails\n", "fail\n");
    else
        output_puts(o, ": none fails\n");
}

enum rule_files_state rule_files_check(const struct rule_paths *paths, bool is_test, struct output *o)
{
    struct rule_errors errors = {o, 0, 0};
    struct rule_sources sources;
    size_t counts[BOUNCE_RULES_COUNTS] = {0};
    bounce_error error = {.status = BOUNCE_OK};
    bool good = rule_files_sources(&sources, paths, 0) &&
                bounce_rules_check(sources.all, sources.count, on_error, on_warning, &errors, counts,
                                   BOUNCE_RULES_COUNTS, &error) == BOUNCE_OK;
    if (good && is_test)
        put_tests(o, counts);
    else if (good)
        put_counts(o, counts, errors.warnings);
    rule_files_forget(&sources);
    if (!good)
        return RULE_FILES_WRONG;
    return is_test && counts[BOUNCE_RULES_COUNT_FAILED] ? RULE_FILES_TEST_FAILED : RULE_FILES_GOOD;
}

/* ---------------------------------------------------------------- listing */

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

bool rule_files_list(const struct rule_paths *paths, struct output *o)
{
    bounce_rules *rules = rule_files_load(paths);
    if (!rules)
        return false;
    for (size_t i = 0; i < bounce_rules_count(rules); i++)
        list_rule(o, rules, bounce_rules_at(rules, i));
    bounce_rules_unref(rules);
    return true;
}
