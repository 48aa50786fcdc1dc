/* SPDX-License-Identifier: MIT */
/*
 * load.c - rule files to a set of rules: bounce_rules_load() and its kin.
 *
 * What comes in: paths of rule files, or their texts. What goes out: a set of two
 * layers, the built-in one and that of the files. Refused: files with errors; all
 * of them are reported.
 */
#include "rules/load.h"
#include "base/error.h"
#include "base/utf8.h"
#include "match/ruleset.h"
#include "rules/check.h"
#include "rules/layer.h"

#include <glib.h>
#include <stdio.h>

/* Puts the path before the message, so that one line says everything. Of a long path, the end is shown. */
static void add_path(bounce_error *error, const char *path)
{
    enum { PATH_BYTES_MAX = 120 };
    char message[sizeof error->message], shown[PATH_BYTES_MAX + 8];
    char *valid = g_utf8_make_valid(path, -1);
    const char *from = valid;
    if (strlen(valid) > PATH_BYTES_MAX)
        for (from += strlen(valid) - PATH_BYTES_MAX; utf8_is_tail(*from);)
            from++;
    g_snprintf(shown, sizeof shown, "%s%s", from == valid ? "" : "...", from);
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    g_strlcpy(message, error->message, sizeof message);
    size_t room = sizeof error->message - strlen(shown) - sizeof ": ";
    g_snprintf(error->message, sizeof error->message, "%s: %.*s", shown, (int)utf8_cut(message, strlen(message), room),
               message);
    g_free(valid);
}

/* The first error becomes *error and gives the status. */
static bounce_status report_errors(const struct rule_entries *e, bounce_rules_error_fn *on_error, void *data,
                                   bounce_error *error)
{
    for (size_t i = 0; i < e->error_count; i++) {
        bounce_error each = rule_error_public(&e->errors[i]);
        if (on_error)
            on_error(data, e->errors[i].path, &each);
        if (i == 0 && error) {
            *error = each;
            add_path(error, e->errors[i].path);
        }
    }
    return e->errors[0].status;
}

/* Makes a set from the entries above base. */
static bounce_status make_set(struct rule_entries *e, const struct layer *base, bounce_rules_error_fn *on_error,
                              void *data, bounce_rules **out, bounce_error *error)
{
    bounce_rules *rules = ruleset_new();
    const struct layer *layer = layer_build(e, base, ruleset_arena(rules));
    if (!layer) {
        bounce_rules_unref(rules);
        return report_errors(e, on_error, data, error);
    }
    ruleset_stack(rules, base, layer);
    *out = rules;
    return BOUNCE_OK;
}

static bounce_status refuse(bounce_error *error, const char *function, const char *message)
{
    char text[sizeof error->message];
    snprintf(text, sizeof text, "%s: %s", function, message);
    return error_set(error, BOUNCE_ERROR_ARGUMENT, text);
}

static const char *wrong_source(const bounce_rules_source *sources, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sources || !sources[i].path)
            return "a path is NULL";
    return NULL;
}

static void read_sources(struct rule_entries *e, const bounce_rules_source *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        e->unchecked = sources[i].unchecked;
        if (sources[i].text)
            rule_file_read(e, arena_strdup(e->arena, sources[i].path), span_of(sources[i].text, sources[i].length));
        else
            rule_source_read(e, sources[i].path);
    }
    e->unchecked = false;
}

bounce_status bounce_rules_load_sources(const bounce_rules_source *sources, size_t count,
                                        bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                        bounce_error *error)
{
    const char *wrong = rules ? wrong_source(sources, count) : "rules is NULL";
    if (rules)
        *rules = NULL;
    if (wrong)
        return refuse(error, "bounce_rules_load", wrong);
    if (!count) {
        *rules = bounce_rules_default();
        return BOUNCE_OK;
    }
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    read_sources(&entries, sources, count);
    bounce_status status = make_set(&entries, &bounce_builtin_layer, on_error, data, rules, error);
    arena_free(&arena);
    return status;
}

bounce_status bounce_rules_load(const char *const *paths, size_t count, bounce_rules_error_fn *on_error, void *data,
                                bounce_rules **rules, bounce_error *error)
{
    bounce_rules_source *sources = paths ? g_new0(bounce_rules_source, count + 1) : NULL;
    for (size_t i = 0; sources && i < count; i++)
        sources[i].path = paths[i];
    bounce_status status = bounce_rules_load_sources(sources, count, on_error, data, rules, error);
    g_free(sources);
    return status;
}

bounce_status bounce_rules_check(const bounce_rules_source *sources, size_t count, bounce_rules_error_fn *on_error,
                                 bounce_rules_error_fn *on_warning, void *data, size_t *counts, size_t capacity,
                                 bounce_error *error)
{
    const char *wrong = counts || !capacity ? wrong_source(sources, count) : "counts is NULL";
    size_t all[BOUNCE_RULES_COUNTS] = {0};
    bounce_rules *rules = NULL;
    struct arena arena;
    struct rule_entries entries;
    if (wrong)
        return refuse(error, "bounce_rules_check", wrong);
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    read_sources(&entries, sources, count);
    bounce_status status = make_set(&entries, &bounce_builtin_layer, on_error, data, &rules, error);
    rules_check(&entries, rules, all);
    for (size_t i = 0; on_warning && i < entries.warning_count; i++) {
        bounce_error each = rule_error_public(&entries.warnings[i]);
        on_warning(data, entries.warnings[i].path, &each);
    }
    for (size_t i = 0; i < capacity; i++)
        counts[i] = i < BOUNCE_RULES_COUNTS ? all[i] : 0;
    bounce_rules_unref(rules);
    arena_free(&arena);
    return status;
}

bounce_status ruleset_from_texts(const struct layer *base, const struct rule_text *texts, size_t count,
                                 bounce_rules_error_fn *on_error, void *data, bounce_rules **rules, bounce_error *error)
{
    struct arena arena;
    struct rule_entries entries;
    *rules = NULL;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    for (size_t i = 0; i < count; i++)
        rule_file_read(&entries, texts[i].path, span_z(texts[i].text));
    bounce_status status = make_set(&entries, base ? base : &bounce_builtin_layer, on_error, data, rules, error);
    arena_free(&arena);
    return status;
}
