/* SPDX-License-Identifier: MIT */
/*
 * sign_sum.c - whether a mail is a report: the sum of the weights of its signs.
 *
 * What comes in: a recognition, and the facts that no pattern finds. What goes
 * out: whether the sum comes to the threshold, or could; and for whoever asks how
 * it was decided, the sum and its signs. A sign is tested only while it could
 * still turn the answer. Nothing is refused.
 */
#include "match/conditions.h"
#include "match/match.h"

#include <stdlib.h>

enum { OF_REST = ~KNOW_HEADER_KEYS, OF_FACTS = 1 << KNOW_FACT };

static int threshold_of(const struct recognition *r)
{
    return r->m->layers[0]->threshold;
}

static const struct sign *weighed_at(const struct conditions *c, size_t i)
{
    return &c->layer->signs[c->layer->weighed[i]];
}

/* Answers about the header stay. */
void recognition_ask_facts(struct recognition *r, fact_fn *fact, void *data)
{
    r->fact = fact;
    r->fact_data = data;
    for (size_t i = 0; i < r->m->layer_count; i++)
        for (size_t k = 0; k < r->m->layers[i]->weighed_count; k++) {
            const uint32_t index = r->m->layers[i]->weighed[k];
            if (r->m->layers[i]->signs[index].keys & OF_FACTS)
                r->states[i].signs[index] = SIGN_NOT_ASKED;
        }
}

/* The next of some signs, one of whose groups was triggered, from group *k on: the bits of their groups are in `of`. */
static const struct sign *next_triggered(const struct conditions *c, const uint64_t *of, size_t *k, uint32_t *index)
{
    const struct know_groups *all = &c->layer->sign_groups;
    const size_t words = bits_words(all->group_count);
    uint64_t left = ~(uint64_t)0 << *k % 64;
    for (size_t i = *k / 64; i < words; i++, left = ~(uint64_t)0) {
        left &= of[i] & c->state->sign_groups[i];
        if (!left)
            continue;
        *index = all->groups[64 * i + (size_t)__builtin_ctzll(left)].owner;
        const struct sign *sign = &c->layer->signs[*index];
        *k = sign->groups.first + sign->groups.count;
        return sign;
    }
    return NULL;
}

/* ------------------------------------------------------------- the header */

/* The weight of one of the weighed signs, if it holds. */
static int weigh(struct conditions *c, size_t i)
{
    const int weight = weighed_at(c, i)->weight;
    return weight && conditions_sign(c, c->layer->weighed[i]) ? weight : 0;
}

/* The weights of the header's signs that speak for a report; whether there is none is a fact of its own. */
static int weigh_header_for(struct recognition *r)
{
    if (r->header_weighed)
        return r->header_for;
    const struct sign *sign;
    uint32_t index;
    r->ordinary_header = true;
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; (sign = next_triggered(&c, c.layer->header_for_groups, &k, &index));) {
            if (!conditions_sign(&c, index))
                continue;
            r->header_for += sign->weight;
            r->ordinary_header = false;
        }
    }
    r->header_weighed = true;
    return r->header_for;
}

static int body_most(const struct recognition *r)
{
    int most = 0;
    for (size_t i = 0; i < r->m->layer_count; i++)
        most += r->m->layers[i]->body_most;
    return most;
}

/* The signs of the header that speak against a report come after the others, the heaviest first. */
bool recognition_can_be_report(struct recognition *r)
{
    int most = weigh_header_for(r) + body_most(r) - threshold_of(r);
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = c.layer->weighed_for_count; k < c.layer->weighed_header_count && most >= 0; k++)
            most += weigh(&c, k);
    }
    return most >= 0;
}

/* ---------------------------------------------------------------- the rest */

/* A sign about the rest of the mail that can hold, and was not tested. */
struct open_sign {
    size_t layer;
    uint32_t index;
    int weight;
    bool of_texts; /* it is tested after those that need no search */
};

/* What the sum can still be. */
struct open_sum {
    int least, most;
    struct open_sign open[RULESET_LAYERS_MAX * LIMIT_WEIGHED_SIGNS]; /* in the order in which they are tested */
    size_t count;
};

static bool comes_before(const struct open_sign *a, const struct open_sign *b)
{
    return a->of_texts != b->of_texts ? b->of_texts : abs(a->weight) > abs(b->weight);
}

static void add_open(struct open_sum *s, const struct open_sign *sign)
{
    size_t at = s->count++;
    for (; at && comes_before(sign, &s->open[at - 1]); at--)
        s->open[at] = s->open[at - 1];
    s->open[at] = *sign;
    s->least += sign->weight < 0 ? sign->weight : 0;
    s->most += sign->weight > 0 ? sign->weight : 0;
}

static void add_sign(struct open_sum *s, struct conditions *c, const struct sign *sign, uint32_t index)
{
    const int of_rest = sign->keys & OF_REST;
    if (of_rest && conditions_sign_can_hold(c, index)) {
        add_open(s, &(struct open_sign){c->layer_index, index, sign->weight, of_rest & ~OF_FACTS});
    } else if (!of_rest && conditions_sign(c, index)) {
        s->least += sign->weight;
        s->most += sign->weight;
    }
}

static void settle_sign(struct recognition *r, struct open_sum *s, const struct open_sign *sign)
{
    struct conditions c = conditions_of(r, sign->layer);
    if (conditions_sign(&c, sign->index) == (sign->weight > 0))
        s->least += abs(sign->weight);
    else
        s->most -= abs(sign->weight);
}

bool recognition_is_report(struct recognition *r)
{
    const int threshold = threshold_of(r);
    struct open_sum s;
    const struct sign *sign;
    uint32_t index;
    s.least = s.most = 0;
    s.count = 0;
    weigh_header_for(r);
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; (sign = next_triggered(&c, c.layer->heavy_groups, &k, &index));)
            add_sign(&s, &c, sign, index);
    }
    for (size_t i = 0; i < s.count && s.least < threshold && s.most >= threshold; i++)
        settle_sign(r, &s, &s.open[i]);
    return s.least >= threshold;
}

/* -------------------------------------------------------- for whoever asks */

struct sign_sum recognition_sum(struct recognition *r)
{
    struct sign_sum sum = {.threshold = threshold_of(r), .body_most = body_most(r)};
    weigh_header_for(r);
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; k < c.layer->weighed_header_count; k++)
            sum.header += weigh(&c, k);
        for (size_t k = c.layer->weighed_header_count; r->has_body && k < c.layer->weighed_count; k++)
            sum.body += weigh(&c, k);
    }
    return sum;
}

size_t recognition_weighed(struct recognition *r, struct weighed_sign *signs, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; k < c.layer->weighed_count && count < capacity; k++) {
            const struct sign *sign = weighed_at(&c, k);
            if (conditions_sign(&c, c.layer->weighed[k]))
                signs[count++] = (struct weighed_sign){layer_string(c.layer, sign->name), sign->weight};
        }
    }
    return count;
}
