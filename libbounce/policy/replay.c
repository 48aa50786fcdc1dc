/* SPDX-License-Identifier: MIT */
/*
 * replay.c - the state that results from all events of an address or a domain, given in any order.
 *
 * In: events. Out: the state, as if each had been known when it happened: they are sorted by time (equal times in a
 * fixed order), and a delivery whose message bounced afterwards is left out.
 */
#include <stdlib.h>

#include "policy/kind.h"
#include "policy/step.h"

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* At equal times, what lifts comes first and a failure last, so that it outweighs a delivery. */
static int order_of(const struct bounce_policy_event *e)
{
    switch ((bounce_happened)e->happened) {
    case BOUNCE_HAPPENED_SENT: return 0;
    case BOUNCE_HAPPENED_RELEASE: return 1;
    case BOUNCE_HAPPENED_DELIVERY: return 2;
    case BOUNCE_HAPPENED_BOUNCE: return 4;
    case BOUNCE_HAPPENED_NOT_SPAM:
    case BOUNCE_HAPPENED_GUARD:
    case BOUNCE_HAPPENED_HELD_ACCEPT:
    case BOUNCE_HAPPENED_HELD_REJECT: return 5;
    default: return 3;
    }
}

static int by_time(const void *left, const void *right)
{
    const struct bounce_policy_event *a = left, *b = right;
    int order = compare(a->time, b->time);
    order = order ? order : compare(order_of(a), order_of(b));
    order = order ? order : compare(a->message, b->message);
    order = order ? order : compare(a->happened, b->happened);
    order = order ? order : compare(a->type, b->type);
    order = order ? order : compare(a->reason, b->reason);
    order = order ? order : compare(a->cause, b->cause);
    order = order ? order : compare(a->flags, b->flags);
    order = order ? order : compare(a->because, b->because);
    order = order ? order : compare(a->sent, b->sent);
    return order ? order : compare(a->retry_at, b->retry_at);
}

static int by_message(const void *left, const void *right)
{
    const struct bounce_policy_event *a = left, *b = right;
    const int order = compare(a->message, b->message);
    return order ? order : by_time(left, right);
}

/* Goes through the events of each message from its end: a delivery that a later bounce undoes becomes a mere "sent". */
static void undo_deliveries(const struct bounce_policy *p, struct bounce_policy_event *events, size_t count)
{
    const struct bounce_policy_event *bounce = NULL;
    for (size_t i = count; i--;) {
        struct bounce_policy_event *e = &events[i];
        if (!e->message || (bounce && bounce->message != e->message))
            bounce = NULL;
        if (!e->message)
            continue;
        if (e->happened == BOUNCE_HAPPENED_BOUNCE && e->sent != BOUNCE_SENT_NO && !(e->flags & BOUNCE_EVENT_INBOUND))
            bounce = e;
        else if (bounce && e->happened == BOUNCE_HAPPENED_DELIVERY &&
                 bounce->time - e->time <= policy_value(p, DELIVERY_STANDS))
            e->happened = BOUNCE_HAPPENED_SENT;
    }
}

/* For free(); NULL when memory runs out. */
static struct bounce_policy_event *in_order(const struct bounce_policy *p, const struct bounce_policy_event *events,
                                            size_t count)
{
    struct bounce_policy_event *copy = calloc(count + 1, sizeof *copy);
    if (!copy)
        return NULL;
    if (count)
        memcpy(copy, events, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, by_message);
    undo_deliveries(p, copy, count);
    qsort(copy, count, sizeof *copy, by_time);
    return copy;
}

static bool is_wrong(const struct bounce_policy *p, const struct bounce_policy_event *events, size_t count,
                     const void *state)
{
    return !p || !state || (!events && count) || count > SIZE_MAX / sizeof *events - 1;
}

/* Keeps the words of the last event that counted; if none did, those of time. */
static void tell(struct bounce_policy_decision *whole, const struct bounce_policy_decision *part)
{
    const int32_t from = whole->from;
    const bool counted = whole->counted || part->counted;
    char why[sizeof whole->why];
    memcpy(why, part->counted || (part->changed && part->why[0]) ? part->why : whole->why, sizeof why);
    *whole = *part;
    memcpy(whole->why, why, sizeof why);
    whole->from = from;
    whole->counted = counted;
    whole->late = false;
    whole->changed = whole->to != from || whole->until != 0;
}

static bounce_status fold(const struct state_kind *kind, const struct bounce_policy *policy,
                          const struct bounce_policy_event *events, size_t count, int64_t now, void *state,
                          struct bounce_policy_decision *decision)
{
    struct bounce_policy_decision part, whole = {0};
    bounce_status status = BOUNCE_OK;
    if (decision)
        *decision = whole;
    if (is_wrong(policy, events, count, state))
        return BOUNCE_ERROR_ARGUMENT;
    memset(state, 0, kind->bytes);
    struct bounce_policy_event *sorted = in_order(policy, events, count);
    if (!sorted)
        return BOUNCE_ERROR_MEMORY;
    for (size_t i = 0; i < count && status == BOUNCE_OK; i++) {
        status = kind_apply(kind, policy, state, &sorted[i], &part);
        tell(&whole, &part);
    }
    free(sorted);
    if (status == BOUNCE_OK && now > kind->face(state).last_event) {
        status = kind_tick(kind, policy, state, now, &part);
        tell(&whole, &part);
    }
    if (decision)
        *decision = whole;
    return status;
}

bounce_status bounce_policy_replay(const bounce_policy *policy, const bounce_policy_event *events, size_t count,
                                   int64_t now, bounce_address_state *state, bounce_policy_decision *decision)
{
    return fold(&address_kind, policy, events, count, now, state, decision);
}

bounce_status bounce_policy_replay_domain(const bounce_policy *policy, const bounce_policy_event *events, size_t count,
                                          int64_t now, bounce_domain_state *state, bounce_policy_decision *decision)
{
    return fold(&domain_kind, policy, events, count, now, state, decision);
}
