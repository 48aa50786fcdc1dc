/* SPDX-License-Identifier: MIT */
/*
 * pack.c - a layer to flat tables of numbers (match/tables.h).
 *
 * What comes in: the rules and dialects of a layer, in order and indexed, as
 * pointers. What goes out: the same as a few tables that refer to strings, lists
 * and patterns by their places. Equal ones are stored once, and what is only
 * shown comes after what is searched, so that matching touches little memory.
 * Nothing is refused.
 */
#include "rules/pack.h"
#include "rules/dialect_index.h"
#include "rules/packer.h"
#include "smtp/reasons.h"

/* ------------------------------------------------------------------ rules */

static uint32_t count_not_indexed(const struct parsed_pattern *patterns, size_t count)
{
    uint32_t unsure = 0;
    for (size_t i = 0; i < count; i++)
        unsure += !patterns[i].indexed;
    return unsure;
}

static struct bounce_rule pack_rule(struct packer *p, const struct parsed_rule *from, size_t rank)
{
    struct range patterns = pack_patterns(p, from->patterns, from->pattern_count);
    pack_patterns(p, from->unless, from->unless_count);
    return (struct bounce_rule){.tier = (uint8_t)from->tier,
                                .reason = (uint8_t)from->reason,
                                .cause = (uint8_t)from->cause,
                                .scope = pack_scope(p, &from->scope),
                                .rank = (uint32_t)rank,
                                .first_owner = from->first_owner,
                                .first_unless = from->first_unless,
                                .first_pattern = patterns.first,
                                .pattern_count = patterns.count,
                                .unless_count = (uint32_t)from->unless_count,
                                .unsure_unless = count_not_indexed(from->unless, from->unless_count)};
}

static struct bounce_rule *pack_rules(struct packer *p, const struct parsed_layer *from)
{
    struct rule_table *table = arena_calloc(p->arena, 1, sizeof *table + from->rule_count * sizeof *table->rules);
    table->layer = p->layer;
    for (size_t i = 0; i < from->rule_count; i++)
        table->rules[i] = pack_rule(p, &from->rules[i], i);
    p->layer->rules = table->rules;
    p->layer->rule_count = from->rule_count;
    return table->rules;
}

/* What is only shown; called when everything that is searched is there. */
static void pack_abouts(struct packer *p, const struct parsed_layer *from, struct bounce_rule *rules)
{
    struct rule_about *abouts = arena_calloc(p->arena, from->rule_count, sizeof *abouts);
    for (size_t i = 0; i < from->rule_count; i++)
        rules[i].id = pack_string(p, from->rules[i].id);
    for (size_t i = 0; i < from->rule_count; i++) {
        const struct parsed_rule *rule = &from->rules[i];
        abouts[i] = (struct rule_about){.file = pack_string(p, rule->file),
                                        .why = pack_string(p, rule->why),
                                        .tag = pack_string(p, rule->tag),
                                        .line = rule->line,
                                        .needs = pack_list(p, rule->needs),
                                        .examples = pack_list(p, rule->examples),
                                        .nears = pack_list(p, rule->nears),
                                        .implies = (uint32_t)rule->implies,
                                        .priority = rule->priority,
                                        .last = rule->last};
    }
    p->layer->abouts = abouts;
}

/* ------------------------------------------------------------------ layer */

/* All of it is in the arena already, except for the places of the reasons. */
static void take_order(struct packer *p, const struct parsed_layer *from)
{
    struct layer *layer = p->layer;
    uint32_t *reasons = arena_calloc(p->arena, REASON_COUNT, sizeof *reasons);
    for (size_t i = 0; i < REASON_COUNT; i++)
        reasons[i] = from->reason_places[i];
    layer->reason_places = reasons;
    layer->order = from->order;
    layer->order_count = from->order_count;
    layer->dialect_order = from->dialect_order;
    layer->dialect_order_count = from->dialect_order_count;
    layer->pairs = from->pairs;
    layer->pair_count = from->pair_count;
    layer->dialect_pairs = from->dialect_pairs;
    layer->dialect_pair_count = from->dialect_pair_count;
}

/* The tables that are flat already. */
static void take_flat_tables(struct layer *layer, const struct parsed_layer *from)
{
    layer->rule_heads = from->rule_heads;
    layer->dialect_heads = from->dialect_heads;
    layer->literals = from->literals;
    layer->expiry = from->expiry;
    layer->owners = from->owners;
    layer->owner_count = from->owner_count;
    layer->owner_faces = from->owner_faces;
    layer->regex_count = from->regex_count;
    layer->digest = from->digest;
    layer->header_count = from->header_count;
}

const struct layer *layer_pack(const struct parsed_layer *from, struct arena *a)
{
    struct packer p;
    packer_init(&p, a);
    take_flat_tables(p.layer, from);
    take_order(&p, from);
    p.regex_also = arena_calloc(a, from->regex_count, sizeof *p.regex_also);
    p.layer->regex_also = p.regex_also;
    struct bounce_rule *rules = pack_rules(&p, from);
    struct know *knows = pack_knows(&p, from);
    struct sign *signs = pack_signs(&p, from);
    struct dialect_action *actions = pack_actions(&p, from);
    pack_dialects(&p, from);
    pack_classes(&p, from);
    pack_words(&p, from->words);
    pack_abouts(&p, from, rules);
    p.layer->removed = pack_list(&p, from->removed);
    packer_finish(&p);
    dialect_index_build(a, p.layer, knows, signs, actions);
    return p.layer;
}
