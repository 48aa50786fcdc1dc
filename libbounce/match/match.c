/* SPDX-License-Identifier: MIT */
/*
 * match.c - which rules match a text.
 *
 * What comes in: a normal text (text/text.h) and what is known about it. What goes
 * out: the best rule, or all of them, and where they match. searched_text.c has
 * found the candidates; a rule that has no literal in the text is never looked
 * at. What a candidate's text says is worked out once.
 */
#include "match/match.h"
#include "base/limits.h"
#include "base/literals.h"
#include "match/searched_text.h"

#include <glib.h>
#include <string.h>

/* --------------------------------------------------------------- matcher */

struct matcher *matcher_new(bounce_rules *rules, bool jit, bool prefilter)
{
    struct matcher *m = g_new0(struct matcher, 1);
    m->rules = bounce_rules_ref(rules);
    m->jit = jit;
    m->prefilter = prefilter;
    m->engine = regex_engine_new(jit);
    arena_init(&m->scratch);
    m->layer_count = ruleset_layers(rules);
    m->layers = g_new(const struct layer *, m->layer_count);
    size_t literals = 0;
    for (size_t i = 0; i < m->layer_count; i++) {
        m->layers[i] = ruleset_layer(rules, i);
        literals = MAX(literals, m->layers[i]->literals->count);
    }
    m->literals_seen = g_new0(uint8_t, literals + 1);
    m->dialects = dialect_states_new(rules);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    g_free(m->layers);
    g_free(m->literals_seen);
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

/* False if no text stands there that all that the expression matches must hold. */
static bool may_hold(const struct layer *layer, const struct pattern *p, const struct norm_text *text)
{
    const string_at *also = layer_list(layer, layer->regex_also[p->more]);
    bool may = !also;
    for (; !may && *also; also++)
        may = span_find(span_of(text->folded, text->folded_length), layer_string(layer, *also)) != NULL;
    return may;
}

bool match_in_norm(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                   const struct norm_text *text, struct chain_end *found)
{
    if (p->is_regex) {
        struct span span;
        if (m->prefilter && !may_hold(m->layers[layer], p, text))
            return false;
        if (!match_regex(m, layer, p, owner, span_of(text->text, text->length), &span, NULL))
            return false;
        found->start = (size_t)(span.s - text->text);
        found->end = found->start + span.n;
        return true;
    }
    struct chain_end folded;
    if (!phrase_find(&m->phrases, ruleset_layer(m->rules, layer), p, span_of(text->folded, text->folded_length),
                     &folded))
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

/* --------------------------------------------------------------- confirm */

/* A rule that is tried on a text; hits are its own. */
struct trial {
    struct matcher *m;
    size_t layer_index;
    const struct layer *layer;
    const struct bounce_rule *rule;
    const struct searched_text *subject;
    const struct pattern_hit *hits, *end;
};

static bool in_text(const struct trial *t, const struct pattern *p, struct chain_end *found)
{
    return match_in_norm(t->m, t->layer_index, p, t->rule->id, t->subject->text, found);
}

/* The phrase of a hit: where it stands may be known already. */
static bool phrase_matches(const struct trial *t, const struct pattern *p, const struct pattern_hit *hit,
                           struct chain_end *found)
{
    if (hit->start == (uint32_t)ANYWHERE)
        return in_text(t, p, found);
    found->start = map_offset(t->subject->text, hit->start);
    found->end = map_offset(t->subject->text, hit->start + p->length);
    return true;
}

/* The first of a literal's owners from `first` on; they are sorted. */
static const uint32_t *find_owner(const struct literals *l, const struct literal *item, uint32_t first)
{
    const uint32_t *at = l->owners + item->first_owner;
    for (size_t n = item->owner_count; n;) {
        size_t half = (n - 1) / 2;
        bool is_before = at[half] < first;
        at += is_before ? half + 1 : 0;
        n = is_before ? n - half - 1 : half;
    }
    return at;
}

/* Calls fn for each pattern among `count` owners from `first` on of which a
 * literal was found; until it returns true, which is returned then. All of them
 * have this flag. */
typedef bool owner_fn(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found);

static bool any_owner(const struct trial *t, uint32_t flag, uint32_t first, uint32_t count, owner_fn *fn)
{
    const struct literals *l = t->layer->literals;
    for (size_t i = 0; i < t->subject->literal_count; i++) {
        const struct found_literal *found = &t->subject->literals[i];
        if (!(found->flags & flag) || found->layer != t->layer_index)
            continue;
        const struct literal *item = &l->items[found->literal];
        const uint32_t *end = l->owners + item->first_owner + item->owner_count;
        for (const uint32_t *at = find_owner(l, item, first); at < end && *at - first < count; at++)
            if (fn(t, &t->layer->owners[at - l->owners], found))
                return true;
    }
    return false;
}

static bool is_there(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found)
{
    (void)t, (void)owner, (void)found;
    return true;
}

static bool excepts(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found)
{
    const struct pattern *unless = rule_patterns(t->layer, t->rule) + t->rule->pattern_count;
    struct chain_end other;
    if (owner->flags & OWNER_PLACED)
        return !(owner->flags & found->offence);
    return in_text(t, &unless[owner->number], &other);
}

static bool may_match(const struct trial *t, const struct pattern *p, uint32_t owner)
{
    return !p->indexed || !t->m->prefilter || any_owner(t, OWNER_REGEX, owner, 1, is_there);
}

/* The patterns in the order of the file; a need stands for every regular
 * expression of its rule that may match. */
static bool any_pattern(const struct trial *t, struct chain_end *found)
{
    const struct pattern *patterns = rule_patterns(t->layer, t->rule);
    const struct pattern_hit *next = t->hits;
    bool need = hit_number(t->end - 1) == t->rule->pattern_count;
    for (uint32_t i = need ? 0 : hit_number(next); i < t->rule->pattern_count && (need || next < t->end); i++) {
        if (patterns[i].is_regex) {
            if (need && may_match(t, &patterns[i], t->rule->first_owner + i) && in_text(t, &patterns[i], found))
                return true;
        } else if (next < t->end && hit_number(next) == i) {
            if (phrase_matches(t, &patterns[i], next++, found))
                return true;
        }
    }
    return false;
}

/* Only of those whose literal was found, and of those that have none. */
static bool any_unless(const struct trial *t)
{
    const struct pattern *unless = rule_patterns(t->layer, t->rule) + t->rule->pattern_count;
    struct chain_end other;
    if (any_owner(t, OWNER_UNLESS, t->rule->first_unless, t->rule->unless_count, excepts))
        return true;
    for (uint32_t i = 0; (t->rule->unsure_unless || !t->m->prefilter) && i < t->rule->unless_count; i++)
        if ((!unless[i].indexed || !t->m->prefilter) && in_text(t, &unless[i], &other))
            return true;
    return false;
}

static bool rule_matches(struct matcher *m, size_t layer, const struct bounce_rule *rule, const struct searched_text *s,
                         struct rule_candidate *c)
{
    struct trial t = {.m = m,
                      .layer_index = layer,
                      .layer = m->layers[layer],
                      .rule = rule,
                      .subject = s,
                      .hits = s->hits + c->first,
                      .end = s->hits + c->first + c->count};
    return any_pattern(&t, &c->found) && (!rule->unless_count || !any_unless(&t));
}

static bool confirm(struct matcher *m, struct searched_text *s, struct rule_candidate *c, size_t layer,
                    const struct bounce_rule *rule)
{
    if (c->state == NOT_TRIED)
        c->state = rule_matches(m, layer, rule, s, c) ? MATCHES : NO_MATCH;
    return c->state == MATCHES;
}

static bool in_scope(const struct matcher *m, size_t index, const struct bounce_rule *rule,
                     const struct match_scope *facts)
{
    const struct layer *layer = m->layers[index];
    return !rule->scope || scope_holds(layer, &layer->scopes[rule->scope], facts);
}

static inline const struct bounce_rule *rule_at(const struct matcher *m, size_t place, size_t *layer)
{
    if (m->layer_count > 1)
        return ruleset_at(m->rules, place, layer);
    *layer = 0;
    return &m->layers[0]->rules[place];
}

bool match_best(struct matcher *m, struct searched_text *s, const struct match_scope *scope, int min_tier, int max_tier,
                bounce_reason except, struct match_hit *hit)
{
    for (size_t i = 0; i < s->count; i++) {
        struct rule_candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = rule_at(m, c->place, &layer);
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

bool match_reason(struct matcher *m, struct searched_text *s, const struct match_scope *scope, bounce_reason reason,
                  struct match_hit *hit)
{
    for (size_t i = 0; i < s->count; i++) {
        struct rule_candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = rule_at(m, c->place, &layer);
        if (rule->tier > 3)
            break;
        if (rule->reason != reason || !in_scope(m, layer, rule, scope) || !confirm(m, s, c, layer, rule))
            continue;
        *hit = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
        return true;
    }
    return false;
}

size_t match_all(struct matcher *m, struct searched_text *s, const struct match_scope *scope, struct arena *a,
                 struct match_hit **hits)
{
    size_t n = 0;
    *hits = arena_calloc(a, s->count, sizeof **hits);
    for (size_t i = 0; i < s->count; i++) {
        struct rule_candidate *c = &s->candidates[i];
        size_t layer;
        const struct bounce_rule *rule = rule_at(m, c->place, &layer);
        if (in_scope(m, layer, rule, scope) && confirm(m, s, c, layer, rule))
            (*hits)[n++] = (struct match_hit){rule, c->found.start, c->found.end - c->found.start};
    }
    return n;
}
