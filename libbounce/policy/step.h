/* SPDX-License-Identifier: MIT */
/*
 * step.h - one event applied to the state of one address.
 *
 * In: policy, state, event. Out: the state, changed in place, and the words of the decision.
 */
#ifndef BOUNCE_POLICY_STEP_H
#define BOUNCE_POLICY_STEP_H

#include "policy/policy.h"

struct step {
    const struct bounce_policy *policy;
    struct bounce_address_state *state;
    const struct bounce_policy_event *event;
    struct bounce_policy_decision *decision;
};

static inline int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
/* The earlier of two times, of which 0 is none. */
static inline int64_t earlier(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}
/* Days since 1970, of times before it as well. */
static inline int32_t day_of(int64_t time)
{
    return (int32_t)((time - (time < 0 ? SECONDS_OF_DAY - 1 : 0)) / SECONDS_OF_DAY);
}
static inline bool same_message(int64_t a, int64_t b)
{
    return a && a == b;
}

/* Years 0 to 9999, so that a span may be added to any time. */
static inline bool time_is_sane(int64_t time)
{
    return time >= -INT64_C(62167219200) && time <= INT64_C(253402300799);
}
static inline bool event_is_sane(const struct bounce_policy_event *e)
{
    return time_is_sane(e->time) && time_is_sane(e->retry_at);
}

/* address.c: the text of the decision; the last call counts. */
void decision_say(struct bounce_policy_decision *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Changes to a state, whatever there was before. */
void state_set(struct bounce_address_state *s, bounce_state state, bounce_basis basis, int64_t since, int64_t until);
/* Likewise, at the time of the event and with its reason as cause, unless the state is a stronger one. */
void step_put(const struct step *t, bounce_state state, bounce_basis basis, int64_t until);

/* reach.c: what a failure counts as, and its reason: for an expired message, that of the last error. */
enum treatment treatment_of(const struct bounce_policy *p, const struct bounce_policy_event *e);
bounce_reason effective_reason(const struct bounce_policy_event *e);
/* Why an event counts for nobody, in words; NULL if it may count. */
const char *never_counts(const struct bounce_policy *p, const struct bounce_policy_event *e);

/* failure.c, soft.c */
void step_failure(const struct step *t);
void step_soft(const struct step *t, enum treatment treatment);
/* Adds a strike unless the day or the message has one. */
bool state_strike(struct bounce_address_state *s, int32_t day, int64_t message);
/* Removes the strike at a place, or an element of other arrays of days and messages. */
void state_unstrike(struct bounce_address_state *s, int32_t at);
void days_remove(int32_t *days, int64_t *messages, int32_t *count, int32_t at);
/* How many of the strikes count: those that a delivery has not cleared. */
static inline int32_t state_strikes(const struct bounce_address_state *s)
{
    return s->strikes - s->before_strikes;
}

/* delivery.c: a delivery, and its outcome: it is confirmed, or its message bounced. */
void step_delivery(const struct step *t);
void delivery_stands(struct bounce_address_state *s);
void delivery_undone(struct bounce_address_state *s);

/* lift.c */
void step_complaint(const struct step *t);
void step_not_spam(const struct step *t);
void step_unsubscription(const struct step *t);
void step_suppression(const struct step *t);
void step_release(const struct step *t);
void step_guard(const struct step *t);
void step_held(const struct step *t, bool accept);

/* tick.c: what time alone does to an address until now. */
void address_tick(const struct bounce_policy *p, void *state, int64_t now);

#endif
