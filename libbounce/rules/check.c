/* SPDX-License-Identifier: MIT */
/*
 * check.c - rule files for those who write them.
 *
 * What comes in: the entries of rule files, and the set that was made of them. What goes out: how many entries there
 * are of each kind, and warnings: each example that its rule does not decide in the whole set, each near miss that it
 * does decide, and what has no effect. Nothing is refused.
 */
#include "rules/check.h"
#include "base/limits.h"
#include "rules/parsed.h"
#include "rules/rule_tests.h"
#include "rules/warnings.h"

enum { OWN_LAYER = 1 };

struct check {
    struct rule_entries *entries;
    const struct layer *layer; /* of the files */
    GHashTable *rules;         /* of the layer, by id */
    struct matcher *matcher;
    struct arena arena; /* for one text */
    size_t *counts;
};

static void failed(struct check *c, const struct rule_entry *entry, uint32_t line, const char *message)
{
    struct rule_error where = {.path = entry->path, .file = entry->file, .line = line, .column = 1};
    rule_entries_warning(c->entries, &where, "%s", message);
    c->counts[BOUNCE_RULES_COUNT_FAILED]++;
}

/* The rule that decides a text; NULL: none. */
static const struct bounce_rule *decide(struct check *c, const struct bounce_rule *rule, const char *text)
{
    static const struct match_budget budget = {LIMIT_TEXT_STEPS_DEFAULT, LIMIT_MESSAGE_STEPS_DEFAULT};
    arena_reset(&c->arena);
    matcher_begin(c->matcher, &budget);
    return rule_test_decide(c->matcher, &c->arena, c->layer, rule, text);
}

static void try_example(struct check *c, const struct rule_entry *entry, size_t i, const struct bounce_rule *rule)
{
    const struct bounce_rule *winner = decide(c, rule, entry->rule.examples[i]);
    struct arena *a = c->entries->arena;
    c->counts[BOUNCE_RULES_COUNT_EXAMPLES]++;
    if (winner == rule)
        return;
    failed(c, entry, entry->rule.example_lines[i],
           !winner
               ? "this example is decided by no rule"
               : arena_printf(a, "this example is decided by \"%s\" (%s:%u, tier %d)",
                              bounce_rule_string(winner, BOUNCE_RULE_ID), bounce_rule_string(winner, BOUNCE_RULE_FILE),
                              (unsigned)bounce_rule_line(winner), bounce_rule_tier(winner)));
}

static void try_near(struct check *c, const struct rule_entry *entry, size_t i, const struct bounce_rule *rule)
{
    c->counts[BOUNCE_RULES_COUNT_NEARS]++;
    if (decide(c, rule, entry->rule.nears[i]) == rule)
        failed(c, entry, entry->rule.near_lines[i], "this near miss is decided by its rule");
}

static void try_rule(struct check *c, const struct rule_entry *entry)
{
    const struct bounce_rule *rule = g_hash_table_lookup(c->rules, entry->rule.id);
    /* What an override replaces is not in the layer, but the override is, under the same id. */
    if (!rule || bounce_rule_line(rule) != entry->rule.line)
        return;
    for (size_t i = 0; entry->rule.examples && entry->rule.examples[i]; i++)
        try_example(c, entry, i, rule);
    for (size_t i = 0; entry->rule.nears && entry->rule.nears[i]; i++)
        try_near(c, entry, i, rule);
}

static bool is_rule(const struct rule_entry *entry)
{
    return (entry->kind == ENTRY_RULE || entry->kind == ENTRY_OVERRIDE) && !entry->removes && !entry->unchecked;
}

static void try_all(struct rule_entries *e, bounce_rules *rules, size_t *counts)
{
    struct check c = {.entries = e,
                      .layer = ruleset_layer(rules, OWN_LAYER),
                      .rules = g_hash_table_new(g_str_hash, g_str_equal),
                      .matcher = matcher_new(rules, false, true),
                      .counts = counts};
    arena_init(&c.arena);
    for (size_t i = 0; i < c.layer->rule_count; i++)
        g_hash_table_insert(c.rules, (gpointer)layer_string(c.layer, c.layer->rules[i].id),
                            (gpointer)&c.layer->rules[i]);
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next)
        if (is_rule(entry))
            try_rule(&c, entry);
    arena_free(&c.arena);
    matcher_free(c.matcher);
    g_hash_table_destroy(c.rules);
}

static void count_entries(const struct rule_entries *e, size_t *counts)
{
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next) {
        if (entry->unchecked)
            continue;
        counts[BOUNCE_RULES_COUNT_RULES] += entry->kind == ENTRY_RULE;
        counts[BOUNCE_RULES_COUNT_OVERRIDES] += entry->kind == ENTRY_OVERRIDE && !entry->removes;
        counts[BOUNCE_RULES_COUNT_REMOVED] += entry->kind == ENTRY_OVERRIDE && entry->removes;
        counts[BOUNCE_RULES_COUNT_DIALECTS] += entry->kind == ENTRY_DIALECT;
    }
}

void rules_check(struct rule_entries *e, bounce_rules *rules, size_t *counts)
{
    count_entries(e, counts);
    warn_of_entries(e, &bounce_builtin_layer);
    if (rules)
        try_all(e, rules, counts);
    rule_entries_sort_errors(e);
}
