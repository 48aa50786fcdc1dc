/* SPDX-License-Identifier: MIT */
/*
 * rule_tests.c - a rule against its own examples and near misses.
 *
 * What comes in: a rule, its layer, and a text of it. What goes out: which rule
 * of the whole set decides the text, under facts that the text states itself or
 * the scope of the rule needs. Nothing is refused.
 */
#include "rules/rule_tests.h"
#include "base/limits.h"
#include "smtp/reply.h"

static const char *first(const struct layer *layer, list_at words)
{
    return words ? layer_string(layer, layer_list(layer, words)[0]) : NULL;
}

/* "550" or "5xx" of a scope as a number; 0 for "none". */
static int scope_code(const char *word)
{
    if (!word || !ascii_is_digit(word[0]))
        return 0;
    return word[1] == 'x' ? (word[0] - '0') * 100 + 50 : (word[0] - '0') * 100 + (word[1] - '0') * 10 + (word[2] - '0');
}

/* "5.7.1", or "x.7.1" with the class of the text's own code. */
static struct enhanced scope_status(struct arena *a, const char *word, int code)
{
    char *text = arena_strdup(a, word);
    size_t used;
    struct enhanced status = {0};
    if (*text == 'x' || *text == 'X')
        *text = code / 100 == 4 ? '4' : '5';
    enhanced_parse(span_z(text), &status, &used);
    return status;
}

struct match_scope rule_test_scope(struct arena *a, const struct layer *layer, const struct bounce_rule *rule,
                                   const char *text)
{
    const struct scope *s = &layer->scopes[rule->scope];
    struct reply reply;
    reply_read(a, span_z(text), &reply);
    struct match_scope facts = {
        .hosts = {first(layer, s->hosts)},
        .software = first(layer, s->softwares),
        .lang = first(layer, s->langs),
        .command = reply.command,
        .code = reply.code,
        .status = reply.status,
    };
    if (s->codes && !facts.code)
        facts.code = scope_code(first(layer, s->codes));
    if (s->statuses && !facts.status.class_)
        facts.status = scope_status(a, first(layer, s->statuses), facts.code);
    for (unsigned i = 0; !facts.command && i < 8; i++)
        if (s->commands & 1u << i)
            facts.command = (bounce_command)i;
    for (unsigned i = ORIGIN_PROSE + 1; i-- > 0;)
        if (s->origins & 1u << i)
            facts.origin = (enum text_origin)i;
    return facts;
}

const struct bounce_rule *rule_test_decide(struct matcher *m, struct arena *a, const struct layer *layer,
                                           const struct bounce_rule *rule, const char *text)
{
    struct norm_text norm;
    struct match_hit hit;
    struct match_scope facts = rule_test_scope(a, layer, rule, text);
    text_normalise(a, span_z(text), LIMIT_SEARCHED_BYTES, &norm);
    struct searched_text *searched = searched_text_new(m, a, &norm);
    bool found = match_best(m, searched, &facts, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit);
    return found ? hit.rule : NULL;
}
