/* SPDX-License-Identifier: MIT */
/*
 * rule_modes.c - everything done with rules except classifying.
 *
 * In: settings. Out: rules checked, tested, compared, listed or drafted, as requested, and the exit status. Refused,
 * with a message: wrong rules.
 */
#include "rule_modes.h"

#include "draft.h"
#include "library_options.h"
#include "output/complain.h"
#include "sandbox/sandbox.h"
#include "test_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The named files and folders; those that are tested come last. Free the array. */
static const char **rule_paths_of(const struct settings *s, struct rule_paths *paths)
{
    bool takes_more = s->mode == MODE_CHECK_RULES || s->mode == MODE_TEST_RULES;
    size_t more = takes_more ? s->input_count : 0;
    const char **named = malloc((s->rules_count + s->tested_count + more + 1) * sizeof *named);
    if (!named) {
        complain(NULL, strerror(ENOMEM));
        exit(EXIT_READ_OR_WRITE);
    }
    *paths = (struct rule_paths){.named = named, .no_config = s->no_config};
    for (size_t i = 0; i < s->rules_count; i++)
        named[paths->count++] = s->rules[i];
    paths->unchecked = s->mode == MODE_TEST_RULES ? paths->count : 0;
    for (size_t i = 0; i < s->tested_count; i++)
        named[paths->count++] = s->tested[i];
    for (size_t i = 0; i < more; i++)
        named[paths->count++] = s->inputs[i];
    return named;
}

bounce_rules *load_rules(const struct settings *s)
{
    struct rule_paths paths;
    const char **named = rule_paths_of(s, &paths);
    bounce_rules *rules = rule_files_load(&paths);
    free((void *)named);
    return rules;
}

bool find_sources(const struct settings *s, struct rule_sources *sources)
{
    struct rule_paths paths;
    const char **named = rule_paths_of(s, &paths);
    bool good = rule_files_sources(sources, &paths, 1);
    free((void *)named);
    return good;
}

/* False after a message. */
static bool compare_rules(const struct settings *s, const struct rule_paths *paths, const bounce_options *options,
                          struct output *o)
{
    const struct against against = {s->against, s->against_count, s->input_format, s->max_message_bytes + 1};
    const struct sandbox sandbox = {s->against, s->against_count, s->jit, false};
    struct rule_paths without = *paths;
    without.left_out = paths->count - paths->unchecked;
    bounce_rules *before = rule_files_load(&without), *after = before ? rule_files_load(paths) : NULL;
    if (after && !s->no_sandbox)
        sandbox_enter(&sandbox);
    bool good = after && test_rules_against(&against, before, after, options, o);
    bounce_rules_unref(before);
    bounce_rules_unref(after);
    return good;
}

int run_draft(const struct settings *s, struct output *o)
{
    struct rule_sources sources;
    bounce_options *options = library_options(s);
    bounce_rules *rules = options ? load_rules(s) : NULL; /* reports what is wrong with them */
    bounce_context *context = library_context(s);
    size_t inputs = s->mode == MODE_REPLY ? 0 : s->input_count;
    const struct draft_input in = {.inputs = (const char *const *)s->inputs,
                                   .count = s->input_count,
                                   .are_replies = s->mode == MODE_REPLY,
                                   .format = s->input_format,
                                   .max_bytes = s->max_message_bytes + 1,
                                   .context = context,
                                   .filter = filter_is_set(&s->filter) ? &s->filter : NULL};
    int status = EXIT_USAGE;
    if (rules && find_sources(s, &sources)) {
        const char **readable = rule_files_readable(&sources, in.inputs, inputs);
        const struct sandbox sandbox = {readable, readable ? inputs + sources.count : 0, s->jit, false};
        hint_at_terminal(s);
        if (!s->no_sandbox)
            sandbox_enter(&sandbox);
        bool good = draft_rules(&in, bounce_reason_from_name(s->draft_rule), &sources, options, o);
        status = good ? 0 : EXIT_READ_OR_WRITE;
        rule_files_forget(&sources);
        free((void *)readable);
    }
    bounce_context_free(context);
    bounce_rules_unref(rules);
    bounce_options_free(options);
    return status;
}

static int check_rules(const struct settings *s, const struct rule_paths *paths, struct output *o)
{
    enum rule_files_state state = rule_files_check(paths, s->mode == MODE_TEST_RULES, o);
    bool good = state == RULE_FILES_GOOD;
    bounce_options *options = state != RULE_FILES_WRONG && s->against_count ? library_options(s) : NULL;
    if (options)
        good = compare_rules(s, paths, options, o) && good;
    bounce_options_free(options);
    return good ? 0 : EXIT_READ_OR_WRITE;
}

int run_rules(const struct settings *s, struct output *o)
{
    struct rule_paths paths;
    const char **named = rule_paths_of(s, &paths);
    int status = s->mode != MODE_LIST_RULES ? check_rules(s, &paths, o) : rule_files_list(&paths, o) ? 0 : EXIT_USAGE;
    free((void *)named);
    return status;
}
