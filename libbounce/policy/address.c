/* SPDX-License-Identifier: MIT */
/*
 * address.c - an event, or time, applied to the state of an address.
 *
 * In: policy, state, event. Out: the next state, and the decision in words. Refused: NULL, and kinds of events that are
 * not known.
 */
#include <stdarg.h>
#include <stdio.h>

#include "policy/kind.h"
#include "policy/step.h"

void decision_say(struct bounce_policy_decision *d, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(d->why, sizeof d->why, format, arguments);
    va_end(arguments);
}

void state_set(struct bounce_address_state *s, bounce_state state, bounce_basis basis, int64_t since, int64_t until)
{
    if (s->state != (int32_t)state || s->basis != (int32_t)basis)
        s->since = since;
    s->state = (int32_t)state;
    s->basis = (int32_t)basis;
    s->until = until;
}

/* Of two grounds to suppress, the heavier one stays: a dead address is dead even after a complaint is withdrawn. */
static int weight_of(int32_t basis)
{
    switch (basis) {
    case BOUNCE_BASIS_COMPLAINT:
    case BOUNCE_BASIS_UNVERIFIED_COMPLAINT:
    case BOUNCE_BASIS_UNSUBSCRIBED: return 1;
    case BOUNCE_BASIS_HARD:
    case BOUNCE_BASIS_HARD_AGAIN:
    case BOUNCE_BASIS_HARD_AFTER_RELEASE: return 3;
    default: return 2;
    }
}

void step_put(const struct step *t, bounce_state state, bounce_basis basis, int64_t until)
{
    struct bounce_address_state *s = t->state;
    const bool closed = (s->state == BOUNCE_STATE_DUE || s->state == BOUNCE_STATE_PAUSED) && s->until > t->event->time;
    if (s->state == BOUNCE_STATE_SUPPRESSED &&
        (state != BOUNCE_STATE_SUPPRESSED || weight_of((int32_t)basis) <= weight_of(s->basis)))
        return;
    if (s->state == BOUNCE_STATE_HELD && state < BOUNCE_STATE_HELD)
        return;
    if (closed && (int32_t)state < s->state)
        return;
    if (closed && state <= BOUNCE_STATE_PAUSED)
        until = later(until, s->until);
    s->cause =
        t->event->happened == BOUNCE_HAPPENED_COMPLAINT ? BOUNCE_REASON_COMPLAINT : (int32_t)effective_reason(t->event);
    state_set(s, state, basis, t->event->time, until);
}

/* The event only says that something was sent. */
static void step_no_news(const struct step *t, const char *what)
{
    decision_say(t->decision, "%s says nothing of the address", what);
}

static bool step_event(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    switch ((bounce_happened)t->event->happened) {
    case BOUNCE_HAPPENED_NOTHING: step_no_news(t, "an automatic reply"); return true;
    case BOUNCE_HAPPENED_DELAY:
        s->last_sent = later(s->last_sent, time);
        step_no_news(t, "a delay");
        return true;
    case BOUNCE_HAPPENED_SENT:
        s->last_sent = later(s->last_sent, time);
        step_no_news(t, "a message that was sent");
        return true;
    case BOUNCE_HAPPENED_BOUNCE: step_failure(t); return true;
    case BOUNCE_HAPPENED_DELIVERY: step_delivery(t); return true;
    case BOUNCE_HAPPENED_COMPLAINT: step_complaint(t); return true;
    case BOUNCE_HAPPENED_NOT_SPAM: step_not_spam(t); return true;
    case BOUNCE_HAPPENED_UNSUBSCRIPTION: step_unsubscription(t); return true;
    case BOUNCE_HAPPENED_SUPPRESSION: step_suppression(t); return true;
    case BOUNCE_HAPPENED_RELEASE: step_release(t); return true;
    case BOUNCE_HAPPENED_GUARD: step_guard(t); return true;
    case BOUNCE_HAPPENED_HELD_ACCEPT:
    case BOUNCE_HAPPENED_HELD_REJECT: step_held(t, t->event->happened == BOUNCE_HAPPENED_HELD_ACCEPT); return true;
    }
    return false;
}

/* ---------------------------------------------------------------- as a kind */

/* A state from a database may contain anything. */
static bool address_is_sane(const void *state)
{
    const struct bounce_address_state *s = state;
    const int64_t times[] = {
        s->since,         s->until,        s->last_bounce,  s->last_soft,       s->last_hard,        s->first_hard,
        s->last_delivery, s->last_sent,    s->last_event,   s->released,        s->complained,       s->unsubscribed,
        s->proof,         s->before_until, s->before_since, s->before_delivery, s->before_first_hard};
    for (size_t i = 0; i < COUNT(times); i++)
        if (!time_is_sane(times[i]))
            return false;
    const int32_t counts[] = {
        s->retries,        s->full_pauses,        s->disabled_pauses,        s->strike_pauses,
        s->before_retries, s->before_full_pauses, s->before_disabled_pauses, s->before_strike_pauses};
    for (size_t i = 0; i < COUNT(counts); i++)
        if (counts[i] < 0 || counts[i] > COUNTS_MAX)
            return false;
    return s->before_strikes >= 0 && s->before_strikes <= s->strikes && s->strikes <= BOUNCE_STRIKES;
}

static struct state_face address_face(const void *state)
{
    const struct bounce_address_state *s = state;
    return (struct state_face){s->state, s->basis, s->cause, s->since, s->until, s->last_event};
}

static bool address_take(const struct bounce_policy *policy, void *state, const struct bounce_policy_event *event,
                         struct bounce_policy_decision *decision)
{
    const struct step step = {policy, state, event, decision};
    return step_event(&step);
}

static void address_set_last_event(void *state, int64_t time)
{
    ((struct bounce_address_state *)state)->last_event = time;
}

const struct state_kind address_kind = {.bytes = sizeof(struct bounce_address_state),
                                        .subject = "",
                                        .end = " since then",
                                        .is_sane = address_is_sane,
                                        .face = address_face,
                                        .take = address_take,
                                        .tick = address_tick,
                                        .set_last_event = address_set_last_event};

bounce_status bounce_policy_apply(const bounce_policy *policy, bounce_address_state *state,
                                  const bounce_policy_event *event, bounce_policy_decision *decision)
{
    return kind_apply(&address_kind, policy, state, event, decision);
}

bounce_status bounce_policy_tick(const bounce_policy *policy, bounce_address_state *state, int64_t now,
                                 bounce_policy_decision *decision)
{
    return kind_tick(&address_kind, policy, state, now, decision);
}

bounce_may bounce_policy_may(int32_t state, int64_t until, int64_t now, int64_t *from)
{
    const bool waits = state == BOUNCE_STATE_DUE || state == BOUNCE_STATE_PAUSED || state == BOUNCE_STATE_HELD;
    bounce_may answer = BOUNCE_MAY_YES;
    int64_t start = now;
    if (state == BOUNCE_STATE_SUPPRESSED)
        answer = BOUNCE_MAY_NEVER, start = 0;
    else if (waits && until > now)
        answer = BOUNCE_MAY_NOT_NOW, start = until;
    if (from)
        *from = start;
    return answer;
}
