/* SPDX-License-Identifier: MIT */
/*
 * recognise.c - which dialect a mail is written in, and whether its header shows
 * a report at all.
 *
 * In: the facts of a mail that `know` can test. Out: the first dialect with a group of conditions that holds; only
 * groups whose trigger was seen are tested. Also, which actions and line patterns can match in the mail. Nothing is
 * refused.
 */
#include "match/conditions.h"
#include "match/match.h"

#include <glib.h>
#include <string.h>

struct recognition *recognition_new(struct matcher *m, struct arena *a, const struct header_facts *header)
{
    struct recognition *r = arena_alloc(a, sizeof *r + m->layer_count * sizeof *r->states);
    *r = (struct recognition){.m = m, .arena = a, .header = *header};
    for (size_t i = 0; i < KNOW_SIGN; i++)
        r->accounts[i] = m->text_steps;
    for (size_t i = 0; i < m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        conditions_begin(&c);
    }
    return r;
}

void recognition_add_body(struct recognition *r, const struct body_facts *body)
{
    r->body = *body;
    r->has_body = true;
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        conditions_complete(&c);
    }
}

/* ------------------------------------------------------- signs of a report */

static bool header_group_holds(struct recognition *r)
{
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        const struct know_groups *all = &c.layer->header_groups;
        for (size_t k = 0; (k = bits_next(c.state->header_groups, k, all->group_count)) < all->group_count; k++)
            if (conditions_hold(&c, all, &all->groups[k], 0))
                return true;
    }
    return false;
}

/* A delivery status adds fields that are not in the header: a late call must look at the header alone. */
bool recognition_shows_report(struct recognition *r)
{
    if (r->report == SIGN_NOT_ASKED) {
        bool mixed = r->body.status_fields && r->body.status_fields->count;
        struct recognition *of_header = mixed ? recognition_new(r->m, r->arena, &r->header) : r;
        r->report = header_group_holds(of_header) ? SIGN_SEEN : SIGN_NONE;
    }
    return r->report == SIGN_SEEN;
}

bool recognition_sign(struct recognition *r, enum asked_sign asked)
{
    bool holds = false;
    for (size_t i = 0; !holds && i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        const uint32_t sign = c.layer->asked_signs[asked];
        holds = sign && conditions_sign(&c, sign - 1);
    }
    return holds;
}

/* --------------------------------------------------------------- dialects */

/* Groups of one kind, of all layers, in the order in which they are tried. */
struct walk {
    const bounce_rules *rules;
    size_t layer_count;
    struct conditions c[RULESET_LAYERS_MAX];
    const uint64_t *bits[RULESET_LAYERS_MAX]; /* one for each group of a layer */
    size_t next[RULESET_LAYERS_MAX];
};

/* A walk over the groups whose trigger was seen. */
static struct walk walk_of(struct recognition *r)
{
    struct walk w = {.rules = r->m->rules, .layer_count = r->m->layer_count};
    for (size_t i = 0; i < w.layer_count; i++) {
        w.c[i] = conditions_of(r, i);
        w.bits[i] = r->states[i].groups;
    }
    return w;
}

/* The next group: that of the dialect that is tried first. NULL if there is none. */
static inline const struct know_group *next_group(struct walk *w, size_t *layer)
{
    const struct know_group *best = NULL;
    uint32_t least = 0;
    for (size_t i = 0; i < w->layer_count; i++) {
        const struct layer *tables = w->c[i].layer;
        w->next[i] = bits_next(w->bits[i], w->next[i], tables->groups.group_count);
        if (w->next[i] == tables->groups.group_count)
            continue;
        const struct know_group *group = &tables->groups.groups[w->next[i]];
        uint32_t place = ruleset_dialect_place(w->rules, i, group->owner);
        if (!best || place < least) {
            best = group;
            least = place;
            *layer = i;
        }
    }
    if (best)
        w->next[*layer]++;
    return best;
}

static bool is_admitted(const struct recognition *r, const struct dialect *d)
{
    return !(r->body.writers_only && !d->software) &&
           !(r->header.no_reports && d->kind == BOUNCE_KIND_NDR && d->software);
}

static bool group_holds(struct conditions *c, const struct know_group *group)
{
    return !ruleset_dialect_off(c->r->m->rules, c->layer_index, group->owner) &&
           conditions_hold(c, &c->layer->groups, group, c->layer->dialects[group->owner].id);
}

const struct dialect *recognition_dialect(struct recognition *r, size_t *layer)
{
    struct walk w = walk_of(r);
    const struct know_group *group;
    size_t i;
    while ((group = next_group(&w, &i))) {
        const struct dialect *d = &w.c[i].layer->dialects[group->owner];
        if (is_admitted(r, d) && group_holds(&w.c[i], group)) {
            *layer = r->by_layer = i;
            r->by = group;
            return d;
        }
    }
    return NULL;
}

bool recognition_answers(struct recognition *r)
{
    struct walk w = walk_of(r);
    const struct know_group *group;
    size_t i;
    while ((group = next_group(&w, &i)))
        if (w.c[i].layer->dialects[group->owner].kind == BOUNCE_KIND_AUTO_REPLY && group_holds(&w.c[i], group))
            return true;
    return false;
}

bool recognition_by_header(const struct recognition *r)
{
    const struct layer *layer = r->m->layers[r->by_layer];
    bool by_header = r->by != NULL;
    for (size_t i = 0; by_header && i < r->by->count; i++)
        by_header = !(layer->knows[layer->groups.conditions[r->by->first + i]].keys & ~KNOW_HEADER_KEYS);
    return by_header;
}

const struct held_group *recognition_held(struct recognition *r)
{
    struct walk w = walk_of(r);
    const struct match_account account = matcher_account(r->m);
    const struct know_group *group;
    struct held_group *first = NULL, **last = &first;
    size_t i;
    while ((group = next_group(&w, &i))) {
        if (!group_holds(&w.c[i], group))
            continue;
        const struct dialect *d = &w.c[i].layer->dialects[group->owner];
        *last = arena_alloc(r->arena, sizeof **last);
        **last = (struct held_group){NULL, d, i, group, !is_admitted(r, d)};
        last = &(*last)->next;
    }
    matcher_restore(r->m, &account);
    return first;
}

/* ------------------------------------------------------------ what can match */

bool recognition_action_possible(const struct recognition *r, size_t layer, const struct dialect_action *action,
                                 enum know_key key)
{
    size_t index = (size_t)(action - r->m->layers[layer]->actions);
    return !action->indexed || !r->m->prefilter || r->states[layer].action_keys[index] >> key & 1;
}

bool recognition_row_matches(struct recognition *r, size_t layer, const struct pattern *row, enum know_key key)
{
    struct conditions c = conditions_of(r, layer);
    const struct norm_text *text = key == KNOW_BODY ? r->body.text : r->header.subject;
    return text && conditions_match(&c, row, key, 0, text);
}

size_t recognition_next_action(const struct recognition *r, size_t layer, size_t from, size_t end)
{
    return r->m->prefilter ? bits_next(r->states[layer].actions, from, end) : from;
}

bool recognition_line_possible(const struct recognition *r, size_t layer, const struct pattern *p)
{
    const struct layer *tables = r->m->layers[layer];
    size_t index = (size_t)(p - tables->patterns) - tables->first_line_pattern;
    return !r->m->prefilter || (r->has_body && bits_have(r->states[layer].patterns, index));
}

uint64_t recognition_line_pairs(const struct recognition *r, size_t layer, const struct pattern *p)
{
    const struct layer *tables = r->m->layers[layer];
    return r->m->prefilter ? tables->line_pairs[(size_t)(p - tables->patterns) - tables->first_line_pattern] : 0;
}
