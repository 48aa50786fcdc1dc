/* SPDX-License-Identifier: MIT */
/*
 * match.c - which rules match a text.
 *
 * In: a text with its candidates (searched_text.c), and what is known about it. Out: the best rule, or all of them, and
 * where they match: the first one in the order of the set, unless a phrase of another rule of its tier says the same
 * and more. A rule that is not a candidate is never looked at; whether a candidate matches is determined once, however
 * often its scope is compared. Nothing is refused.
 */
#include "match/match.h"
#include "base/literals.h"
#include "match/matcher.h"
#include "match/searched_text.h"

#include <string.h>

/* ------------------------------------------------------------ one candidate */

/* A rule that is tried on a text; hits up to end are those of its literals. */
struct trial {
    struct matcher *m;
    size_t layer_index;
    const struct layer *layer;
    const struct bounce_rule *rule;
    struct searched_text *searched;
    struct pattern_hit *hits, *end;
};

/* The version of the text that a pattern sees: for rules of format 2, the masked one. */
static const struct norm_text *face_seen(const struct trial *t, bool masked)
{
    struct searched_text *s = t->searched;
    return masked && s->masked.count ? masked_face(s->arena, &s->masked) : s->text;
}

static struct text_classes *classes_of(const struct trial *t)
{
    return &t->searched->classes[t->layer_index];
}

/* Searches the version of the text that the pattern sees; within is a part of its folded form. */
static bool in_part(const struct trial *t, const struct pattern *p, struct match_range within,
                    struct match_range *found)
{
    struct searched_text *s = t->searched;
    if (p->token)
        return matcher_token(t->m, t->layer, p, s->text, s->masked.spans, s->masked.count, found);
    const struct norm_text *face = face_seen(t, p->masked);
    t->m->account = &s->account;
    struct text_classes *classes = p->is_row ? classes_of(t) : NULL;
    if (!matcher_pattern_within(t->m, t->layer_index, p, t->rule->id, face, classes, within, found))
        return false;
    if (face != s->text)
        matcher_whole_characters(s->text, found);
    return true;
}

static bool in_text(const struct trial *t, const struct pattern *p, struct match_range *found)
{
    return in_part(t, p, (struct match_range){0, t->searched->text->folded_length}, found);
}

static bool find_phrase(const struct trial *t, const struct pattern *p, uint32_t literal_at, struct match_range *found)
{
    const struct norm_text *text = t->searched->text;
    struct match_range folded = {literal_at, literal_at + p->length};
    if (p->is_row) {
        if (!row_find(&t->m->rows, classes_of(t), p, (struct match_range){0, text->folded_length}, &folded))
            return false;
    } else if (literal_at == (uint32_t)ANYWHERE) {
        return in_text(t, p, found);
    }
    found->start = matcher_unfold(text, folded.start);
    found->end = matcher_unfold_end(text, folded.end);
    if (p->is_row && t->searched->masked.count)
        matcher_whole_characters(text, found);
    return true;
}

/* The phrase of a hit, which is looked for once. */
static bool phrase_matches(const struct trial *t, const struct pattern *p, struct pattern_hit *hit,
                           struct match_range *found)
{
    if (hit->start == (uint32_t)NOWHERE)
        return false;
    if (!hit->end) {
        bool matches = find_phrase(t, p, hit->start, found);
        hit->start = matches ? (uint32_t)found->start : (uint32_t)NOWHERE;
        hit->end = matches ? (uint32_t)found->end : 0;
        return matches;
    }
    *found = (struct match_range){hit->start, hit->end};
    return true;
}

/* The first owner of a literal from `first` on; they are sorted. */
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

typedef bool owner_fn(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found);

/* Calls fn for each of the `count` owners from `first` on whose literal was found, until it returns true; returns
 * whether it did. All these owners have this flag. */
static bool any_owner(const struct trial *t, uint32_t flag, uint32_t first, uint32_t count, owner_fn *fn)
{
    const struct literals *l = t->layer->literals;
    for (size_t i = 0; i < t->searched->literal_count; i++) {
        const struct found_literal *found = &t->searched->literals[i];
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

static bool is_found(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found)
{
    (void)t;
    return !(owner->flags & found->offence);
}

/* An undecided exception counts as found: nobody must be able to hide an exception. */
static bool excepts_within(const struct trial *t, const struct pattern *unless, struct match_range within)
{
    const size_t undecided = t->m->undecided.count;
    struct match_range other;
    return in_part(t, unless, within, &other) || t->m->undecided.count > undecided;
}

/* Whether an `unless` applies, of which a literal was found. */
static bool excepts(const struct trial *t, const struct rule_owner *owner, const struct found_literal *found)
{
    const struct pattern *unless = rule_patterns(t->layer, t->rule) + t->rule->pattern_count;
    if (owner->flags & found->offence)
        return false;
    return owner->flags & OWNER_PLACED ||
           excepts_within(t, &unless[owner->number], (struct match_range){0, t->searched->text->folded_length});
}

static bool regex_may_match(const struct trial *t, const struct pattern *p, uint32_t owner)
{
    return !p->indexed || !t->m->prefilter || any_owner(t, OWNER_REGEX, owner, 1, is_found);
}

/* Tries the patterns in the order of the file. Phrases have hits of their own; if
 * a need was found, each expression that may match is tried. */
static bool any_pattern(const struct trial *t, struct match_range *found)
{
    const struct pattern *patterns = rule_patterns(t->layer, t->rule);
    struct pattern_hit *next = t->hits;
    bool need = hit_number(t->end - 1) == t->rule->pattern_count;
    for (uint32_t i = need ? 0 : hit_number(next); i < t->rule->pattern_count && (need || next < t->end); i++) {
        if (patterns[i].is_regex) {
            if (need && regex_may_match(t, &patterns[i], t->rule->first_owner + i) && in_text(t, &patterns[i], found))
                return true;
        } else if (next < t->end && hit_number(next) == i) {
            if (phrase_matches(t, &patterns[i], next++, found))
                return true;
        }
    }
    return false;
}

/* Whether an exception applies; it may be limited to the sentence of the match. */
static bool excepts_match(const struct trial *t, const struct pattern *unless, const struct match_range *match)
{
    const struct norm_text *text = t->searched->text;
    struct match_range within = {0, text->folded_length};
    if (unless->is_row && !row_possible(classes_of(t), unless))
        return false;
    if (unless->is_near)
        text_sentence(classes_of(t), norm_fold_offset(text, match->start), norm_fold_offset(text, match->end),
                      &within.start, &within.end);
    return excepts_within(t, unless, within);
}

/* Tries the exceptions whose literal was found, and those that are not indexed. */
static bool any_unless(const struct trial *t, const struct match_range *match)
{
    const struct pattern *unless = rule_patterns(t->layer, t->rule) + t->rule->pattern_count;
    if (any_owner(t, OWNER_UNLESS, t->rule->first_unless, t->rule->unless_count, excepts))
        return true;
    for (uint32_t i = 0; (t->rule->unsure_unless || !t->m->prefilter) && i < t->rule->unless_count; i++)
        if ((!unless[i].indexed || !t->m->prefilter) && excepts_match(t, &unless[i], match))
            return true;
    return false;
}

static struct trial trial_of(struct matcher *m, size_t layer, const struct bounce_rule *rule, struct searched_text *s,
                             const struct rule_candidate *c)
{
    return (struct trial){.m = m,
                          .layer_index = layer,
                          .layer = m->layers[layer],
                          .rule = rule,
                          .searched = s,
                          .hits = s->hits + c->first,
                          .end = s->hits + c->first + c->count};
}

static bool rule_matches(const struct trial *t, struct match_range *found)
{
    return any_pattern(t, found) && (!t->rule->unless_count || !any_unless(t, found));
}

static inline bool contains(const struct match_range *a, const struct match_range *b)
{
    return a->start <= b->start && b->end <= a->end && a->end - a->start > b->end - b->start;
}

/* The first phrase of the rule that matches all of the text at `inner`, and more. Expressions are not tried: that costs
 * more than it is worth. */
static bool phrase_around(const struct trial *t, const struct match_range *inner, struct match_range *found)
{
    const struct pattern *patterns = rule_patterns(t->layer, t->rule);
    for (struct pattern_hit *hit = t->hits; hit < t->end && hit_number(hit) < t->rule->pattern_count; hit++) {
        const struct pattern *p = &patterns[hit_number(hit)];
        if (!p->is_regex && phrase_matches(t, p, hit, found) && contains(found, inner))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------ all candidates */

static bool candidate_matches(struct matcher *m, struct searched_text *s, struct rule_candidate *c, size_t layer,
                              const struct bounce_rule *rule)
{
    if (c->state == NOT_TRIED) {
        struct trial t = trial_of(m, layer, rule, s, c);
        c->state = rule_matches(&t, &c->found) ? MATCHES : NO_MATCH;
    }
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

/* Which rules are wanted. BOUNCE_REASON_UNKNOWN is no condition. */
struct wanted {
    enum rule_tier min_tier, max_tier;
    bounce_reason only, except;
};

static inline bool rule_is_wanted(const struct wanted *w, const struct bounce_rule *rule)
{
    return rule->tier >= w->min_tier && (!w->except || rule->reason != w->except) &&
           (!w->only || rule->reason == w->only);
}

/* ------------------------------------------------------------- the best one */

/* A rule that matches. */
struct match {
    const struct bounce_rule *rule;
    struct rule_candidate *candidate;
    size_t layer;
    struct match_range found;
};

/* The candidate with this index. */
static inline struct match match_of(const struct matcher *m, const struct searched_text *s, size_t index)
{
    struct match match = {.candidate = &s->candidates[index]};
    match.rule = rule_at(m, match.candidate->place, &match.layer);
    return match;
}

static inline bool is_match(struct matcher *m, struct searched_text *s, const struct match_scope *scope,
                            struct match *match)
{
    if (!in_scope(m, match->layer, match->rule, scope) ||
        !candidate_matches(m, s, match->candidate, match->layer, match->rule))
        return false;
    match->found = match->candidate->found;
    return true;
}

/* False for a user's rule and a built-in one, for different priorities, and if only one is `last`: then their order
 * does not depend on the text. */
static bool are_equals(const struct matcher *m, const struct match *a, const struct match *b)
{
    if (a->layer != b->layer || a->rule->tier != b->rule->tier)
        return false;
    const struct layer *layer = m->layers[a->layer];
    const struct rule_about *left = rule_about(layer, a->rule), *right = rule_about(layer, b->rule);
    return left->priority == right->priority && left->last == right->last;
}

/* True if a rule beats an earlier one by a phrase that says the same and more. Sets later->found to the place of that
 * phrase. */
static bool overtakes(struct matcher *m, struct searched_text *s, struct match *later, const struct match *first)
{
    struct trial t = trial_of(m, later->layer, later->rule, s, later->candidate);
    struct match_range found;
    if (!are_equals(m, later, first) || !phrase_around(&t, &first->found, &found) ||
        ruleset_states(m->rules, first->candidate->place, later->candidate->place) ||
        (later->rule->unless_count && any_unless(&t, &found)))
        return false;
    later->found = found;
    return true;
}

static inline struct match_hit hit_of(const struct match *match)
{
    return (struct match_hit){match->rule, match->found.start, match->found.end - match->found.start};
}

/* Replaces the best one by candidates from `next` on that overtake it. */
static void let_overtake(struct matcher *m, struct searched_text *s, const struct match_scope *scope,
                         const struct wanted *w, size_t next, struct match *best)
{
    for (; next < s->count; next++) {
        struct match other = match_of(m, s, next);
        if (other.rule->tier != best->rule->tier)
            return;
        if (rule_is_wanted(w, other.rule) && in_scope(m, other.layer, other.rule, scope) &&
            overtakes(m, s, &other, best))
            *best = other;
    }
}

static inline bool first_match(struct matcher *m, struct searched_text *s, const struct match_scope *scope,
                               const struct wanted *w, struct match_hit *hit)
{
    for (size_t i = 0; i < s->count; i++) {
        struct match best = match_of(m, s, i);
        if (best.rule->tier > w->max_tier)
            break;
        if (!rule_is_wanted(w, best.rule) || !is_match(m, s, scope, &best))
            continue;
        let_overtake(m, s, scope, w, i + 1, &best);
        *hit = hit_of(&best);
        return true;
    }
    return false;
}

bool match_best(struct matcher *m, struct searched_text *s, const struct match_scope *scope, enum rule_tier min_tier,
                enum rule_tier max_tier, bounce_reason except, struct match_hit *hit)
{
    const struct wanted wanted = {.min_tier = min_tier, .max_tier = max_tier, .except = except};
    return first_match(m, s, scope, &wanted, hit);
}

bool match_reason(struct matcher *m, struct searched_text *s, const struct match_scope *scope, bounce_reason reason,
                  struct match_hit *hit)
{
    const struct wanted wanted = {.max_tier = TIER_DEFINITE, .only = reason};
    return first_match(m, s, scope, &wanted, hit);
}

/* Puts a match before the first one that it overtakes. */
static void insert_match(struct matcher *m, struct searched_text *s, struct match *matches, size_t count,
                         struct match match)
{
    size_t i = 0;
    while (i < count && !overtakes(m, s, &match, &matches[i]))
        i++;
    memmove(&matches[i + 1], &matches[i], (count - i) * sizeof *matches);
    matches[i] = match;
}

size_t match_all(struct matcher *m, struct searched_text *s, const struct match_scope *scope, struct arena *a,
                 struct match_hit **hits)
{
    struct match *matches = arena_calloc(a, s->count + 1, sizeof *matches);
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct match match = match_of(m, s, i);
        if (is_match(m, s, scope, &match))
            insert_match(m, s, matches, n++, match);
    }
    *hits = arena_calloc(a, n, sizeof **hits);
    for (size_t i = 0; i < n; i++)
        (*hits)[i] = hit_of(&matches[i]);
    return n;
}
