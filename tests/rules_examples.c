/* SPDX-License-Identifier: MIT */
/*
 * rules_examples.c - every built-in rule against its own examples and near
 * misses: an example must be decided by its rule and by no other, with the
 * pre-filter and without; a near miss must not be decided by it. (That a near
 * miss shares a word with its rule is seen to when rules are read.)
 *
 * The facts beside a text are those that it states itself (reply code, status,
 * command) and, where it states none, those that the rule's scope asks for.
 */
#include "match/match.h"
#include "smtp/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TIER = 5 };

struct judged {
    struct matcher *filtered, *plain; /* with the pre-filter, and without */
    const struct layer *layer;
    struct arena arena;
    size_t texts, failures;
};

static void complain(struct judged *b, const struct bounce_rule *rule, const char *what, const char *text)
{
    printf("%s:%u: %s: %s: %s\n", bounce_rule_string(rule, BOUNCE_RULE_FILE), bounce_rule_line(rule),
           bounce_rule_string(rule, BOUNCE_RULE_ID), what, text);
    b->failures++;
}

static const char *first(const struct judged *b, list_at words)
{
    return words ? layer_string(b->layer, layer_list(b->layer, words)[0]) : NULL;
}

/* "550" or "5xx" of a scope as a number; 0 for "none". */
static int scope_code(const char *word)
{
    return word[1] == 'x' ? (word[0] - '0') * 100 + 50 : atoi(word);
}

/* "5.7.1", or "x.7.1" with the class of the text's own code. */
static struct enhanced scope_status(const char *word, int code)
{
    char text[16];
    size_t used;
    struct enhanced status = {0};
    snprintf(text, sizeof text, "%s", word);
    if (*text == 'x' || *text == 'X')
        *text = code / 100 == 4 ? '4' : '5';
    enhanced_parse(span_z(text), &status, &used);
    return status;
}

/* Facts in which the rule may speak about this text. */
static struct match_scope scope_for(struct judged *b, const struct bounce_rule *rule, const char *text)
{
    const struct scope *s = &b->layer->scopes[rule->scope];
    struct reply reply;
    reply_read(&b->arena, span_z(text), &reply);
    struct match_scope facts = {
        .hosts = {first(b, s->hosts)},
        .software = first(b, s->softwares),
        .lang = first(b, s->langs),
        .command = reply.command,
        .code = reply.code,
        .status = reply.status,
    };
    if (s->codes && !facts.code)
        facts.code = scope_code(first(b, s->codes));
    if (s->statuses && !facts.status.class_)
        facts.status = scope_status(first(b, s->statuses), facts.code);
    for (unsigned i = 0; !facts.command && i < 8; i++)
        if (s->commands & 1u << i)
            facts.command = (bounce_command)i;
    for (unsigned i = ORIGIN_PROSE + 1; i-- > 0;)
        if (s->origins & 1u << i)
            facts.origin = (enum text_origin)i;
    return facts;
}

static const struct bounce_rule *decide(struct judged *b, struct matcher *m, const struct norm_text *norm,
                                        const struct match_scope *facts)
{
    struct match_hit hit;
    struct searched_text *subject = searched_text_new(m, &b->arena, norm);
    bool found = match_best(m, subject, facts, 1, MAX_TIER, BOUNCE_REASON_UNKNOWN, &hit);
    return found ? hit.rule : NULL;
}

/* The rule that decides this text, which must not depend on the pre-filter. */
static const struct bounce_rule *decided_by(struct judged *b, const struct bounce_rule *rule, const char *text)
{
    struct norm_text norm;
    struct match_scope facts = scope_for(b, rule, text);
    text_normalise(&b->arena, span_z(text), 16384, &norm);
    const struct bounce_rule *winner = decide(b, b->filtered, &norm, &facts);
    if (decide(b, b->plain, &norm, &facts) != winner)
        complain(b, rule, "the pre-filter changes who decides", text);
    if (matcher_abandoned(b->filtered) || matcher_abandoned(b->plain))
        complain(b, rule, "a rule was abandoned at a limit", text);
    b->texts++;
    return winner;
}

static void check_example(struct judged *b, const struct bounce_rule *rule, const char *text)
{
    const struct bounce_rule *winner = decided_by(b, rule, text);
    char what[160];
    if (winner == rule)
        return;
    snprintf(what, sizeof what, "example decided by %s",
             winner ? bounce_rule_string(winner, BOUNCE_RULE_ID) : "no rule");
    complain(b, rule, what, text);
}

static void check_near(struct judged *b, const struct bounce_rule *rule, const char *text)
{
    if (decided_by(b, rule, text) == rule)
        complain(b, rule, "decides its own near miss", text);
}

static void check_rule(struct judged *b, const struct bounce_rule *rule)
{
    for (const string_at *text = layer_list(b->layer, rule_about(b->layer, rule)->examples); *text; text++)
        check_example(b, rule, layer_string(b->layer, *text));
    for (const string_at *text = layer_list(b->layer, rule_about(b->layer, rule)->nears); *text; text++)
        check_near(b, rule, layer_string(b->layer, *text));
    arena_reset(&b->arena);
}

int main(void)
{
    bounce_rules *rules = bounce_rules_default();
    struct judged b = {.filtered = matcher_new(rules, false, true), .plain = matcher_new(rules, false, false)};
    const struct layer *layer = ruleset_layer(rules, 0);
    b.layer = layer;
    arena_init(&b.arena);
    for (size_t i = 0; i < layer->rule_count; i++)
        check_rule(&b, &layer->rules[i]);
    printf("%zu rules, %zu examples and near misses, %zu failed\n", layer->rule_count, b.texts, b.failures);
    arena_free(&b.arena);
    matcher_free(b.filtered);
    matcher_free(b.plain);
    bounce_rules_unref(rules);
    return b.failures != 0 || b.texts == 0;
}
