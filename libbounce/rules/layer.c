/* SPDX-License-Identifier: MIT */
/*
 * layer.c - entries of rule files to one layer.
 *
 * What comes in: the entries of all files of a set. What goes out: rules and
 * dialects in order, with their indexes and a digest; pack.c packs them. Refused,
 * with an error: an id that is used twice, `override` of a rule that does not
 * exist, a rule that hides a built-in one without saying `override`, and more
 * rules than LIMIT_RULES.
 */
#include "rules/layer.h"
#include "base/limits.h"
#include "rules/arrays.h"
#include "rules/classes.h"
#include "rules/dialects.h"
#include "rules/pack.h"
#include "rules/rule_check.h"
#include "rules/rule_index.h"
#include "rules/rule_ranks.h"
#include "rules/signs.h"
#include "rules/word_heads.h"
#include "smtp/reasons.h"

#include <glib.h>
#include <stdlib.h>

/* ------------------------------------------------------------- overrides */

struct resolver {
    struct rule_entries *e;
    GHashTable *rules, *overrides, *dialects; /* id -> entry */
    GHashTable *lower_rules;                  /* ids */
    GPtrArray *removed;                       /* ids of rules of the lower layer, and NULL at the end */
};

/* other: the entry that this one clashes with, or NULL. */
static void entry_error(struct resolver *v, const struct rule_entry *entry, const char *message,
                        const struct rule_entry *other)
{
    struct rule_error where = {
        .path = entry->path, .file = entry->file, .status = BOUNCE_ERROR_RULES, .line = entry->rule.line, .column = 1};
    if (other)
        rule_entries_error(v->e, &where, "\"%s\" %s (%s:%u)", entry->rule.id, message, other->rule.file,
                           (unsigned)other->rule.line);
    else
        rule_entries_error(v->e, &where, "\"%s\" %s", entry->rule.id, message);
}

static void register_rule(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->rules, entry->rule.id);
    if (other)
        entry_error(v, entry, "is the id of another rule", other);
    else if (g_hash_table_contains(v->lower_rules, entry->rule.id))
        entry_error(v, entry, "is a built-in rule: write \"override\" to replace it", NULL);
    else
        g_hash_table_insert(v->rules, (gpointer)entry->rule.id, entry);
}

static void register_override(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->overrides, entry->rule.id);
    if (other)
        entry_error(v, entry, "is overridden already", other);
    else
        g_hash_table_insert(v->overrides, (gpointer)entry->rule.id, entry);
}

/* A dialect of a later file replaces one of an earlier file. */
static void register_dialect(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->dialects, entry->dialect.id);
    if (other && other->file == entry->file)
        entry_error(v, entry, "is the id of another dialect in this file", other);
    else
        g_hash_table_insert(v->dialects, (gpointer)entry->dialect.id, entry);
}

static void register_entry(struct resolver *v, struct rule_entry *entry)
{
    if (entry->kind == ENTRY_RULE)
        register_rule(v, entry);
    else if (entry->kind == ENTRY_OVERRIDE)
        register_override(v, entry);
    else if (entry->kind == ENTRY_DIALECT)
        register_dialect(v, entry);
}

static void check_override(struct resolver *v, struct rule_entry *entry)
{
    bool in_lower = g_hash_table_contains(v->lower_rules, entry->rule.id);
    if (!in_lower && !g_hash_table_contains(v->rules, entry->rule.id))
        entry_error(v, entry, "is not the id of a rule: there is nothing to override", NULL);
    else if (in_lower && entry->removes)
        g_ptr_array_add(v->removed, (gpointer)entry->rule.id);
}

/* False for what another entry replaces, and for `override ID` alone. */
static bool is_in_layer(const struct resolver *v, const struct rule_entry *entry)
{
    if (entry->kind == ENTRY_DIALECT)
        return g_hash_table_lookup(v->dialects, entry->dialect.id) == entry;
    if (entry->kind == ENTRY_OVERRIDE)
        return !entry->removes;
    return !g_hash_table_contains(v->overrides, entry->rule.id);
}

static void resolver_init(struct resolver *v, struct rule_entries *e, const struct layer *lower)
{
    v->e = e;
    v->rules = g_hash_table_new(g_str_hash, g_str_equal);
    v->overrides = g_hash_table_new(g_str_hash, g_str_equal);
    v->dialects = g_hash_table_new(g_str_hash, g_str_equal);
    v->lower_rules = g_hash_table_new(g_str_hash, g_str_equal);
    v->removed = g_ptr_array_new();
    for (size_t i = 0; lower && i < lower->rule_count; i++)
        g_hash_table_add(v->lower_rules, (gpointer)layer_string(lower, lower->rules[i].id));
}

static void resolver_free(struct resolver *v)
{
    g_hash_table_destroy(v->rules);
    g_hash_table_destroy(v->overrides);
    g_hash_table_destroy(v->dialects);
    g_hash_table_destroy(v->lower_rules);
    g_ptr_array_free(v->removed, TRUE);
}

static void resolve(struct resolver *v)
{
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        register_entry(v, entry);
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        if (entry->kind == ENTRY_OVERRIDE)
            check_override(v, entry);
    if (v->e->rule_count > LIMIT_RULES) {
        struct rule_error where = {.path = v->e->first->path, .status = BOUNCE_ERROR_RULES};
        rule_entries_error(v->e, &where, "there are %zu rules; a set may have at most %d", v->e->rule_count,
                           LIMIT_RULES);
    }
}

/* ----------------------------------------------------------------- tiers */

static enum rule_tier tier_in(const struct layer *lower, const char *id)
{
    for (size_t i = 0; lower && i < lower->rule_count; i++)
        if (strcmp(layer_string(lower, lower->rules[i].id), id) == 0)
            return (enum rule_tier)lower->rules[i].tier;
    return TIER_NONE;
}

/* The tier of a rule whose file does not state it. An override has that of what it replaces, and a rule that states
 * something about another one has that of the other: else its statement would mean nothing. All other rules of the
 * user go before what is built in. steps: how many such rules may still be asked, since they may go in a circle. */
static enum rule_tier unstated_tier(const struct resolver *v, const struct layer *lower, const struct rule_entry *entry,
                                    int steps)
{
    const struct parsed_rule *rule = &entry->rule;
    bool wins = lower && rule->masked; /* lines of format 1 mean what they meant */
    const char *other = entry->kind == ENTRY_OVERRIDE   ? rule->id
                        : wins && rule->statement_count ? rule->statements->word
                                                        : NULL;
    const struct rule_entry *own = other ? g_hash_table_lookup(v->rules, other) : NULL;
    if (own && own != entry && steps > 0)
        return own->rule.tier_stated ? own->rule.tier : unstated_tier(v, lower, own, steps - 1);
    enum rule_tier below = other ? tier_in(lower, other) : TIER_NONE;
    if (below)
        return below;
    return wins && !rule->statement_count && !rule->last ? TIER_TOKEN : TIER_DEFINITE;
}

static void settle_tiers(struct resolver *v, const struct layer *lower)
{
    enum { STEPS_MAX = 16 };
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        if ((entry->kind == ENTRY_RULE || entry->kind == ENTRY_OVERRIDE) && !entry->removes && !entry->rule.tier_stated)
            entry->rule.tier = unstated_tier(v, lower, entry, STEPS_MAX);
}

/* ----------------------------------------------------------------- order */

/* Signs have no order. */
static bool is_ordered_with(bool dialects, const struct rule_entry *entry)
{
    return entry->kind != ENTRY_SIGN && (entry->kind == ENTRY_DIALECT) == dialects;
}

static void sort_entries(struct resolver *v, bool is_dialects, const struct layer *lower, struct parsed_layer *layer,
                         struct arena *a)
{
    GPtrArray *entries = g_ptr_array_new();
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        if (is_ordered_with(is_dialects, entry) && is_in_layer(v, entry))
            g_ptr_array_add(entries, entry);
    rule_ranks_arrange(v->e, is_dialects, (const struct rule_entry *const *)entries->pdata, entries->len, lower, layer,
                       a);
    g_ptr_array_free(entries, TRUE);
}

/* If none were read: those of the layer below, or the numbers of the reasons. */
static const uint8_t *reason_places(struct rule_entries *e, const struct layer *lower)
{
    if (e->reason_places)
        return e->reason_places;
    e->reason_places = arena_calloc(e->arena, REASON_COUNT, sizeof *e->reason_places);
    for (size_t i = 0; i < REASON_COUNT; i++)
        e->reason_places[i] = (uint8_t)(lower && lower->reason_places ? lower->reason_places[i] : i);
    return e->reason_places;
}

/* ---------------------------------------------------------------- digest */

static int compare_digests(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The digest of the digests of the files, sorted: the names of the files and their order do not matter. */
static const char *digest_of_files(struct rule_entries *e, struct arena *a)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (e->file_count)
        qsort(e->digests, e->file_count, sizeof *e->digests, compare_digests);
    for (size_t i = 0; i < e->file_count; i++)
        g_checksum_update(sum, (const guchar *)e->digests[i], -1);
    const char *hex = arena_strdup(a, g_checksum_get_string(sum));
    g_checksum_free(sum);
    return hex;
}

/* ----------------------------------------------------------------- layer */

static const char *const *keep_removed(struct resolver *v)
{
    g_ptr_array_add(v->removed, NULL);
    return array_copy(v->e->arena, v->removed->pdata, v->removed->len * sizeof *v->removed->pdata);
}

const struct parsed_layer *layer_arrange(struct rule_entries *e, const struct layer *lower, struct arena *a)
{
    struct resolver v;
    struct parsed_layer *layer = arena_calloc(e->arena, 1, sizeof *layer);
    resolver_init(&v, e, lower);
    resolve(&v);
    signs_resolve(e, lower, layer);
    classes_resolve(e, lower);
    rule_check_nears(e);
    if (!e->error_count) {
        layer->reason_places = reason_places(e, lower);
        layer->removed = keep_removed(&v);
        settle_tiers(&v, lower);
        sort_entries(&v, false, lower, layer, a);
        sort_entries(&v, true, lower, layer, a);
    }
    if (!e->error_count)
        rows_arrange(e, rule_sample(e->arena, layer));
    resolver_free(&v);
    if (e->error_count) {
        rule_entries_sort_errors(e);
        return NULL;
    }
    layer->classes = e->classes;
    layer->class_count = e->class_count;
    word_heads_choose(e);
    layer->rule_heads = word_heads_build(a, e, false);
    layer->dialect_heads = word_heads_build(a, e, true);
    rule_index_build(a, e->arena, layer);
    dialects_arrange(e, layer);
    layer->regex_count = e->regex_count;
    layer->digest = digest_of_files(e, a);
    layer->words = e->words;
    return layer;
}

const struct layer *layer_build(struct rule_entries *e, const struct layer *lower, struct arena *a)
{
    const struct parsed_layer *arranged = layer_arrange(e, lower, a);
    return arranged ? layer_pack(arranged, a) : NULL;
}
