/* SPDX-License-Identifier: MIT */
/*
 * recognise.c - which dialect a mail is written in, and whether its header shows
 * a report at all.
 *
 * What comes in: the facts of a mail that `know` can test. What goes out: the
 * first dialect one of whose groups of conditions holds; only groups whose
 * trigger was seen are looked at. Beside it, which actions and line patterns can
 * match in the mail. Nothing is refused.
 */
#include "match/conditions.h"
#include "match/match.h"

/* The first bit that is set from `from` on; end if there is none before it. */
static size_t next_bit(const uint64_t *bits, size_t from, size_t end)
{
    while (from < end) {
        uint64_t word = bits[from / 64] >> (from % 64);
        if (word) {
            from += (size_t)__builtin_ctzll(word);
            break;
        }
        from = (from | 63) + 1;
    }
    return from < end ? from : end;
}

void match_dialect_begin(struct matcher *m, const struct know_facts *facts)
{
    for (size_t i = 0; i < m->layer_count; i++) {
        struct conditions c = conditions_of(m, facts, i);
        conditions_begin(&c);
    }
}

bool match_sign(struct matcher *m, const struct know_facts *facts)
{
    for (size_t i = 0; i < m->layer_count; i++) {
        struct conditions c = conditions_of(m, facts, i);
        const struct know_groups *signs = &c.layer->signs;
        for (size_t k = 0; (k = next_bit(c.state->signs, k, signs->group_count)) < signs->group_count; k++)
            if (conditions_hold(&c, signs, &signs->groups[k], 0))
                return true;
    }
    return false;
}

/* The dialect of the next group, from *next on, whose trigger was seen; SIZE_MAX if there is none. */
static size_t next_dialect(const struct conditions *c, size_t *next)
{
    size_t count = c->layer->groups.group_count;
    *next = next_bit(c->state->groups, *next, count);
    return *next < count ? c->layer->groups.groups[*next].dialect : SIZE_MAX;
}

/* The layer of the next dialect in order: of the higher priority, or of the upper
 * layer. SIZE_MAX if there is none. */
static size_t next_layer(const struct conditions *c, size_t *next, size_t layers)
{
    size_t best = SIZE_MAX;
    int priority = 0;
    for (size_t i = layers; i-- > 0;) {
        size_t dialect = next_dialect(&c[i], &next[i]);
        if (dialect == SIZE_MAX)
            continue;
        if (best == SIZE_MAX || c[i].layer->dialects[dialect].priority > priority) {
            best = i;
            priority = c[i].layer->dialects[dialect].priority;
        }
    }
    return best;
}

static bool is_admitted(const struct know_facts *facts, const struct dialect *d)
{
    return !(facts->writers_only && !d->software) && !(facts->no_reports && d->kind == BOUNCE_KIND_NDR && d->software);
}

const struct dialect *match_dialect(struct matcher *m, const struct know_facts *facts, size_t *layer)
{
    struct conditions c[RULESET_LAYERS_MAX];
    size_t next[RULESET_LAYERS_MAX] = {0}, i;
    for (i = 0; i < m->layer_count; i++) {
        c[i] = conditions_of(m, facts, i);
        conditions_complete(&c[i]);
    }
    while ((i = next_layer(c, next, m->layer_count)) != SIZE_MAX) {
        const struct know_group *group = &c[i].layer->groups.groups[next[i]++];
        const struct dialect *d = &c[i].layer->dialects[group->dialect];
        if (is_admitted(facts, d) && !ruleset_dialect_off(m->rules, i, group->dialect) &&
            conditions_hold(&c[i], &c[i].layer->groups, group, d->id)) {
            *layer = i;
            return d;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------ what can match */

bool match_action_possible(const struct matcher *m, size_t layer, const struct dialect_action *action,
                           enum know_key key)
{
    size_t index = (size_t)(action - m->layers[layer]->actions);
    return !action->indexed || !m->prefilter || m->dialects[layer].action_keys[index] >> key & 1;
}

size_t match_next_action(const struct matcher *m, size_t layer, size_t from, size_t end)
{
    return m->prefilter ? next_bit(m->dialects[layer].actions, from, end) : from;
}

bool match_line_possible(const struct matcher *m, size_t layer, const struct pattern *p)
{
    const struct layer *tables = m->layers[layer];
    size_t index = (size_t)(p - tables->patterns) - tables->first_line_pattern;
    return !m->prefilter || bits_have(m->dialects[layer].patterns, index);
}
