/* SPDX-License-Identifier: MIT */
/*
 * soft.c - failures that may pass: full and disabled mailboxes, strikes, what is held.
 *
 * In: the step of one event. Out: its state and decision. Failures older than the last delivery no longer count.
 */
#include "policy/step.h"

static void suppress_or_hold(const struct step *t, bounce_basis basis, const char *why)
{
    if (t->event->flags & BOUNCE_EVENT_GUARDED) {
        step_put(t, BOUNCE_STATE_HELD, BOUNCE_BASIS_GUARD, t->event->time + policy_value(t->policy, HELD_FOR));
        decision_say(t->decision, "%s, but the guard has tripped: held", why);
        return;
    }
    step_put(t, BOUNCE_STATE_SUPPRESSED, basis, 0);
    decision_say(t->decision, "%s: suppressed", why);
}

/* Whether one more pause is allowed; counts it. */
static bool take_pause(const struct step *t, enum setting limit, int32_t *pauses)
{
    const int64_t most = policy_value(t->policy, limit);
    if (most != SETTING_NEVER && *pauses >= most)
        return false;
    *pauses += *pauses < COUNTS_MAX;
    return true;
}

/* The time that the server states takes precedence, within bounds. */
static int64_t retry_time(const struct step *t, int64_t proposed)
{
    const int64_t time = t->event->time, last = time + policy_value(t->policy, STATED_RETRY_AT_MOST);
    const int64_t stated = t->event->retry_at;
    if (stated <= time)
        return proposed;
    return stated < last ? stated : last;
}

static bool is_waiting(const struct step *t)
{
    const struct bounce_address_state *s = t->state;
    return (s->state == BOUNCE_STATE_DUE || s->state == BOUNCE_STATE_PAUSED) && s->until > t->event->time;
}

static void step_full(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    if (is_waiting(t) && (s->basis == BOUNCE_BASIS_FULL || s->basis == BOUNCE_BASIS_DISABLED)) {
        decision_say(t->decision, "still full, before the next retry was due");
    } else if (s->retries < (int32_t)t->policy->counts[FULL_RETRIES]) {
        const int64_t proposed = time + t->policy->values[FULL_RETRIES][s->retries++];
        step_put(t, BOUNCE_STATE_DUE, BOUNCE_BASIS_FULL, retry_time(t, proposed));
        decision_say(t->decision, "full: retry %d", (int)s->retries);
    } else if (take_pause(t, FULL_PAUSES, &s->full_pauses)) {
        step_put(t, BOUNCE_STATE_PAUSED, BOUNCE_BASIS_FULL, time + policy_value(t->policy, FULL_PAUSE));
        decision_say(t->decision, "full after all retries: pause %d", (int)s->full_pauses);
    } else {
        suppress_or_hold(t, BOUNCE_BASIS_FULL_FOR_LONG, "full for long, after all pauses");
    }
}

static void step_disabled(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    if (is_waiting(t) && s->basis == BOUNCE_BASIS_DISABLED) {
        decision_say(t->decision, "still disabled, before the pause is over");
    } else if (take_pause(t, DISABLED_PAUSES, &s->disabled_pauses)) {
        step_put(t, BOUNCE_STATE_PAUSED, BOUNCE_BASIS_DISABLED,
                 t->event->time + policy_value(t->policy, DISABLED_PAUSE));
        decision_say(t->decision, "mailbox disabled: pause %d", (int)s->disabled_pauses);
    } else {
        suppress_or_hold(t, BOUNCE_BASIS_DISABLED_FOR_LONG, "disabled for long, after all pauses");
    }
}

/* ---------------------------------------------------------------- strikes */

void days_remove(int32_t *days, int64_t *messages, int32_t *count, int32_t at)
{
    const size_t behind = (size_t)(*count - at - 1);
    memmove(days + at, days + at + 1, behind * sizeof *days);
    memmove(messages + at, messages + at + 1, behind * sizeof *messages);
    days[--*count] = 0;
    messages[*count] = 0;
}

void state_unstrike(struct bounce_address_state *s, int32_t at)
{
    days_remove(s->strike_days, s->strike_messages, &s->strikes, at);
    if (at < s->before_strikes)
        s->before_strikes--;
}

bool state_strike(struct bounce_address_state *s, int32_t day, int64_t message)
{
    for (int32_t i = s->before_strikes; i < s->strikes; i++)
        if (s->strike_days[i] == day || same_message(s->strike_messages[i], message))
            return false;
    /* The oldest one shows how far they are spread out; those after it can be dropped. */
    if (s->strikes == BOUNCE_STRIKES)
        state_unstrike(s, s->before_strikes ? 0 : 1);
    int32_t at = s->strikes++;
    for (; at > s->before_strikes && s->strike_days[at - 1] > day; at--) {
        s->strike_days[at] = s->strike_days[at - 1];
        s->strike_messages[at] = s->strike_messages[at - 1];
    }
    s->strike_days[at] = day;
    s->strike_messages[at] = message;
    return true;
}

static bool are_enough(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    const int64_t spread =
        ((int64_t)s->strike_days[s->strikes - 1] - s->strike_days[s->before_strikes]) * SECONDS_OF_DAY;
    return state_strikes(s) >= policy_value(p, STRIKES) && spread >= policy_value(p, STRIKES_OVER);
}

static void step_strike(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    if (!state_strike(s, day_of(t->event->time), t->event->message)) {
        t->decision->counted = false;
        decision_say(t->decision, "this day or this message has a strike already");
    } else if (!are_enough(t->policy, s)) {
        step_put(t, BOUNCE_STATE_WATCHED, BOUNCE_BASIS_STRIKES, 0);
        decision_say(t->decision, "a strike, one of %d", (int)state_strikes(s));
    } else if (take_pause(t, STRIKES_PAUSES, &s->strike_pauses)) {
        step_put(t, BOUNCE_STATE_PAUSED, BOUNCE_BASIS_STRIKES, t->event->time + policy_value(t->policy, STRIKES_PAUSE));
        decision_say(t->decision, "strikes on %d days: paused", (int)state_strikes(s));
        while (state_strikes(s) > 0)
            state_unstrike(s, s->strikes - 1);
    } else {
        suppress_or_hold(t, BOUNCE_BASIS_STRIKES, "too many strikes, after all pauses");
    }
}

void step_soft(const struct step *t, enum treatment treatment)
{
    const struct bounce_address_state *s = t->state;
    if (s->last_delivery && t->event->time < s->last_delivery) {
        decision_say(t->decision, "a later delivery has cleared it");
        return;
    }
    t->decision->counted = true;
    if (s->state == BOUNCE_STATE_SUPPRESSED) {
        decision_say(t->decision, "it is suppressed already");
    } else if (treatment == TREAT_FULL) {
        step_full(t);
    } else if (treatment == TREAT_DISABLED) {
        step_disabled(t);
    } else if (treatment == TREAT_HOLD) {
        step_put(t, BOUNCE_STATE_HELD, BOUNCE_BASIS_UNKNOWN, t->event->time + policy_value(t->policy, HELD_FOR));
        decision_say(t->decision, "a permanent failure without a reason: held");
    } else {
        step_strike(t);
    }
}
