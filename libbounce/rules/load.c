/* SPDX-License-Identifier: MIT */
/*
 * load.c - rule files to a set of rules: bounce_rules_load(), bounce_rules_load_memory().
 *
 * What comes in: paths of rule files, or their texts. What goes out: a set of two
 * layers, the built-in one and that of the files. Refused: files with errors; all
 * of them are reported.
 */
#include "rules/load.h"
#include "base/utf8.h"
#include "match/ruleset.h"
#include "rules/layer.h"

#include <glib.h>

/* Puts the path in front of the message, so that one line says all. Of a path that is long the end is shown. */
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

/* Makes a set from the entries above base, and frees them. */
static bounce_status finish_load(struct rule_entries *e, const struct layer *base, bounce_rules_error_fn *on_error,
                                 void *data, bounce_rules **out, bounce_error *error)
{
    bounce_rules *rules = ruleset_new();
    const struct layer *layer = layer_build(e, base, ruleset_arena(rules));
    bounce_status status = layer ? BOUNCE_OK : report_errors(e, on_error, data, error);
    arena_free(e->arena);
    if (!layer) {
        bounce_rules_unref(rules);
        return status;
    }
    ruleset_stack(rules, base, layer);
    *out = rules;
    return BOUNCE_OK;
}

static bounce_status refuse(bounce_error *error, const char *message)
{
    if (error) {
        *error = (bounce_error){.status = BOUNCE_ERROR_ARGUMENT};
        g_strlcpy(error->message, message, sizeof error->message);
    }
    return BOUNCE_ERROR_ARGUMENT;
}

bounce_status bounce_rules_load(const char *const *paths, size_t count, bounce_rules_error_fn *on_error, void *data,
                                bounce_rules **rules, bounce_error *error)
{
    if (rules)
        *rules = NULL;
    if (!rules)
        return refuse(error, "bounce_rules_load: rules is NULL");
    for (size_t i = 0; i < count; i++)
        if (!paths || !paths[i])
            return refuse(error, "bounce_rules_load: a path is NULL");
    if (!count) {
        *rules = bounce_rules_default();
        return BOUNCE_OK;
    }
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    for (size_t i = 0; i < count; i++)
        rule_source_read(&entries, paths[i]);
    return finish_load(&entries, &bounce_builtin_layer, on_error, data, rules, error);
}

bounce_status bounce_rules_load_memory(const char *const *texts, const char *const *names, size_t count,
                                       bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                       bounce_error *error)
{
    if (rules)
        *rules = NULL;
    if (!rules)
        return refuse(error, "bounce_rules_load_memory: rules is NULL");
    for (size_t i = 0; i < count; i++)
        if (!texts || !texts[i])
            return refuse(error, "bounce_rules_load_memory: a text is NULL");
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    for (size_t i = 0; i < count; i++) {
        const char *name = names && names[i] ? arena_strdup(&arena, names[i]) : arena_printf(&arena, "text %zu", i + 1);
        rule_file_read(&entries, name, span_z(texts[i]));
    }
    return finish_load(&entries, &bounce_builtin_layer, on_error, data, rules, error);
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
    return finish_load(&entries, base ? base : &bounce_builtin_layer, on_error, data, rules, error);
}
