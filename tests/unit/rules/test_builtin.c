/* SPDX-License-Identifier: MIT */
/* test_builtin.c - the built-in rules: sound, and equal to their files. */
#include "base/literals.h"
#include "match/ruleset.h"
#include "match/tables.h"
#include "rules/layer.h"
#include "rules_testing.h"

Test(builtin, rules_are_sound)
{
    bounce_rules *rules = bounce_rules_default();
    const struct layer *layer = ruleset_layer(rules, 0);
    cr_assert_eq(ruleset_layers(rules), 1u);
    cr_expect_eq(bounce_rules_count(rules), layer->rule_count);
    cr_expect(strstr(bounce_rules_digest(rules), "+sha256:"));
    cr_expect_eq(bounce_rules_ref(rules), rules);
    bounce_rules_unref(rules);
    for (size_t i = 0; i < layer->rule_count; i++) {
        const struct bounce_rule *rule = &layer->rules[i];
        const struct rule_about *about = rule_about(layer, rule);
        const struct pattern *patterns = rule_patterns(layer, rule);
        const char *id = layer_string(layer, rule->id);
        cr_expect_eq(rule->rank, i);
        cr_expect_eq(rule_layer(rule), layer);
        cr_expect(id && about->file && about->why && about->examples && *layer_list(layer, about->examples) &&
                      about->nears && *layer_list(layer, about->nears) && rule->pattern_count,
                  "%s", id);
        for (size_t j = 0; j < rule->pattern_count; j++)
            cr_expect(patterns[j].is_regex ? ruleset_regex(rules, 0, &patterns[j], false) != NULL
                                           : patterns[j].text && patterns[j].segment_count,
                      "%s", id);
    }
    for (size_t i = 1; i < layer->rule_count; i++)
        cr_expect_leq(layer->rules[i - 1].tier, layer->rules[i].tier);
    bounce_rules_unref(rules);
}

static void expect_same_table(const struct literal_table *a, const struct literal_table *b)
{
    cr_assert(a->count == b->count && a->bucket_bits == b->bucket_bits);
    cr_expect_eq(memcmp(a->entries, b->entries, a->count * sizeof *a->entries), 0);
    cr_expect_eq(memcmp(a->buckets, b->buckets, (((size_t)1 << a->bucket_bits) + 1) * sizeof *a->buckets), 0);
}

static void expect_same_bitmap(struct literal_bitmap a, struct literal_bitmap b)
{
    cr_assert_eq(a.bits, b.bits);
    cr_expect_eq(memcmp(a.words, b.words, ((size_t)1 << a.bits) / 8), 0);
}

static void expect_same_literals(const struct literals *a, const struct literals *b)
{
    cr_assert(a->count == b->count && a->owner_count == b->owner_count && a->pair_count == b->pair_count);
    for (size_t i = 0; i < a->count; i++)
        cr_assert(a->items[i].first_owner == b->items[i].first_owner && a->items[i].length == b->items[i].length &&
                      a->items[i].owner_count == b->items[i].owner_count &&
                      strcmp(a->texts + a->items[i].text, b->texts + b->items[i].text) == 0,
                  "%s", b->texts + b->items[i].text);
    cr_expect_eq(memcmp(a->owners, b->owners, a->owner_count * sizeof *a->owners), 0);
    cr_expect_eq(memcmp(a->pairs, b->pairs, a->pair_count * sizeof *a->pairs), 0);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        expect_same_table(&a->tables[kind], &b->tables[kind]);
    expect_same_bitmap(a->places, b->places);
    expect_same_bitmap(a->windows, b->windows);
    expect_same_bitmap(a->others, b->others);
    expect_same_bitmap(a->shorts, b->shorts);
}

static void expect_same_heads(const struct word_heads *a, const struct word_heads *b)
{
    cr_assert(a->count == b->count && a->bucket_bits == b->bucket_bits && a->block_count == b->block_count &&
              a->slot_count == b->slot_count);
    cr_expect_eq(memcmp(a->items, b->items, (a->count + 1) * sizeof *a->items), 0);
    cr_expect_eq(memcmp(a->buckets, b->buckets, (((size_t)1 << a->bucket_bits) + 1) * sizeof *a->buckets), 0);
    for (size_t i = 0; i < a->block_count; i++)
        cr_assert(a->blocks[i].word == b->blocks[i].word && a->blocks[i].bits == b->blocks[i].bits, "block %zu", i);
}

static void expect_same_patterns(const struct pattern *a, const struct pattern *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert(a[i].text == b[i].text && a[i].more == b[i].more && a[i].length == b[i].length &&
                      a[i].segment_count == b[i].segment_count && a[i].is_regex == b[i].is_regex &&
                      a[i].open_end == b[i].open_end,
                  "pattern %zu", i);
}

static void expect_same_conditions(const struct layer *a, const struct layer *b)
{
    cr_assert_eq(a->know_count, b->know_count);
    for (size_t i = 0; i < a->know_count; i++) {
        const struct know *k = &a->knows[i], *l = &b->knows[i];
        cr_assert(k->key == l->key && k->also == l->also && k->any == l->any && k->indexed == l->indexed &&
                      k->negated == l->negated && k->below == l->below && k->keys == l->keys && k->sign == l->sign &&
                      k->twin == l->twin && k->header_slot == l->header_slot && k->header == l->header,
                  "know %zu", i);
        expect_same_patterns(&k->pattern, &l->pattern, 1);
    }
}

static void expect_same_numbers(const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(a[i], b[i], "number %zu", i);
}

static void expect_same_groups(const struct know_groups *a, const struct know_groups *b)
{
    cr_assert(a->group_count == b->group_count && a->condition_count == b->condition_count &&
              a->trigger_count == b->trigger_count);
    for (size_t i = 0; i < a->group_count; i++)
        cr_assert(a->groups[i].first == b->groups[i].first && a->groups[i].count == b->groups[i].count &&
                  a->groups[i].owner == b->groups[i].owner);
    expect_same_numbers(a->conditions, b->conditions, a->condition_count);
    expect_same_numbers(a->first, b->first, a->trigger_count + 1);
    expect_same_numbers(a->triggered, b->triggered, a->first[a->trigger_count]);
}

static void expect_same_indexes(const struct layer *a, const struct layer *b)
{
    cr_assert(a->first_line_pattern == b->first_line_pattern && a->header_count == b->header_count);
    expect_same_groups(&a->groups, &b->groups);
    expect_same_groups(&a->sign_groups, &b->sign_groups);
    expect_same_groups(&a->header_groups, &b->header_groups);
    expect_same_numbers(a->header_names, b->header_names, a->header_count);
    expect_same_numbers(a->header_heads, b->header_heads, FIELD_NAME_BITS);
    expect_same_numbers(a->header_next, b->header_next, a->header_count);
    expect_same_numbers(a->header_searched, b->header_searched, a->header_count);
    for (size_t i = 0; i <= (a->pattern_count - a->first_line_pattern) / 64; i++)
        cr_assert_eq(a->unsure_patterns[i], b->unsure_patterns[i]);
    cr_assert_eq(a->expiry->count, b->expiry->count);
    for (size_t i = 0; i < a->pattern_count - a->first_line_pattern; i++)
        cr_assert_eq(a->line_pairs[i], b->line_pairs[i]);
    for (size_t i = 0; i <= a->action_count / 64; i++)
        cr_assert_eq(a->unsure_actions[i], b->unsure_actions[i]);
}

static void expect_same_small_tables(const struct layer *a, const struct layer *b)
{
    cr_assert_eq(a->action_count, b->action_count);
    for (size_t i = 0; i < a->action_count; i++) {
        cr_assert(a->actions[i].action == b->actions[i].action && a->actions[i].always == b->actions[i].always &&
                  a->actions[i].indexed == b->actions[i].indexed);
        expect_same_patterns(&a->actions[i].pattern, &b->actions[i].pattern, 1);
    }
    cr_assert_eq(a->decided_count, b->decided_count);
    for (size_t i = 0; i < a->decided_count; i++) {
        cr_assert(a->decided[i].who == b->decided[i].who && a->decided[i].always == b->decided[i].always);
        expect_same_patterns(&a->decided[i].pattern, &b->decided[i].pattern, 1);
    }
    cr_assert_eq(a->command_count, b->command_count);
    for (size_t i = 0; i < a->command_count; i++) {
        cr_assert_eq(a->commands[i].command, b->commands[i].command);
        expect_same_patterns(&a->commands[i].phrase, &b->commands[i].phrase, 1);
    }
}

/* Tables of structs without padding. */
#define EXPECT_SAME(a, b, table, count) \
    do { \
        cr_assert_eq((a)->count, (b)->count, #table); \
        cr_assert_eq(memcmp((a)->table, (b)->table, (a)->count * sizeof *(a)->table), 0, #table); \
    } while (0)

/* embed_rules wrote the result of reading the files. */
Test(builtin, rules_are_what_the_files_say)
{
    struct arena arena;
    struct rule_entries entries;
    const struct layer *a = &bounce_builtin_layer;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    rule_source_read(&entries, BOUNCE_SOURCE_DIR "/data/patterns");
    reason_order_read(&entries, BOUNCE_SOURCE_DIR "/data/patterns/order");
    const struct layer *b = layer_build(&entries, NULL, &arena);
    cr_assert(b, "%s:%u: %s", entries.errors[0].path, (unsigned)entries.errors[0].line, entries.errors[0].message);
    EXPECT_SAME(a, b, strings, string_bytes);
    EXPECT_SAME(a, b, lists, list_count);
    EXPECT_SAME(a, b, segments, segment_count);
    EXPECT_SAME(a, b, scopes, scope_count);
    EXPECT_SAME(a, b, rules, rule_count);
    EXPECT_SAME(a, b, abouts, rule_count);
    EXPECT_SAME(a, b, dialects, dialect_count);
    EXPECT_SAME(a, b, owners, owner_count);
    EXPECT_SAME(a, b, words, word_count);
    EXPECT_SAME(a, b, pairs, pair_count);
    EXPECT_SAME(a, b, dialect_pairs, dialect_pair_count);
    expect_same_numbers(a->reason_places, b->reason_places, BOUNCE_REASON_DELIVERED + 1);
    cr_assert(!a->order && !b->order && !a->dialect_order && !b->dialect_order);
    cr_assert_eq(memcmp(a->word_lists, b->word_lists, WORDS_COUNT * sizeof *a->word_lists), 0, "word_lists");
    cr_assert_eq(a->pattern_count, b->pattern_count);
    expect_same_patterns(a->patterns, b->patterns, a->pattern_count);
    expect_same_conditions(a, b);
    expect_same_indexes(a, b);
    expect_same_small_tables(a, b);
    expect_same_heads(&a->rule_heads, &b->rule_heads);
    expect_same_heads(&a->dialect_heads, &b->dialect_heads);
    expect_same_literals(a->literals, b->literals);
    expect_same_literals(a->head_literals, b->head_literals);
    expect_same_literals(a->body_literals, b->body_literals);
    cr_expect(a->regex_count == b->regex_count && a->header_count == b->header_count && !a->removed && !b->removed);
    cr_expect_str_eq(a->digest, b->digest);
    arena_free(&arena);
}
