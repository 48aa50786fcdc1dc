/* SPDX-License-Identifier: MIT */
/*
 * ruleset.c - sets of rules: the built-in layer, and perhaps one of the user's above it.
 *
 * What comes in: layers as rules/ makes them. What goes out: a bounce_rules,
 * immutable except for its reference count and its regular expressions, which
 * are compiled on first use; both are atomic. The built-in layer alone needs
 * neither parsing nor sorting. Nothing is refused.
 */
#include "match/ruleset.h"
#include "match/regex.h"
#include "match/rule_order.h"

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

struct place {
    uint32_t layer, rule;
};

/* Two for each expression of a layer: without JIT, and with it. */
typedef _Atomic(struct regex *) regex_slot;

/* The expressions that were compiled. They are few, so freeing a set need not visit all slots. */
struct made_regex {
    struct regex *regex;
    struct made_regex *next;
};

struct bounce_rules {
    atomic_uint references;
    struct arena arena;
    const struct layer *layers[RULESET_LAYERS_MAX];
    size_t layer_count;
    regex_slot *regexes[RULESET_LAYERS_MAX];
    _Atomic(struct made_regex *) made;
    bool *rule_off, *dialect_off; /* of layer 0; NULL: all are on */
    struct place *order;          /* NULL: there is only layer 0 */
    uint32_t *places[RULESET_LAYERS_MAX];
    size_t count;
    struct word_lists words;
    const char *digest;
    char *own_digest; /* digest of two layers, to be freed */
};

/* -------------------------------------------------------------- lifetime */

bounce_rules *ruleset_new(void)
{
    bounce_rules *rules = g_new0(bounce_rules, 1);
    atomic_init(&rules->references, 1);
    atomic_init(&rules->made, NULL);
    arena_init(&rules->arena);
    return rules;
}

static void add_layer(bounce_rules *rules, const struct layer *layer)
{
    rules->regexes[rules->layer_count] = g_new0(regex_slot, layer->regex_count * 2 + 1);
    rules->layers[rules->layer_count++] = layer;
    rules->count += layer->rule_count;
}

bounce_rules *bounce_rules_ref(bounce_rules *rules)
{
    if (rules)
        atomic_fetch_add_explicit(&rules->references, 1, memory_order_relaxed);
    return rules;
}

static void remember_regex(bounce_rules *rules, struct regex *regex)
{
    struct made_regex *made = g_new(struct made_regex, 1);
    *made = (struct made_regex){regex, atomic_load_explicit(&rules->made, memory_order_relaxed)};
    while (!atomic_compare_exchange_weak_explicit(&rules->made, &made->next, made, memory_order_release,
                                                  memory_order_relaxed))
        ;
}

static void free_regexes(bounce_rules *rules)
{
    struct made_regex *made = atomic_load_explicit(&rules->made, memory_order_acquire), *next;
    for (; made; made = next) {
        next = made->next;
        regex_free(made->regex);
        g_free(made);
    }
    for (size_t i = 0; i < rules->layer_count; i++)
        g_free(rules->regexes[i]);
}

void bounce_rules_unref(bounce_rules *rules)
{
    if (!rules || atomic_fetch_sub_explicit(&rules->references, 1, memory_order_acq_rel) != 1)
        return;
    free_regexes(rules);
    g_free(rules->own_digest);
    arena_free(&rules->arena);
    g_free(rules);
}

bounce_rules *bounce_rules_default(void)
{
    bounce_rules *rules = ruleset_new();
    add_layer(rules, &bounce_builtin_layer);
    word_lists_fill(&rules->words, &rules->arena, rules->layers, rules->layer_count);
    rules->digest = bounce_builtin_layer.label;
    return rules;
}

/* -------------------------------------------------- one layer above the other */

/* lower_rules: id -> 1 + index of the rule in layer 0. */
static void switch_off(bounce_rules *rules, const char *id, GHashTable *lower_rules)
{
    gpointer index = g_hash_table_lookup(lower_rules, id);
    if (index && !rules->rule_off[GPOINTER_TO_SIZE(index) - 1]) {
        rules->rule_off[GPOINTER_TO_SIZE(index) - 1] = true;
        rules->count--;
    }
}

static void override_rules(bounce_rules *rules, const struct layer *lower, const struct layer *upper)
{
    rules->rule_off = arena_calloc(&rules->arena, lower->rule_count, sizeof *rules->rule_off);
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < lower->rule_count; i++)
        g_hash_table_insert(ids, (gpointer)layer_string(lower, lower->rules[i].id), GSIZE_TO_POINTER(i + 1));
    for (size_t i = 0; i < upper->rule_count; i++)
        switch_off(rules, layer_string(upper, upper->rules[i].id), ids);
    for (const string_at *id = layer_list(upper, upper->removed); id && *id; id++)
        switch_off(rules, layer_string(upper, *id), ids);
    g_hash_table_destroy(ids);
}

static void override_dialects(bounce_rules *rules, const struct layer *lower, const struct layer *upper)
{
    rules->dialect_off = arena_calloc(&rules->arena, lower->dialect_count, sizeof *rules->dialect_off);
    for (size_t i = 0; i < upper->dialect_count; i++)
        for (size_t j = 0; j < lower->dialect_count; j++)
            if (strcmp(layer_string(upper, upper->dialects[i].id), layer_string(lower, lower->dialects[j].id)) == 0)
                rules->dialect_off[j] = true;
}

static struct rule_order order_of(const struct layer *layer, size_t index)
{
    const struct bounce_rule *rule = &layer->rules[index];
    return (struct rule_order){rule->tier, rule->priority, rule_about(layer, rule)->literal_length,
                               layer_string(layer, rule->id)};
}

static bool comes_before(const struct layer *a, size_t rule_a, const struct layer *b, size_t rule_b)
{
    struct rule_order left = order_of(a, rule_a), right = order_of(b, rule_b);
    return rule_order_compare(&left, &right) < 0;
}

/* Merges the two sorted layers into one order. */
static void merge_orders(bounce_rules *rules)
{
    const struct layer *lower = rules->layers[0], *upper = rules->layers[1];
    size_t next[RULESET_LAYERS_MAX] = {0, 0}, n = 0;
    rules->order = arena_calloc(&rules->arena, rules->count, sizeof *rules->order);
    for (size_t i = 0; i < RULESET_LAYERS_MAX; i++) {
        rules->places[i] = arena_alloc(&rules->arena, rules->layers[i]->rule_count * sizeof **rules->places);
        memset(rules->places[i], 0xff, rules->layers[i]->rule_count * sizeof **rules->places);
    }
    while (next[0] < lower->rule_count || next[1] < upper->rule_count) {
        size_t from = next[0] == lower->rule_count ||
                      (next[1] < upper->rule_count && comes_before(upper, next[1], lower, next[0]));
        size_t rule = next[from]++;
        if (from == 0 && rules->rule_off[rule])
            continue;
        rules->places[from][rule] = (uint32_t)n;
        rules->order[n++] = (struct place){(uint32_t)from, (uint32_t)rule};
    }
}

static char *digest_of_layers(const struct layer *lower, const struct layer *upper)
{
    const char *version = lower->version ? lower->version : "0";
    char *both = g_strconcat(lower->digest, "\n", upper->digest, NULL);
    char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);
    char *digest = g_strconcat(version, "+sha256:", hex, NULL);
    g_free(both);
    g_free(hex);
    return digest;
}

void ruleset_stack(bounce_rules *rules, const struct layer *lower, const struct layer *upper)
{
    add_layer(rules, lower);
    add_layer(rules, upper);
    override_rules(rules, lower, upper);
    override_dialects(rules, lower, upper);
    merge_orders(rules);
    word_lists_fill(&rules->words, &rules->arena, rules->layers, rules->layer_count);
    rules->digest = rules->own_digest = digest_of_layers(lower, upper);
}

struct arena *ruleset_arena(bounce_rules *rules)
{
    return &rules->arena;
}

/* ------------------------------------------------------------------ access */

size_t ruleset_layers(const bounce_rules *rules)
{
    return rules->layer_count;
}

const struct layer *ruleset_layer(const bounce_rules *rules, size_t index)
{
    return rules->layers[index];
}

bool ruleset_dialect_off(const bounce_rules *rules, size_t layer, size_t dialect)
{
    return layer == 0 && rules->dialect_off && rules->dialect_off[dialect];
}

const uint32_t *ruleset_places(const bounce_rules *rules, size_t layer)
{
    return rules->order ? rules->places[layer] : NULL;
}

const struct bounce_rule *ruleset_at(const bounce_rules *rules, size_t place, size_t *layer)
{
    *layer = rules->order ? rules->order[place].layer : 0;
    return &rules->layers[*layer]->rules[rules->order ? rules->order[place].rule : place];
}

const struct regex *ruleset_regex(const bounce_rules *rules, size_t layer, const struct pattern *p, bool jit)
{
    regex_slot *slot = &rules->regexes[layer][p->more * 2 + jit];
    struct regex *regex = atomic_load_explicit(slot, memory_order_acquire), *none = NULL;
    if (regex)
        return regex;
    regex = regex_compile(layer_string(rules->layers[layer], p->text), jit, NULL);
    if (!regex)
        return NULL;
    if (atomic_compare_exchange_strong_explicit(slot, &none, regex, memory_order_acq_rel, memory_order_acquire)) {
        remember_regex((bounce_rules *)rules, regex);
        return regex;
    }
    regex_free(regex); /* another thread was first */
    return none;
}

const struct word_lists *ruleset_words(const bounce_rules *rules)
{
    return &rules->words;
}

/* ---------------------------------------------------------------- public */

const char *bounce_rules_digest(const bounce_rules *rules)
{
    return rules ? rules->digest : NULL;
}

size_t bounce_rules_count(const bounce_rules *rules)
{
    return rules ? rules->count : 0;
}

const bounce_rule *bounce_rules_at(const bounce_rules *rules, size_t index)
{
    size_t layer;
    return index < bounce_rules_count(rules) ? ruleset_at(rules, index, &layer) : NULL;
}

const char *bounce_rule_string(const bounce_rule *rule, bounce_rule_field field)
{
    if (!rule)
        return NULL;
    const struct layer *layer = rule_layer(rule);
    const struct rule_about *about = rule_about(layer, rule);
    switch (field) {
    case BOUNCE_RULE_ID: return layer_string(layer, rule->id);
    case BOUNCE_RULE_FILE: return layer_string(layer, about->file);
    case BOUNCE_RULE_WHY: return layer_string(layer, about->why);
    case BOUNCE_RULE_TAG: return layer_string(layer, about->tag);
    default: return NULL;
    }
}

bounce_reason bounce_rule_reason(const bounce_rule *rule)
{
    return rule ? (bounce_reason)rule->reason : BOUNCE_REASON_UNKNOWN;
}

int bounce_rule_tier(const bounce_rule *rule)
{
    return rule ? rule->tier : 0;
}

int bounce_rule_priority(const bounce_rule *rule)
{
    return rule ? rule->priority : 0;
}

uint32_t bounce_rule_line(const bounce_rule *rule)
{
    return rule ? rule_about(rule_layer(rule), rule)->line : 0;
}
