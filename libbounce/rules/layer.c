/* SPDX-License-Identifier: MIT */
/*
 * layer.c - entries of rule files to one layer.
 *
 * What comes in: the entries of all files of one set. What goes out: sorted
 * tables, the index of their literals, the digest; pack.c packs them.
 * Refused: ids that stand twice, `override` of what is not there, a rule that
 * hides a built-in one without saying `override`, more rules than the cap.
 */
#include "rules/layer.h"
#include "base/limits.h"
#include "base/literals.h"
#include "match/regex.h"
#include "match/rule_order.h"
#include "rules/parsed.h"
#include "text/text.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static int compare_rules(const void *left, const void *right)
{
    const struct parsed_rule *a = left, *b = right;
    return rule_order_compare(&(struct rule_order){a->tier, a->priority, a->literal_length, a->id},
                              &(struct rule_order){b->tier, b->priority, b->literal_length, b->id});
}

static int compare_dialects(const void *left, const void *right)
{
    const struct parsed_dialect *a = left, *b = right;
    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* ------------------------------------------------------------- overrides */

struct resolver {
    struct rule_entries *e;
    GHashTable *rules, *overrides, *dialects; /* id -> entry */
    GHashTable *below;                        /* ids of the rules below */
    GPtrArray *removed;                       /* ids removed from below */
};

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

static void enter_rule(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->rules, entry->rule.id);
    if (other)
        entry_error(v, entry, "is the id of another rule", other);
    else if (g_hash_table_contains(v->below, entry->rule.id))
        entry_error(v, entry, "is a built-in rule: write \"override\" to replace it", NULL);
    else
        g_hash_table_insert(v->rules, (gpointer)entry->rule.id, entry);
}

static void enter_override(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->overrides, entry->rule.id);
    if (other)
        entry_error(v, entry, "is overridden already", other);
    else
        g_hash_table_insert(v->overrides, (gpointer)entry->rule.id, entry);
}

/* A dialect of a later file replaces one of an earlier file. */
static void enter_dialect(struct resolver *v, struct rule_entry *entry)
{
    struct rule_entry *other = g_hash_table_lookup(v->dialects, entry->dialect.id);
    if (other && other->file == entry->file)
        entry_error(v, entry, "is the id of another dialect of this file", other);
    else
        g_hash_table_insert(v->dialects, (gpointer)entry->dialect.id, entry);
}

static void enter(struct resolver *v, struct rule_entry *entry)
{
    if (entry->kind == ENTRY_RULE)
        enter_rule(v, entry);
    else if (entry->kind == ENTRY_OVERRIDE)
        enter_override(v, entry);
    else
        enter_dialect(v, entry);
}

static void check_override(struct resolver *v, struct rule_entry *entry)
{
    bool below = g_hash_table_contains(v->below, entry->rule.id);
    if (!below && !g_hash_table_contains(v->rules, entry->rule.id))
        entry_error(v, entry, "is no rule that could be overridden", NULL);
    else if (below && entry->removes)
        g_ptr_array_add(v->removed, (gpointer)entry->rule.id);
}

static bool entry_counts(const struct resolver *v, const struct rule_entry *entry)
{
    if (entry->kind == ENTRY_DIALECT)
        return g_hash_table_lookup(v->dialects, entry->dialect.id) == entry;
    if (entry->kind == ENTRY_OVERRIDE)
        return !entry->removes;
    return !g_hash_table_contains(v->overrides, entry->rule.id);
}

static void resolve(struct resolver *v, const struct layer *below)
{
    v->rules = g_hash_table_new(g_str_hash, g_str_equal);
    v->overrides = g_hash_table_new(g_str_hash, g_str_equal);
    v->dialects = g_hash_table_new(g_str_hash, g_str_equal);
    v->below = g_hash_table_new(g_str_hash, g_str_equal);
    v->removed = g_ptr_array_new();
    for (size_t i = 0; below && i < below->rule_count; i++)
        g_hash_table_add(v->below, (gpointer)layer_string(below, below->rules[i].id));
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        enter(v, entry);
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next)
        if (entry->kind == ENTRY_OVERRIDE)
            check_override(v, entry);
    if (v->e->rule_count > LIMIT_RULES) {
        struct rule_error where = {.path = v->e->first->path, .status = BOUNCE_ERROR_RULES};
        rule_entries_error(v->e, &where, "%zu rules are more than the %d of one set", v->e->rule_count, LIMIT_RULES);
    }
}

static void resolver_free(struct resolver *v)
{
    g_hash_table_destroy(v->rules);
    g_hash_table_destroy(v->overrides);
    g_hash_table_destroy(v->dialects);
    g_hash_table_destroy(v->below);
    g_ptr_array_free(v->removed, TRUE);
}

/* ---------------------------------------------------------------- tables */

static uint32_t literal_length(const struct parsed_rule *rule)
{
    size_t longest = 0;
    for (const char *const *need = rule->needs; need && *need; need++)
        longest = MAX(longest, strlen(*need));
    for (size_t i = 0; i < rule->pattern_count; i++) {
        size_t n = 0;
        for (size_t j = 0; j < rule->patterns[i].segment_count; j++)
            n += strlen(rule->patterns[i].segments[j]);
        longest = MAX(longest, n);
    }
    return (uint32_t)longest;
}

static void fill_tables(struct resolver *v, struct parsed_layer *layer)
{
    struct parsed_rule *rules = arena_calloc(v->e->arena, v->e->rule_count, sizeof *rules);
    struct parsed_dialect *dialects = arena_calloc(v->e->arena, v->e->dialect_count, sizeof *dialects);
    for (struct rule_entry *entry = v->e->first; entry; entry = entry->next) {
        if (!entry_counts(v, entry))
            continue;
        if (entry->kind == ENTRY_DIALECT) {
            dialects[layer->dialect_count++] = entry->dialect;
        } else {
            rules[layer->rule_count] = entry->rule;
            rules[layer->rule_count].literal_length = literal_length(&entry->rule);
            layer->rule_count++;
        }
    }
    qsort(rules, layer->rule_count, sizeof *rules, compare_rules);
    qsort(dialects, layer->dialect_count, sizeof *dialects, compare_dialects);
    layer->rules = rules;
    layer->dialects = dialects;
}

static void add_source(GArray *sources, const char *const *texts, size_t count, size_t owner)
{
    struct literal_source source = {texts, count, (uint32_t)owner};
    g_array_append_val(sources, source);
}

/* Where a phrase of one part may stand is told with its literal. */
static uint32_t flags_of(const struct parsed_pattern *p)
{
    if (p->is_regex)
        return OWNER_REGEX;
    if (p->segment_count != 1)
        return 0;
    const char *text = p->segments[0];
    uint32_t flags = OWNER_PLACED;
    if (ascii_is_alnum(text[0]))
        flags |= OWNER_LEFT;
    if (ascii_is_alnum(text[strlen(text) - 1]) && !p->open_end)
        flags |= OWNER_RIGHT;
    return flags;
}

/* Each pattern of a rule is an owner, and its needs together are one. Behind
 * those of all rules each `unless` is one. */
static size_t number_owners(struct parsed_rule *rules, size_t rule_count)
{
    size_t count = 0;
    for (size_t i = 0; i < rule_count; i++) {
        rules[i].first_owner = (uint32_t)count;
        count += rules[i].pattern_count + 1;
    }
    for (size_t i = 0; i < rule_count; i++) {
        rules[i].first_unless = (uint32_t)count;
        count += rules[i].unless_count;
    }
    return count;
}

/* By their numbers. */
static struct rule_owner *describe_owners(struct arena *a, const struct parsed_layer *layer, size_t count)
{
    struct rule_owner *owners = arena_calloc(a, count, sizeof *owners);
    for (uint32_t i = 0; i < layer->rule_count; i++) {
        const struct parsed_rule *r = &layer->rules[i];
        for (uint32_t k = 0; k <= r->pattern_count; k++)
            owners[r->first_owner + k] =
                (struct rule_owner){i, k, k < r->pattern_count ? flags_of(&r->patterns[k]) : 0};
        for (uint32_t k = 0; k < r->unless_count; k++)
            owners[r->first_unless + k] = (struct rule_owner){i, k, flags_of(&r->unless[k]) | OWNER_UNLESS};
    }
    return owners;
}

/* In the order of the literals, so that those of one stand together. */
static void arrange_owners(struct arena *a, struct parsed_layer *layer, const struct rule_owner *by_number)
{
    const struct literals *l = layer->literals;
    struct rule_owner *owners = arena_calloc(a, l->owner_count, sizeof *owners);
    for (size_t i = 0; i < l->owner_count; i++)
        owners[i] = by_number[l->owners[i]];
    layer->owners = owners;
    layer->owner_count = l->owner_count;
}

/* The literals of one pattern. An expression may have none that is sure. */
static void index_pattern(struct arena *a, GArray *sources, struct parsed_pattern *p, size_t owner)
{
    if (!p->is_regex) {
        add_source(sources, p->segments, p->segment_count, owner);
        p->indexed = true;
        return;
    }
    const char *literals[REGEX_LITERALS_MAX];
    size_t count = regex_sure_literals(a, p->source, REGEX_BRIEFLY, literals, &p->also);
    p->indexed = count > 0;
    for (size_t i = 0; i < count && p->indexed; i++)
        p->indexed = strlen(literals[i]) > LITERAL_BYTES_MIN; /* so short a one costs more than it saves */
    const char **texts = arena_calloc(a, count, sizeof *texts);
    for (size_t i = 0; i < count && p->indexed; i++) {
        texts[i] = literals[i];
        add_source(sources, &texts[i], 1, owner);
    }
}

/* What the rules are for: the texts that they are known to match. */
static struct span sample_of(struct rule_entries *e, const struct parsed_layer *layer)
{
    struct strbuf all;
    strbuf_init(&all, e->arena);
    for (size_t i = 0; i < layer->rule_count; i++)
        for (const char *const *example = layer->rules[i].examples; example && *example; example++) {
            strbuf_puts(&all, text_fold(e->arena, span_z(*example)));
            strbuf_putc(&all, '\n');
        }
    return span_of(all.s, all.n);
}

static void index_rules(struct arena *a, struct rule_entries *e, struct parsed_layer *layer)
{
    GArray *sources = g_array_new(FALSE, FALSE, sizeof(struct literal_source));
    size_t owners = number_owners((struct parsed_rule *)layer->rules, layer->rule_count);
    for (size_t i = 0; i < layer->rule_count; i++) {
        const struct parsed_rule *rule = &layer->rules[i];
        size_t owner = rule->first_owner;
        for (size_t j = 0; j < rule->pattern_count; j++)
            index_pattern(e->arena, sources, (struct parsed_pattern *)&rule->patterns[j], owner++);
        for (const char *const *need = rule->needs; need && *need; need++)
            add_source(sources, need, 1, owner);
        for (size_t j = 0; j < rule->unless_count; j++)
            index_pattern(e->arena, sources, (struct parsed_pattern *)&rule->unless[j], rule->first_unless + j);
    }
    layer->literals = literals_build(a, (const void *)sources->data, sources->len, sample_of(e, layer));
    arrange_owners(a, layer, describe_owners(e->arena, layer, owners));
    g_array_free(sources, TRUE);
}

/* ---------------------------------------------------------------- digest */

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of the digests of the files, sorted: renaming a file changes nothing. */
static const char *digest_of_files(struct rule_entries *e, struct arena *a)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (e->file_count)
        qsort(e->digests, e->file_count, sizeof *e->digests, compare_strings);
    for (size_t i = 0; i < e->file_count; i++)
        g_checksum_update(sum, (const guchar *)e->digests[i], -1);
    const char *hex = arena_strdup(a, g_checksum_get_string(sum));
    g_checksum_free(sum);
    return hex;
}

const struct parsed_layer *rulelayer_arrange(struct rule_entries *e, const struct layer *below, struct arena *a)
{
    struct resolver v = {.e = e};
    struct parsed_layer *layer = arena_calloc(e->arena, 1, sizeof *layer);
    resolve(&v, below);
    if (e->error_count) {
        rule_entries_sort_errors(e);
        layer = NULL;
        goto done;
    }
    fill_tables(&v, layer);
    index_rules(a, e, layer);
    ruledialects_arrange(e, layer);
    layer->regex_count = e->regex_count;
    layer->digest = digest_of_files(e, a);
    g_ptr_array_add(v.removed, NULL);
    const char **removed = arena_calloc(e->arena, v.removed->len, sizeof *removed);
    memcpy(removed, v.removed->pdata, v.removed->len * sizeof *removed);
    layer->removed = removed;
done:
    resolver_free(&v);
    return layer;
}

const struct layer *rulelayer_build(struct rule_entries *e, const struct layer *below, struct arena *a)
{
    const struct parsed_layer *written = rulelayer_arrange(e, below, a);
    return written ? rulepack(written, a) : NULL;
}
