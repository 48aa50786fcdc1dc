/* SPDX-License-Identifier: MIT */
/*
 * rules_examples.c - every built-in rule against its own examples and near misses.
 *
 * An example must be decided by its rule, with the pre-filter and without; a near
 * miss must not be decided by it. (Reading a rule checks that a near miss has a
 * word of the rule.) The facts of a text are those that it states itself
 * (reply code, status, command); if it states none, those that the scope of
 * the rule needs.
 *
 * usage: rules_examples [--pairs]
 *
 * --pairs prints the rules that match the same of these texts, for tests/pairs: tier,
 * the first rule of the tier and another one that matches, "example" or "near", which
 * of their matches contains the other (-1: that of the other rule, 1: that of the
 * first one, 0: neither), the text.
 */
#include "base/limits.h"
#include "match/match.h"
#include "rules/rule_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    struct matcher *filtered, *plain; /* with the pre-filter, and without */
    const struct layer *layer;
    struct arena arena;
    size_t texts, failures;
};

static void complain(struct check *c, const struct bounce_rule *rule, const char *what, const char *text)
{
    printf("%s:%u: %s: %s: %s\n", bounce_rule_string(rule, BOUNCE_RULE_FILE), bounce_rule_line(rule),
           bounce_rule_string(rule, BOUNCE_RULE_ID), what, text);
    c->failures++;
}

/* The rule that decides this text, which must not depend on the pre-filter. */
static const struct bounce_rule *decided_by(struct check *c, const struct bounce_rule *rule, const char *text)
{
    const struct bounce_rule *winner = rule_test_decide(c->filtered, &c->arena, c->layer, rule, text);
    if (rule_test_decide(c->plain, &c->arena, c->layer, rule, text) != winner)
        complain(c, rule, "the pre-filter changes who decides", text);
    if (matcher_undecided(c->filtered)->count || matcher_undecided(c->plain)->count)
        complain(c, rule, "a rule was not decided", text);
    c->texts++;
    return winner;
}

/* -------------------------------------------------------------------- pairs */

static int which_contains(const struct match_hit *a, const struct match_hit *b)
{
    size_t a_end = a->start + a->length, b_end = b->start + b->length;
    if (a->length == b->length)
        return 0;
    return a->start <= b->start && b_end <= a_end ? 1 : b->start <= a->start && a_end <= b_end ? -1 : 0;
}

static void print_pair(const struct match_hit *a, const struct match_hit *b, const char *kind, const char *text)
{
    printf("%d\t%s\t%s\t%s\t%d\t", bounce_rule_tier(a->rule), bounce_rule_string(a->rule, BOUNCE_RULE_ID),
           bounce_rule_string(b->rule, BOUNCE_RULE_ID), kind, which_contains(a, b));
    for (; *text; text++)
        printf(*text == '\n' ? "\\n" : "%c", *text);
    putchar('\n');
}

static void print_pairs(struct check *c, const struct bounce_rule *rule, const char *kind, const char *text)
{
    struct norm_text norm;
    struct match_hit *hits;
    struct match_scope facts = rule_test_scope(&c->arena, c->layer, rule, text);
    text_normalise(&c->arena, span_z(text), LIMIT_SEARCHED_BYTES, &norm);
    struct searched_text *s = searched_text_new(c->filtered, &c->arena, &norm);
    size_t n = match_all(c->filtered, s, &facts, &c->arena, &hits), first = 0;
    for (size_t i = 1; i < n; i++) {
        if (hits[i].rule->tier != hits[first].rule->tier)
            first = i;
        else
            print_pair(&hits[first], &hits[i], kind, text);
    }
}

static void print_rule(struct check *c, const struct bounce_rule *rule)
{
    const struct rule_about *about = rule_about(c->layer, rule);
    for (const string_at *text = layer_list(c->layer, about->examples); *text; text++)
        print_pairs(c, rule, "example", layer_string(c->layer, *text));
    for (const string_at *text = layer_list(c->layer, about->nears); *text; text++)
        print_pairs(c, rule, "near", layer_string(c->layer, *text));
    arena_reset(&c->arena);
}

/* ------------------------------------------------------------------- checks */

static void check_example(struct check *c, const struct bounce_rule *rule, const char *text)
{
    const struct bounce_rule *winner = decided_by(c, rule, text);
    char what[160];
    if (winner == rule)
        return;
    snprintf(what, sizeof what, "example decided by %s",
             winner ? bounce_rule_string(winner, BOUNCE_RULE_ID) : "no rule");
    complain(c, rule, what, text);
}

static void check_near(struct check *c, const struct bounce_rule *rule, const char *text)
{
    if (decided_by(c, rule, text) == rule)
        complain(c, rule, "decides its own near miss", text);
}

static void check_rule(struct check *c, const struct bounce_rule *rule)
{
    for (const string_at *text = layer_list(c->layer, rule_about(c->layer, rule)->examples); *text; text++)
        check_example(c, rule, layer_string(c->layer, *text));
    for (const string_at *text = layer_list(c->layer, rule_about(c->layer, rule)->nears); *text; text++)
        check_near(c, rule, layer_string(c->layer, *text));
    arena_reset(&c->arena);
}

int main(int argc, char **argv)
{
    bool pairs = argc == 2 && strcmp(argv[1], "--pairs") == 0;
    bounce_rules *rules = bounce_rules_default();
    struct check c = {.filtered = matcher_new(rules, false, true), .plain = matcher_new(rules, false, false)};
    const struct layer *layer = ruleset_layer(rules, 0);
    c.layer = layer;
    arena_init(&c.arena);
    for (size_t i = 0; i < layer->rule_count; i++)
        (pairs ? print_rule : check_rule)(&c, &layer->rules[i]);
    if (!pairs)
        printf("%zu rules, %zu examples and near misses, %zu failed\n", layer->rule_count, c.texts, c.failures);
    arena_free(&c.arena);
    matcher_free(c.filtered);
    matcher_free(c.plain);
    bounce_rules_unref(rules);
    return !pairs && (c.failures != 0 || c.texts == 0);
}
