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
    uint32_t first, count; /* its hits */
    uint8_t state;  /* enum verdict_of_text */
    struct chain_end found;
};

/* A literal that was found: the place of its rule, then the number of the
 * pattern in the rule, which is pattern_count where it is a need. */
typedef uint64_t literal_hit;

static inline uint32_t hit_place(literal_hit hit)
{
    return (uint32_t)(hit >> 32);
}

struct match_subject {
    const struct norm_text *text;
    const literal_hit *hits; /* sorted */
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
    size_t owners = 0;
    for (size_t i = 0; i < ruleset_layers(rules); i++) {
        const struct layer *layer = ruleset_layer(rules, i);
        owners = MAX(owners, layer->owner_count);
    }
    m->seen = g_new0(uint64_t, owners / 64 + 1);
    m->dialects = dialect_states_new(rules);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    g_free(m->seen);
    dialect_states_free(m->dialects, ruleset_layers(m->rules));
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

bool match_regex(struct matcher *m, size_t layer, const struct pattern *p, string_at owner, struct span text,
                 struct span *found, struct match_captures *captures)
{
    const struct regex *regex = ruleset_regex(m->rules, layer, p, m->jit);
    enum regex_result result = regex ? regex_match(m->engine, regex, text, found, captures) : REGEX_ABANDONED;
    if (result == REGEX_ABANDONED && !m->abandoned)
        m->abandoned = layer_string(ruleset_layer(m->rules, layer), owner);
    return result == REGEX_MATCH;
}

static size_t map_offset(const struct norm_text *text, size_t folded_offset)
{
    return text->map ? text->map[folded_offset] : folded_offset;
}

bool match_in_norm(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
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
    if (!phrase_find(&m->phrases, ruleset_layer(m->rules, layer), p, span_of(text->folded, text->folded_length), &folded))
        return false;
    found->start = map_offset(text, folded.start);
    found->end = map_offset(text, folded.end);
    return true;
}

static bool list_has(const struct layer *layer, struct range list, const struct pattern *p)
{
    for (size_t i = 0; i < list.count; i++)
        if (&layer->patterns[list.first + i] == p)
            return true;
    return false;
}

static bool dialect_has(const struct layer *layer, const struct dialect *d, const struct pattern *p)
{
    bool has = list_has(layer, d->starts, p) || list_has(layer, d->stops, p) || list_has(layer, d->originals, p) ||
               list_has(layer, d->boilerplates, p) || list_has(layer, d->blocks, p) || list_has(layer, d->lines, p);
    for (size_t i = 0; i < d->actions.count; i++)
        has = has || &layer->actions[d->actions.first + i].pattern == p;
    for (size_t i = 0; i < d->decided.count; i++)
        has = has || &layer->decided[d->decided.first + i].pattern == p;
    return has;
}

/* A pattern does not tell whose it is: looked for only when a limit was hit. */
static const char *dialect_of_pattern(const struct layer *layer, const struct pattern *p)
{
    for (size_t i = 0; i < layer->dialect_count; i++)
        if (dialect_has(layer, &layer->dialects[i], p))
            return layer_string(layer, layer->dialects[i].id);
    return layer_string(layer, p->text);
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
        bool matches = match_regex(m, layer, p, p->text, line, NULL, captures);
        if (m->abandoned && !was_abandoned)
            m->abandoned = dialect_of_pattern(ruleset_layer(m->rules, layer), p);
        return matches;
    }
    if (captures)
        *captures = (struct match_captures){.address = {NULL, 0}};
    return phrase_find(&m->phrases, ruleset_layer(m->rules, layer), p, span_z(folded ? folded : fold_line(m, line)),
                       &found);
}

/* ------------------------------------------------------------ candidates */

struct collector {
    struct matcher *m;
    size_t layer;
    literal_hit *hits;
    size_t count, capacity;
    struct arena *arena;
};

static void add_hit(struct collector *c, literal_hit hit)
{
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? c->capacity * 2 : 32;
        literal_hit *larger = arena_alloc(c->arena, c->capacity * sizeof *larger);
        if (c->count)
            memcpy(larger, c->hits, c->count * sizeof *larger);
        c->hits = larger;
    }
    c->hits[c->count++] = hit;
}

static void collect(struct collector *c, uint32_t owner)
{
    const struct layer *layer = ruleset_layer(c->m->rules, c->layer);
    const struct bounce_rule *rule = &layer->rules[layer->owner_ranks[owner]];
    uint32_t place = ruleset_place(c->m->rules, c->layer, rule->rank);
    if (place == UINT32_MAX || c->m->seen[owner / 64] >> (owner % 64) & 1)
        return;
    c->m->seen[owner / 64] |= (uint64_t)1 << (owner % 64);
    add_hit(c, (literal_hit)place << 32 | (owner - rule->first_owner));
}

static void collect_literal(void *data, uint32_t literal, size_t start)
{
    struct collector *c = data;
    const struct literals *l = ruleset_layer(c->m->rules, c->layer)->literals;
    const struct literal *item = &l->items[literal];
    (void)start;
    for (size_t i = 0; i < item->owner_count; i++)
        collect(c, l->owners[item->first_owner + i]);
}

/* Every pattern of the set: what the pre-filter is checked against. */
static void collect_all(struct collector *c, const struct layer *layer)
{
    for (size_t i = 0; i < layer->owner_count; i++)
        collect(c, (uint32_t)i);
}

static void collect_layer(struct collector *c, const struct norm_text *text)
{
    const struct layer *layer = ruleset_layer(c->m->rules, c->layer);
    size_t first = c->count;
    if (c->m->prefilter)
        literals_scan(layer->literals, text->folded, text->folded_length, collect_literal, c);
    else
        collect_all(c, layer);
    for (size_t i = first; i < c->count; i++) {
        size_t place_layer;
        uint32_t owner = ruleset_at(c->m->rules, hit_place(c->hits[i]), &place_layer)->first_owner + (uint32_t)c->hits[i];
        c->m->seen[owner / 64] = 0;
    }
}

static int compare_hits(const void *a, const void *b)
{
    literal_hit left = *(const literal_hit *)a, right = *(const literal_hit *)b;
    return (left > right) - (left < right);
}

/* The hits of one rule make one candidate. */
static void fill_candidates(struct match_subject *s, size_t hit_count)
{
    for (size_t i = 0; i < hit_count; i++) {
        uint32_t place = hit_place(s->hits[i]);
        if (!s->count || s->candidates[s->count - 1].place != place)
            s->candidates[s->count++] = (struct candidate){.place = place, .first = (uint32_t)i};
        s->candidates[s->count - 1].count++;
    }
}

struct match_subject *match_subject_new(struct matcher *m, struct arena *a, const struct norm_text *text)
{
    struct collector c = {.m = m, .arena = a};
    for (c.layer = 0; c.layer < ruleset_layers(m->rules); c.layer++)
        collect_layer(&c, text);
    if (c.count)
        qsort(c.hits, c.count, sizeof *c.hits, compare_hits);
    struct match_subject *s = arena_alloc(a, sizeof *s);
    *s = (struct match_subject){.text = text, .hits = c.hits};
    s->candidates = arena_alloc(a, c.count * sizeof *s->candidates);
    fill_candidates(s, c.count);
    return s;
}

/* --------------------------------------------------------------- confirm */

/* The patterns of the hits in the order of the file; a need stands for every
 * regular expression of its rule. */
static bool any_pattern(struct matcher *m, size_t layer, const struct bounce_rule *rule, const struct norm_text *text,
                        const literal_hit *hits, size_t hit_count, struct chain_end *found)
{
    const struct pattern *patterns = rule_patterns(ruleset_layer(m->rules, layer), rule);
    bool need = hit_count && (uint32_t)hits[hit_count - 1] == rule->pattern_count;
    size_t next = 0;
    for (size_t i = need ? 0 : (uint32_t)hits[0]; i < rule->pattern_count && (need || next < hit_count); i++) {
        bool is_hit = next < hit_count && (uint32_t)hits[next] == i;
        next += is_hit;
        if ((patterns[i].is_regex ? need : is_hit) && match_in_norm(m, layer, &patterns[i], rule->id, text, found))
            return true;
    }
    return false;
}

static bool rule_matches(struct matcher *m, size_t layer, const struct bounce_rule *rule, const struct norm_text *text,
                         const literal_hit *hits, size_t hit_count, struct chain_end *found)
{
    bool matches = any_pattern(m, layer, rule, text, hits, hit_count, found);
    const struct pattern *unless = rule_patterns(ruleset_layer(m->rules, layer), rule) + rule->pattern_count;
    struct chain_end other;
    for (size_t i = 0; i < rule->unless_count && matches; i++)
        matches = !match_in_norm(m, layer, &unless[i], rule->id, text, &other);
    return matches;
}

static bool confirm(struct matcher *m, struct match_subject *s, struct candidate *c, size_t layer,
                    const struct bounce_rule *rule)
{
    if (c->state == NOT_TRIED)
        c->state = rule_matches(m, layer, rule, s->text, s->hits + c->first, c->count, &c->found) ? MATCHES : NO_MATCH;
    return c->state == MATCHES;
}

static bool in_scope(const struct matcher *m, size_t index, const struct bounce_rule *rule,
                     const struct match_scope *facts)
{
    const struct layer *layer = ruleset_layer(m->rules, index);
    return !rule->scope || scope_holds(layer, &layer->scopes[rule->scope], facts);
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
        if (rule->tier < min_tier || (except && rule->reason == except) || !in_scope(m, layer, rule, scope) ||
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
        if (rule->reason != reason || !in_scope(m, layer, rule, scope) || !confirm(m, s, c, layer, rule))
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
        if (in_scope(m, layer, rule, scope) && confirm(m, s, c, layer, rule))
            (*hits)[n++] = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
    }
    return n;
}
