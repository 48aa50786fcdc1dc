/* SPDX-License-Identifier: MIT */
/*
 * ruleset.c - sets of rules: the built-in layer, and perhaps the user's above it.
 *
 * In: layers as rules/ makes them. Out: a bounce_rules, immutable except for its reference count and its regular
 * expressions, which are compiled on first use; both are atomic. The built-in layer alone needs neither parsing nor
 * sorting. Nothing is refused.
 */
#include "match/ruleset.h"
#include "match/regex.h"

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

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
    uint32_t *places[RULESET_LAYERS_MAX]; /* NULL: there is only layer 0 */
    uint32_t *dialect_places[RULESET_LAYERS_MAX];
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

static uint32_t *no_places(bounce_rules *rules, size_t count)
{
    uint32_t *places = arena_alloc(&rules->arena, (count + 1) * sizeof *places);
    memset(places, 0xff, (count + 1) * sizeof *places);
    return places;
}

/* Entries that the upper layer replaces have no place. */
static void find_places(bounce_rules *rules, const struct layer *upper)
{
    for (size_t i = 0; i < RULESET_LAYERS_MAX; i++) {
        rules->places[i] = no_places(rules, rules->layers[i]->rule_count);
        rules->dialect_places[i] = no_places(rules, rules->layers[i]->dialect_count);
    }
    for (uint32_t i = 0; i < upper->order_count; i++)
        rules->places[upper->order[i].layer][upper->order[i].index] = i;
    for (uint32_t i = 0; i < upper->dialect_order_count; i++)
        rules->dialect_places[upper->dialect_order[i].layer][upper->dialect_order[i].index] = i;
    rules->count = upper->order_count;
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
    find_places(rules, upper);
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
    return rules->dialect_places[layer] && rules->dialect_places[layer][dialect] == UINT32_MAX;
}

const uint32_t *ruleset_places(const bounce_rules *rules, size_t layer)
{
    return rules->places[layer];
}

uint32_t ruleset_dialect_place(const bounce_rules *rules, size_t layer, size_t dialect)
{
    return rules->dialect_places[layer] ? rules->dialect_places[layer][dialect] : (uint32_t)dialect;
}

/* The one with none above it: its order is that of the set. */
static const struct layer *top_layer(const bounce_rules *rules)
{
    return rules->layers[rules->layer_count - 1];
}

bool ruleset_states(const bounce_rules *rules, uint32_t winner, uint32_t loser)
{
    const struct layer *top = top_layer(rules);
    size_t first = 0, end = top->pair_count;
    while (first < end) {
        size_t half = first + (end - first) / 2;
        const struct place_pair *pair = &top->pairs[half];
        if (pair->winner == winner && pair->loser == loser)
            return true;
        if (pair->winner < winner || (pair->winner == winner && pair->loser < loser))
            first = half + 1;
        else
            end = half;
    }
    return false;
}

const struct bounce_rule *ruleset_at(const bounce_rules *rules, size_t place, size_t *layer)
{
    const struct place *order = top_layer(rules)->order;
    *layer = order ? order[place].layer : 0;
    return &rules->layers[*layer]->rules[order ? order[place].index : place];
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

size_t bounce_rule_rank(const bounce_rules *rules, const bounce_rule *rule)
{
    for (size_t i = 0; rules && rule && i < rules->layer_count; i++)
        if (rules->layers[i] == rule_layer(rule))
            return (size_t)(uint32_t)((rules->places[i] ? rules->places[i][rule->rank] : rule->rank) + 1);
    return 0;
}

uint32_t bounce_rule_line(const bounce_rule *rule)
{
    return rule ? rule_about(rule_layer(rule), rule)->line : 0;
}
