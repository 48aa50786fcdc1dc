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
void recognition_add_facts(struct recognition *r, uint32_t facts)
{
    r->facts = (r->facts & 1u << FACT_ORDINARY_HEADER) | facts;
    for (size_t i = 0; i < r->m->layer_count; i++)
        for (size_t k = 0; k < r->m->layers[i]->sign_count; k++)
            if (r->m->layers[i]->signs[k].keys & OF_FACTS)
                r->states[i].signs[k] = SIGN_NOT_ASKED;
}

/* The weight of one of the weighed signs, if it holds. */
static int weigh(struct conditions *c, size_t i)
{
    const int weight = weighed_at(c, i)->weight;
    return weight && conditions_sign(c, c->layer->weighed[i]) ? weight : 0;
}

/* The weights of the header's signs that speak for a report; whether there is none is a fact of its own. */
static int weigh_header_for(struct recognition *r)
{
    if (r->has_header_for)
        return r->header_for;
    bool any = false;
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; k < c.layer->weighed_for_count; k++) {
            const uint32_t index = c.layer->weighed[k];
            if (!conditions_sign_can_hold(&c, index) || !conditions_sign(&c, index))
                continue;
            r->header_for += c.layer->signs[index].weight;
            any = true;
        }
    }
    if (!any)
        r->facts |= 1u << FACT_ORDINARY_HEADER;
    r->has_header_for = true;
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

/* What the sum can still be. */
struct bounds {
    int least, most;
};

static bool is_open(const struct bounds *b, int threshold)
{
    return b->least < threshold && b->most >= threshold;
}

/* The texts of the rest of the mail are searched when all else is known. */
static bool is_of_texts(const struct sign *sign)
{
    return sign->keys & OF_REST & ~OF_FACTS;
}

static void count_sign(struct conditions *c, size_t i, struct bounds *b)
{
    const struct sign *sign = weighed_at(c, i);
    const uint32_t index = c->layer->weighed[i];
    if (!sign->weight || !conditions_sign_can_hold(c, index))
        return;
    const bool of_texts = is_of_texts(sign);
    if (!of_texts && !conditions_sign(c, index))
        return;
    b->least += of_texts && sign->weight > 0 ? 0 : sign->weight;
    b->most += of_texts && sign->weight < 0 ? 0 : sign->weight;
}

/* A sign that was counted as open holds, or does not. */
static void settle_sign(struct conditions *c, size_t i, struct bounds *b)
{
    const struct sign *sign = weighed_at(c, i);
    const uint32_t index = c->layer->weighed[i];
    if (!sign->weight || !is_of_texts(sign) || !conditions_sign_can_hold(c, index))
        return;
    if (conditions_sign(c, index) == (sign->weight > 0))
        b->least += abs(sign->weight);
    else
        b->most -= abs(sign->weight);
}

bool recognition_is_report(struct recognition *r)
{
    const int threshold = threshold_of(r);
    struct bounds b = {0};
    weigh_header_for(r);
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = 0; k < c.layer->weighed_count; k++)
            count_sign(&c, k, &b);
    }
    for (size_t i = 0; i < r->m->layer_count; i++) {
        struct conditions c = conditions_of(r, i);
        for (size_t k = c.layer->weighed_header_count; k < c.layer->weighed_count && is_open(&b, threshold); k++)
            settle_sign(&c, k, &b);
    }
    return b.least >= threshold;
}

/* ------------------------------------------------------------- for whoever asks */

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
