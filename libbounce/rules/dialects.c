/* SPDX-License-Identifier: MIT */
/*
 * dialects.c - the conditions and actions of all dialects and signs of a layer in
 * one table each.
 *
 * What comes in: dialects and signs as read, in order. What goes out: tables of what they share: the same conditions,
 * the same header fields. Nothing is refused.
 */
#include "rules/dialects.h"
#include "match/regex_syntax.h"
#include "rules/arrays.h"

/* Copies conditions to `to`. Returns what follows them there. */
static struct parsed_know *move_knows(struct parsed_know *to, struct parsed_know **knows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (*knows)[i];
    *knows = to;
    return to + count;
}

static struct parsed_know *gather_knows(struct arena *a, struct parsed_dialect *dialects, struct parsed_layer *layer)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        layer->know_count += dialects[i].know_count;
    for (size_t i = 0; i < layer->sign_count; i++)
        layer->know_count += layer->signs[i].know_count;
    struct parsed_know *knows = arena_calloc(a, layer->know_count, sizeof *knows), *next = knows;
    for (size_t i = 0; i < layer->dialect_count; i++)
        next = move_knows(next, &dialects[i].knows, dialects[i].know_count);
    for (size_t i = 0; i < layer->sign_count; i++)
        next = move_knows(next, &layer->signs[i].knows, layer->signs[i].know_count);
    layer->knows = knows;
    return knows;
}

/* Each alternative of an expression becomes an action of its own: few of them
 * have a literal in a text, and those are matched faster than all as one. */
static void add_alternatives(struct rule_entries *e, GArray *actions, const struct parsed_action *action)
{
    struct span branches[REGEX_BRANCHES_MAX];
    const struct parsed_pattern *p = &action->pattern;
    size_t count = !action->always && p->is_regex ? regex_branches(p->source, branches) : 0;
    struct parsed_action one = *action;
    for (size_t i = 0; i < count; i++) {
        one.pattern.source = arena_strndup(e->arena, branches[i].s, branches[i].n);
        one.pattern.regex_id = i ? (uint32_t)e->regex_count++ : p->regex_id;
        g_array_append_val(actions, one);
    }
    if (!count)
        g_array_append_val(actions, one);
}

static void gather_actions(struct rule_entries *e, struct parsed_dialect *dialects, struct parsed_layer *layer)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct parsed_action));
    for (size_t i = 0; i < layer->dialect_count; i++) {
        size_t first = all->len;
        for (size_t j = 0; j < dialects[i].action_count; j++)
            add_alternatives(e, all, &dialects[i].actions[j]);
        dialects[i].action_count = all->len - first;
    }
    layer->action_count = all->len;
    layer->actions = array_keep(e->arena, all);
    const struct parsed_action *next = layer->actions;
    for (size_t i = 0; i < layer->dialect_count; next += dialects[i++].action_count)
        dialects[i].actions = next;
}

/* Many dialects have the same conditions, such as a mailer-daemon as the sender. */
static void find_twins(struct parsed_layer *layer, struct parsed_know *knows)
{
    GHashTable *first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct parsed_know *k = &knows[i];
        const char *name = k->sign ? k->sign : k->header ? k->header : "";
        char *condition =
            g_strdup_printf("%d %s %d %d %d %d %s", (int)k->key, name, k->any, k->negated, k->pattern.is_regex,
                            k->pattern.whole_words, k->pattern.source ? k->pattern.source : "");
        gpointer index = g_hash_table_lookup(first, condition);
        knows[i].twin = index ? GPOINTER_TO_UINT(index) - 1 : (uint32_t)i;
        if (index)
            g_free(condition);
        else
            g_hash_table_insert(first, condition, GUINT_TO_POINTER(i + 1));
    }
    g_hash_table_destroy(first);
}

static void number_headers(struct parsed_layer *layer, struct parsed_know *knows)
{
    GHashTable *slots = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < layer->know_count; i++) {
        if (!knows[i].header)
            continue;
        if (!g_hash_table_contains(slots, knows[i].header))
            g_hash_table_insert(slots, (gpointer)knows[i].header, GUINT_TO_POINTER(layer->header_count++));
        knows[i].header_slot = GPOINTER_TO_UINT(g_hash_table_lookup(slots, knows[i].header));
    }
    g_hash_table_destroy(slots);
}

void dialects_arrange(struct rule_entries *e, struct parsed_layer *layer)
{
    struct parsed_know *knows = gather_knows(e->arena, (struct parsed_dialect *)layer->dialects, layer);
    gather_actions(e, (struct parsed_dialect *)layer->dialects, layer);
    number_headers(layer, knows);
    find_twins(layer, knows);
}
