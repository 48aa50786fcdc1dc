/* SPDX-License-Identifier: MIT */
/*
 * dialects.c - the conditions and actions of all dialects of a layer in one
 * table each.
 *
 * What comes in: dialects as they were read, sorted. What goes out: tables that
 * hold what dialects share: conditions that ask the same, the header fields that
 * are asked for. Nothing is refused.
 */
#include "match/regex.h"
#include "rules/parsed.h"

#include <glib.h>
#include <string.h>

/* Copies the knows of all dialects into one table. */
static struct parsed_know *gather_knows(struct arena *a, struct parsed_dialect *dialects, struct parsed_layer *layer)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        layer->know_count += dialects[i].know_count;
    struct parsed_know *knows = arena_calloc(a, layer->know_count, sizeof *knows), *next = knows;
    for (size_t i = 0; i < layer->dialect_count; i++) {
        if (dialects[i].know_count)
            memcpy(next, dialects[i].knows, dialects[i].know_count * sizeof *next);
        dialects[i].knows = next;
        next += dialects[i].know_count;
    }
    layer->knows = knows;
    return knows;
}

/* The alternatives of an expression as actions of their own: few of them have
 * a literal in a text, and each of these is found faster than all as one. */
static void add_action(struct rule_entries *e, GArray *actions, const struct parsed_action *action)
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

/* The actions of all dialects in one table. */
static void gather_actions(struct rule_entries *e, struct parsed_dialect *dialects, struct parsed_layer *layer)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct parsed_action));
    for (size_t i = 0; i < layer->dialect_count; i++) {
        size_t first = all->len;
        for (size_t j = 0; j < dialects[i].action_count; j++)
            add_action(e, all, &dialects[i].actions[j]);
        dialects[i].action_count = all->len - first;
    }
    struct parsed_action *actions = arena_calloc(e->arena, all->len, sizeof *actions), *next = actions;
    if (all->len)
        memcpy(actions, all->data, all->len * sizeof *actions);
    for (size_t i = 0; i < layer->dialect_count; next += dialects[i++].action_count)
        dialects[i].actions = next;
    layer->actions = actions;
    layer->action_count = all->len;
    g_array_free(all, TRUE);
}

/* Many dialects ask the same, such as whether a mail is from a mailer-daemon. */
static void find_twins(struct parsed_layer *layer, struct parsed_know *knows)
{
    GHashTable *first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct parsed_know *k = &knows[i];
        char *question = g_strdup_printf("%d %s %d %d %s", (int)k->key, k->header ? k->header : "", k->any,
                                         k->pattern.is_regex, k->pattern.source ? k->pattern.source : "");
        gpointer index = g_hash_table_lookup(first, question);
        knows[i].twin = index ? GPOINTER_TO_UINT(index) - 1 : (uint32_t)i;
        if (index)
            g_free(question);
        else
            g_hash_table_insert(first, question, GUINT_TO_POINTER(i + 1));
    }
    g_hash_table_destroy(first);
}

/* Some fields have conditions of their own, whose texts are at hand. */
static void use_own_key(struct parsed_know *know)
{
    if (!know->header || know->any)
        return;
    bool subject = strcmp(know->header, "subject") == 0;
    if (!subject && strcmp(know->header, "from") != 0)
        return;
    know->key = subject ? KNOW_SUBJECT : KNOW_FROM;
    know->header = NULL;
}

static void number_headers(struct parsed_layer *layer, struct parsed_know *knows)
{
    GHashTable *slots = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < layer->know_count; i++) {
        use_own_key(&knows[i]);
        if (!knows[i].header)
            continue;
        if (!g_hash_table_contains(slots, knows[i].header))
            g_hash_table_insert(slots, (gpointer)knows[i].header, GUINT_TO_POINTER(layer->header_count++));
        knows[i].header_slot = GPOINTER_TO_UINT(g_hash_table_lookup(slots, knows[i].header));
    }
    g_hash_table_destroy(slots);
}

void ruledialects_arrange(struct rule_entries *e, struct parsed_layer *layer)
{
    struct parsed_know *knows = gather_knows(e->arena, (struct parsed_dialect *)layer->dialects, layer);
    gather_actions(e, (struct parsed_dialect *)layer->dialects, layer);
    number_headers(layer, knows);
    find_twins(layer, knows);
}
