/* SPDX-License-Identifier: MIT */
/*
 * match.c - which rules match a text.
 *
 * What comes in: a normal text (text.h) and what is known about it. What goes
 * out: the best rule, or all of them, and where they match. The literal index
 * gives the candidates, in one pass; a rule that has no literal in the text is
 * never looked at. What a candidate's text says is worked out once.
 */
#include "limits.h"
#include "literals.h"
#include "match_parts.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum verdict_of_text { NOT_TRIED = 0, NO_MATCH, MATCHES };

struct candidate {
    uint32_t place; /* in the order over all layers */
    uint8_t state;  /* enum verdict_of_text */
    struct chain_end found;
};

struct match_subject {
    const struct norm_text *text;
    struct candidate *candidates; /* sorted by place */
    size_t count;
};

/* --------------------------------------------------------------- matcher */

struct matcher *matcher_new(bounce_rules *rules, bool jit, bool prefilter)
{
    struct matcher *m = g_new0(struct matcher, 1);
    m->rules = bounce_rules_ref(rules);
    m->jit = jit;
    m->prefilter = prefilter;
    m->engine = regex_engine_new(jit);
    arena_init(&m->scratch);
    m->seen = g_new0(uint64_t, bounce_rules_count(rules) / 64 + 1);
    for (size_t i = 0; i < ruleset_layers(rules); i++) {
        const struct layer *layer = ruleset_layer(rules, i);
        m->known_count = MAX(m->known_count, layer->know_count);
        m->action_count = MAX(m->action_count, layer->action_count);
        m->header_count = MAX(m->header_count, layer->header_count);
    }
    m->known = g_new0(uint8_t, m->known_count * ruleset_layers(rules) + 1);
    m->action_keys = g_new0(uint8_t, m->action_count * ruleset_layers(rules) + 1);
    m->headers = g_new0(const struct norm_text *, m->header_count *ruleset_layers(rules) + 1);
    m->header_asked = g_new0(bool, m->header_count *ruleset_layers(rules) + 1);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    g_free(m->seen);
    g_free(m->known);
    g_free(m->action_keys);
    g_free(m->headers);
    g_free(m->header_asked);
    phrase_scratch_free(&m->phrases);
    regex_engine_free(m->engine);
    arena_free(&m->scratch);
    bounce_rules_unref(m->rules);
    g_free(m);
}

const char *matcher_abandoned(struct matcher *m)
{
    const char *id = m->abandoned;
    m->abandoned = NULL;
    return id;
}

/* -------------------------------------------------------------- patterns */

bool match_regex(struct matcher *m, size_t layer, const struct pattern *p, const char *owner, struct span text,
                 struct span *found, struct match_captures *captures)
{
    const struct regex *regex = ruleset_regex(m->rules, layer, p, m->jit);
    enum regex_result result = regex ? regex_match(m->engine, regex, text, found, captures) : REGEX_ABANDONED;
    if (result == REGEX_ABANDONED && !m->abandoned)
        m->abandoned = owner;
    return result == REGEX_MATCH;
}

static size_t map_offset(const struct norm_text *text, size_t folded_offset)
{
    return text->map ? text->map[folded_offset] : folded_offset;
}

bool match_in_norm(struct matcher *m, size_t layer, const struct pattern *p, const char *owner,
                   const struct norm_text *text, struct chain_end *found)
{
    if (p->is_regex) {
        struct span span;
        if (!match_regex(m, layer, p, owner, span_of(text->text, text->length), &span, NULL))
            return false;
        found->start = (size_t)(span.s - text->text);
        found->end = found->start + span.n;
        return true;
    }
    struct chain_end folded;
    if (!phrase_find(&m->phrases, p, span_of(text->folded, text->folded_length), &folded))
        return false;
    found->start = map_offset(text, folded.start);
    found->end = map_offset(text, folded.end);
    return true;
}

static bool list_has(const struct pattern *list, size_t count, const struct pattern *p)
{
    for (size_t i = 0; i < count; i++)
        if (&list[i] == p)
            return true;
    return false;
}

static bool dialect_has(const struct dialect *d, const struct pattern *p)
{
    bool has = list_has(d->starts, d->start_count, p) || list_has(d->stops, d->stop_count, p) ||
               list_has(d->originals, d->original_count, p) || list_has(d->boilerplates, d->boilerplate_count, p) ||
               list_has(d->blocks, d->block_count, p) || list_has(d->lines, d->line_count, p);
    for (size_t i = 0; i < d->action_count; i++)
        has = has || &d->actions[i].pattern == p;
    for (size_t i = 0; i < d->decided_count; i++)
        has = has || &d->decided[i].pattern == p;
    return has;
}

/* A pattern does not tell whose it is: looked for only when a limit was hit. */
static const char *dialect_of_pattern(const struct layer *layer, const struct pattern *p)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        if (dialect_has(&layer->dialects[i], p))
            return layer->dialects[i].id;
    return p->source;
}

/* The folded form of a line. The patterns of a dialect are asked one after the
 * other about the same line, so the last one is kept. */
static const char *fold_line(struct matcher *m, struct span line)
{
    if (!line.n)
        return "";
    if (m->line.s && m->line.n == line.n && memcmp(m->line.s, line.s, line.n) == 0)
        return m->line_folded;
    arena_reset(&m->scratch);
    m->line = span_of(arena_strndup(&m->scratch, line.s, line.n), line.n);
    m->line_folded = text_fold(&m->scratch, line);
    return m->line_folded;
}

bool match_pattern(struct matcher *m, size_t layer, const struct pattern *p, struct span line, const char *folded,
                   struct match_captures *captures)
{
    struct chain_end found;
    if (p->is_regex) {
        bool was_abandoned = m->abandoned != NULL;
        bool matches = match_regex(m, layer, p, p->source, line, NULL, captures);
        if (m->abandoned && !was_abandoned)
            m->abandoned = dialect_of_pattern(ruleset_layer(m->rules, layer), p);
        return matches;
    }
    if (captures)
        *captures = (struct match_captures){.address = {NULL, 0}};
    return phrase_find(&m->phrases, p, span_z(folded ? folded : fold_line(m, line)), &found);
}

/* ------------------------------------------------------------ candidates */

struct collector {
    struct matcher *m;
    size_t layer;
    uint32_t *places;
    size_t count, capacity;
    struct arena *arena;
};

static void collect(void *data, uint32_t rule)
{
    struct collector *c = data;
    uint32_t place = ruleset_place(c->m->rules, c->layer, rule);
    if (place == UINT32_MAX || c->m->seen[place / 64] >> (place % 64) & 1)
        return;
    c->m->seen[place / 64] |= (uint64_t)1 << (place % 64);
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? c->capacity * 2 : 32;
        uint32_t *larger = arena_alloc(c->arena, c->capacity * sizeof *larger);
        if (c->count)
            memcpy(larger, c->places, c->count * sizeof *larger);
        c->places = larger;
    }
    c->places[c->count++] = place;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Every rule of the set: what the pre-filter is checked against. */
static void collect_all(struct collector *c, const struct layer *layer)
{
    for (size_t i = 0; i < layer->rule_count; i++)
        collect(c, (uint32_t)i);
}

struct match_subject *match_subject_new(struct matcher *m, struct arena *a, const struct norm_text *text)
{
    struct collector c = {.m = m, .arena = a};
    for (c.layer = 0; c.layer < ruleset_layers(m->rules); c.layer++) {
        const struct layer *layer = ruleset_layer(m->rules, c.layer);
        if (m->prefilter)
            literals_scan(layer->literals, text->folded, text->folded_length, collect, &c);
        else
            collect_all(&c, layer);
    }
    if (c.count)
        qsort(c.places, c.count, sizeof *c.places, compare_places);
    struct match_subject *s = arena_alloc(a, sizeof *s);
    *s = (struct match_subject){.text = text, .count = c.count};
    s->candidates = arena_calloc(a, c.count, sizeof *s->candidates);
    for (size_t i = 0; i < c.count; i++) {
        s->candidates[i].place = c.places[i];
        m->seen[c.places[i] / 64] = 0;
    }
    return s;
}

/* --------------------------------------------------------------- confirm */

static bool any_need(const struct bounce_rule *rule, const struct norm_text *text)
{
    for (size_t i = 0; i < rule->need_count; i++)
        if (memmem(text->folded, text->folded_length, rule->needs[i], strlen(rule->needs[i])))
            return true;
    return false;
}

static bool rule_matches(struct matcher *m, size_t layer, const struct bounce_rule *rule, const struct norm_text *text,
                         struct chain_end *found)
{
    enum { UNKNOWN, ABSENT, PRESENT } need = UNKNOWN;
    bool matches = false;
    for (size_t i = 0; i < rule->pattern_count && !matches; i++) {
        if (rule->patterns[i].is_regex && need == UNKNOWN)
            need = any_need(rule, text) ? PRESENT : ABSENT;
        if (!rule->patterns[i].is_regex || need == PRESENT)
            matches = match_in_norm(m, layer, &rule->patterns[i], rule->id, text, found);
    }
    struct chain_end other;
    for (size_t i = 0; i < rule->unless_count && matches; i++)
        matches = !match_in_norm(m, layer, &rule->unless[i], rule->id, text, &other);
    return matches;
}

static bool confirm(struct matcher *m, struct match_subject *s, struct candidate *c, size_t layer,
                    const struct bounce_rule *rule)
{
    if (c->state == NOT_TRIED)
        c->state = rule_matches(m, layer, rule, s->text, &c->found) ? MATCHES : NO_MATCH;
    return c->state == MATCHES;
}

bool match_best(struct matcher *m, struct match_subject *s, const struct match_scope *scope, int min_tier, int max_tier,
                bounce_reason except, struct match_hit *hit)
{
    for (size_t i = 0; i < s->count; i++) {
        struct candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = ruleset_at(m->rules, c->place, &layer);
        if (rule->tier > max_tier)
            break;
        if (rule->tier < min_tier || (except && rule->reason == except) || !scope_holds(&rule->scope, scope) ||
            !confirm(m, s, c, layer, rule))
            continue;
        *hit = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
        return true;
    }
    return false;
}

bool match_reason(struct matcher *m, struct match_subject *s, const struct match_scope *scope, bounce_reason reason,
                  struct match_hit *hit)
{
    for (size_t i = 0; i < s->count; i++) {
        struct candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = ruleset_at(m->rules, c->place, &layer);
        if (rule->tier > 3)
            break;
        if (rule->reason != reason || !scope_holds(&rule->scope, scope) || !confirm(m, s, c, layer, rule))
            continue;
        *hit = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
        return true;
    }
    return false;
}

size_t match_all(struct matcher *m, struct match_subject *s, const struct match_scope *scope, struct arena *a,
                 struct match_hit **hits)
{
    size_t n = 0;
    *hits = arena_calloc(a, s->count, sizeof **hits);
    for (size_t i = 0; i < s->count; i++) {
        struct candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = ruleset_at(m->rules, c->place, &layer);
        if (scope_holds(&rule->scope, scope) && confirm(m, s, c, layer, rule))
            (*hits)[n++] = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
    }
    return n;
}
