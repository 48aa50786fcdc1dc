/* SPDX-License-Identifier: MIT */
/*
 * sign_sum.c - whether a mail is a report: the sum of the weights of its signs.
 *
 * In: a recognition, and the facts that no pattern finds. Out: whether the sum reaches the threshold, or could; and, to
 * explain it, the sum and its signs. A sign is tested only while it could still change the answer. Nothing is refused.
 */
#include "match/conditions.h"
#include "match/match.h"

#include <stdlib.h>

enum { OF_REST = ~KNOW_HEADER_KEYS, OF_FACTS = 1 << KNOW_FACT };

/* As stated by the uppermost layer that states one. */
static int threshold_of(const struct recognition *r)
{
    int threshold = 0;
    for (size_t i = 0; i < r->m->layer_count; i++)
        threshold = r->m->layers[i]->threshold ? r->m->layers[i]->threshold : threshold;
    return threshold;
}

static const struct sign *weighed_at(const struct conditions *c, size_t i)
{
    return &c->layer->signs[c->layer->weighed[i]];
}

/* Answers about the header are kept. */
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

/* The next sign with a triggered group, from group *k on, among those whose groups have their bits in `of`. */
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

/* The weight of one of the weighed signs if it holds, else 0. */
static int weigh(struct conditions *c, size_t i)
{
    const int weight = weighed_at(c, i)->weight;
    return weight && conditions_sign(c, c->layer->weighed[i]) ? weight : 0;
}

/* Sums the weights of the header's signs that speak for a report; that there is none is a fact of its own. */
static int weigh_header_for(struct recognition *r)
{
    if (r->header_weighed)
        return r->header_for;
    const struct sign *sign;
    uint32_t index;
    r->ordinary_header = true;
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0;
             c.layer->weighed_for_count && (sign = next_triggered(&c, c.layer->header_for_groups, &k, &index));) {
            const bool tells_nothing = !sign->weight && !r->ordinary_header;
            if (tells_nothing || !conditions_sign(&c, index))
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

/* The weights of all signs of the header that hold. */
static int weigh_header(struct recognition *r)
{
    int sum = weigh_header_for(r);
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = c.layer->weighed_for_count; k < c.layer->weighed_header_count; k++)
            sum += weigh(&c, k);
    }
    return sum;
}

/* ---------------------------------------------------------------- the rest */

/* The range of what the sum can still be. */
struct open_sum {
    int least, most;
};

/* A sign whose groups have no trigger in the mail does not hold. */
static bool is_open(const struct conditions *c, size_t i)
{
    const struct sign *sign = weighed_at(c, i);
    const size_t end = sign->groups.first + sign->groups.count;
    return sign->weight && bits_next(c->state->sign_groups, sign->groups.first, end) < end;
}

static void open_signs(const struct conditions *c, struct open_sum *s)
{
    for (size_t i = c->layer->weighed_header_count; i < c->layer->weighed_count; i++) {
        const int weight = is_open(c, i) ? weighed_at(c, i)->weight : 0;
        s->least += weight < 0 ? weight : 0;
        s->most += weight > 0 ? weight : 0;
    }
}

/* Facts come first, then signs that search texts; the heaviest of each first. */
static void settle_signs(struct conditions *c, int threshold, struct open_sum *s)
{
    const size_t end = c->layer->weighed_count;
    for (size_t i = c->layer->weighed_header_count; i < end && s->least < threshold && s->most >= threshold; i++) {
        if (!is_open(c, i))
            continue;
        const int weight = weighed_at(c, i)->weight;
        if (conditions_sign(c, c->layer->weighed[i]) == (weight > 0))
            s->least += abs(weight);
        else
            s->most -= abs(weight);
    }
}

bool recognition_is_report(struct recognition *r)
{
    const int threshold = threshold_of(r), header = weigh_header(r);
    struct open_sum s = {header, header};
    for (size_t i = 0; i < r->m->layer_count; i++) {
        const struct conditions c = conditions_of(r, i);
        open_signs(&c, &s);
    }
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        settle_signs(&c, threshold, &s);
    }
    return s.least >= threshold;
}

/* ----------------------------------------------------------- explanations */

struct sign_sum recognition_sum(struct recognition *r)
{
    struct sign_sum sum = {.header = weigh_header(r), .threshold = threshold_of(r), .body_most = body_most(r)};
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
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
