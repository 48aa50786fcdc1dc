/* SPDX-License-Identifier: MIT */
/*
 * delivery.c - a delivery: what it clears, unless its message bounces.
 *
 * In: the step of one event. Out: its state and decision. The previous state is kept with the new one until the
 * delivery is confirmed. Refused: deliveries to a filter, smart host or service, and deliveries followed by a bounce.
 */
#include "policy/step.h"

/* Free, or watched for the sake of an earlier delivery only. */
static bool is_cleared(const struct bounce_address_state *s)
{
    return s->state == BOUNCE_STATE_FREE || (s->state == BOUNCE_STATE_WATCHED && s->basis == BOUNCE_BASIS_DELIVERED);
}

static void keep_before(struct bounce_address_state *s)
{
    if (!s->proof)
        s->before_delivery = s->last_delivery;
    if (!s->proof || !is_cleared(s)) {
        s->before_state = s->state;
        s->before_basis = s->basis;
        s->before_cause = s->cause;
        s->before_since = s->since;
        s->before_until = s->until;
        s->before_first_hard = s->first_hard;
    }
    s->before_retries += s->retries;
    s->before_full_pauses += s->full_pauses;
    s->before_disabled_pauses += s->disabled_pauses;
    s->before_strike_pauses += s->strike_pauses;
    s->before_strikes = s->strikes;
    s->retries = s->full_pauses = s->disabled_pauses = s->strike_pauses = 0;
}

static void clear_before(struct bounce_address_state *s)
{
    s->proof = s->proof_message = s->before_since = s->before_until = s->before_delivery = s->before_first_hard = 0;
    s->before_state = s->before_basis = s->before_cause = s->before_strikes = 0;
    s->before_retries = s->before_full_pauses = s->before_disabled_pauses = s->before_strike_pauses = 0;
}

void delivery_stands(struct bounce_address_state *s)
{
    const int32_t cleared = s->before_strikes;
    for (int32_t i = cleared; i < s->strikes; i++) {
        s->strike_days[i - cleared] = s->strike_days[i];
        s->strike_messages[i - cleared] = s->strike_messages[i];
    }
    for (int32_t i = s->strikes - cleared; i < s->strikes; i++)
        s->strike_days[i] = 0, s->strike_messages[i] = 0;
    s->strikes -= cleared;
    clear_before(s);
}

void delivery_undone(struct bounce_address_state *s)
{
    if (is_cleared(s) && s->before_state != BOUNCE_STATE_FREE) {
        s->state = s->before_state;
        s->basis = s->before_basis;
        s->cause = s->before_cause;
        s->since = s->before_since;
        s->until = s->before_until;
        if (s->before_state == BOUNCE_STATE_HELD)
            s->first_hard = s->before_first_hard;
    }
    s->last_delivery = s->before_delivery;
    s->retries += s->before_retries;
    s->full_pauses += s->before_full_pauses;
    s->disabled_pauses += s->before_disabled_pauses;
    s->strike_pauses += s->before_strike_pauses;
    clear_before(s);
}

/* Soft states end at once; the first hard bounce has its pause, and what is suppressed stays so. */
static void set_free(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const bool hard_pause = s->state == BOUNCE_STATE_PAUSED && s->basis == BOUNCE_BASIS_HARD_FIRST;
    if (s->state == BOUNCE_STATE_FREE || s->state == BOUNCE_STATE_SUPPRESSED || hard_pause) {
        decision_say(t->decision, "delivered; %s stays", bounce_state_name((bounce_state)s->state));
        return;
    }
    if (s->state == BOUNCE_STATE_HELD)
        s->first_hard = 0;
    state_set(s, BOUNCE_STATE_WATCHED, BOUNCE_BASIS_DELIVERED, t->event->time, 0);
    decision_say(t->decision, "delivered: free, if the message does not bounce");
}

void step_delivery(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    s->last_sent = later(s->last_sent, e->time);
    if (!(e->flags & BOUNCE_EVENT_FINAL)) {
        decision_say(t->decision, "taken by a server that is not the recipient's own: no proof");
    } else if (same_message(e->message, s->last_bounce_message) &&
               e->time - s->last_bounce <= policy_value(t->policy, CLOCK_SKEW)) {
        decision_say(t->decision, "the same message bounced: a bounce beats a delivery");
    } else if (e->time <= s->last_bounce) {
        s->last_delivery = later(s->last_delivery, e->time);
        decision_say(t->decision, "delivered, but a bounce came after it");
    } else if (e->time < s->last_delivery) {
        decision_say(t->decision, "delivered, and later once more");
    } else {
        t->decision->counted = true;
        keep_before(s);
        s->last_delivery = s->proof = e->time;
        s->proof_message = e->message;
        set_free(t);
    }
}
