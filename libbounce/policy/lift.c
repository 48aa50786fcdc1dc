/* SPDX-License-Identifier: MIT */
/*
 * lift.c - what people say: complaints and their withdrawal, unsubscriptions, releases, imports, and decisions by a
 * person or the guard about what is held.
 *
 * In: the step of one event. Out: its state and decision. Refused: to lift a complaint without a resubscription or
 * feedback that the same message is not spam; releases without a reason.
 */
#include "policy/step.h"

/* Changes to a state that lets mail pass or waits, unless there is a complaint or an unsubscription. */
static void lift_to(struct bounce_address_state *s, bounce_state state, bounce_basis basis, int64_t time, int64_t until)
{
    if (s->complained) {
        state_set(s, BOUNCE_STATE_SUPPRESSED, BOUNCE_BASIS_COMPLAINT, s->complained, 0);
        s->cause = BOUNCE_REASON_COMPLAINT;
    } else if (s->unsubscribed) {
        state_set(s, BOUNCE_STATE_SUPPRESSED, BOUNCE_BASIS_UNSUBSCRIBED, s->unsubscribed, 0);
    } else {
        state_set(s, state, basis, time, until);
    }
}

static bool before_resubscription(const struct step *t)
{
    const struct bounce_address_state *s = t->state;
    if (!s->released || s->because != BOUNCE_BECAUSE_RESUBSCRIBED || t->event->time > s->released)
        return false;
    decision_say(t->decision, "it happened before the recipient subscribed again");
    return true;
}

void step_complaint(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    const bool proved = e->flags & BOUNCE_EVENT_TRUSTED || e->sent == BOUNCE_SENT_YES;
    const int64_t unverified = policy_value(t->policy, COMPLAINT_UNVERIFIED);
    const char *never = never_counts(t->policy, e);
    if (never) {
        decision_say(t->decision, "does not count: %s", never);
        return;
    }
    if (before_resubscription(t))
        return;
    if (!proved && unverified == UNVERIFIED_IGNORE) {
        decision_say(t->decision, "a complaint without proof does not count");
        return;
    }
    t->decision->counted = true;
    s->complaint_message = e->message;
    if (e->flags & BOUNCE_EVENT_GUARDED || (!proved && unverified == UNVERIFIED_HOLD)) {
        step_put(t, BOUNCE_STATE_HELD, proved ? BOUNCE_BASIS_COMPLAINT : BOUNCE_BASIS_UNVERIFIED_COMPLAINT,
                 e->time + policy_value(t->policy, HELD_FOR));
        decision_say(t->decision, "a complaint: held%s", proved ? "" : ", as nothing proves it");
        return;
    }
    s->complained = later(s->complained, e->time);
    step_put(t, BOUNCE_STATE_SUPPRESSED, proved ? BOUNCE_BASIS_COMPLAINT : BOUNCE_BASIS_UNVERIFIED_COMPLAINT, 0);
    decision_say(t->decision, "a complaint%s: suppressed", proved ? "" : " that nothing proves");
}

static bool is_complaint(int32_t basis)
{
    return basis == BOUNCE_BASIS_COMPLAINT || basis == BOUNCE_BASIS_UNVERIFIED_COMPLAINT;
}

void step_not_spam(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    if (!same_message(s->complaint_message, t->event->message) || t->event->time < s->complained) {
        decision_say(t->decision, "not spam, but no earlier complaint about the same message is known");
        return;
    }
    t->decision->counted = true;
    s->complained = s->complaint_message = 0;
    decision_say(t->decision, "not spam: the complaint about this message is taken back");
    if (s->state >= BOUNCE_STATE_HELD && is_complaint(s->basis))
        lift_to(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_RELEASED, t->event->time, 0);
}

void step_unsubscription(const struct step *t)
{
    if (before_resubscription(t))
        return;
    t->decision->counted = true;
    t->state->unsubscribed = later(t->state->unsubscribed, t->event->time);
    step_put(t, BOUNCE_STATE_SUPPRESSED, BOUNCE_BASIS_UNSUBSCRIBED, 0);
    decision_say(t->decision, "unsubscribed: suppressed");
}

void step_suppression(const struct step *t)
{
    if (t->state->released && t->event->time <= t->state->released) {
        decision_say(t->decision, "it happened before the address was released");
        return;
    }
    t->decision->counted = true;
    if (t->event->reason == BOUNCE_REASON_COMPLAINT)
        t->state->complained = later(t->state->complained, t->event->time);
    step_put(t, BOUNCE_STATE_SUPPRESSED,
             t->event->reason == BOUNCE_REASON_COMPLAINT ? BOUNCE_BASIS_COMPLAINT : BOUNCE_BASIS_IMPORTED, 0);
    decision_say(t->decision, "named as not to be written to: suppressed");
}

/* ---------------------------------------------------------------- release */

/* Why a release lifts nothing; NULL if it lifts something. */
static const char *lifts_nothing(const struct step *t)
{
    const struct bounce_address_state *s = t->state;
    const int32_t because = t->event->because;
    const bool stands = s->state == BOUNCE_STATE_SUPPRESSED || s->state == BOUNCE_STATE_HELD;
    if (because <= BOUNCE_BECAUSE_NOT_STATED || because > BOUNCE_BECAUSE_PROVIDER_INCIDENT)
        return "a release needs a reason";
    if (s->state == BOUNCE_STATE_FREE)
        return "it is free already";
    if (stands && because != BOUNCE_BECAUSE_RESUBSCRIBED &&
        (is_complaint(s->basis) || s->basis == BOUNCE_BASIS_UNSUBSCRIBED))
        return "only a new subscription lifts a complaint or an unsubscription";
    return stands && t->event->time < s->since ? "what suppresses it came later" : NULL;
}

static void forget_failures(struct bounce_address_state *s)
{
    s->before_strikes = s->strikes;
    delivery_stands(s);
    s->retries = s->full_pauses = s->disabled_pauses = s->strike_pauses = 0;
    s->first_hard = 0;
}

void step_release(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    const char *nothing = lifts_nothing(t);
    if (nothing) {
        decision_say(t->decision, "not released: %s", nothing);
        return;
    }
    t->decision->counted = true;
    forget_failures(s);
    if (t->event->because == BOUNCE_BECAUSE_RESUBSCRIBED) {
        s->complained = s->complained > time ? s->complained : 0;
        s->unsubscribed = s->unsubscribed > time ? s->unsubscribed : 0;
    }
    s->released = time;
    s->because = t->event->because;
    s->cause = BOUNCE_REASON_UNKNOWN;
    lift_to(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_RELEASED, time, 0);
    decision_say(t->decision, "released: %s", bounce_because_name((bounce_because)s->because));
}

/* ------------------------------------------------------------------- held */

static bool is_hard(int32_t basis)
{
    return basis == BOUNCE_BASIS_HARD || basis == BOUNCE_BASIS_HARD_FIRST || basis == BOUNCE_BASIS_HARD_AGAIN ||
           basis == BOUNCE_BASIS_HARD_AFTER_RELEASE;
}

/* Whether a state is one that a tripped guard doubts. */
static bool guard_doubts(const struct step *t)
{
    const struct bounce_address_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    if (s->cause != (int32_t)effective_reason(e) || s->since > e->time ||
        s->since < e->time - policy_value(t->policy, GUARD_WINDOW))
        return false;
    if (s->state == BOUNCE_STATE_PAUSED)
        return s->basis == BOUNCE_BASIS_HARD_FIRST;
    return s->state == BOUNCE_STATE_SUPPRESSED && s->basis != BOUNCE_BASIS_IMPORTED &&
           s->basis != BOUNCE_BASIS_UNSUBSCRIBED && s->basis != BOUNCE_BASIS_COMPLAINT;
}

void step_guard(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    if (!guard_doubts(t)) {
        decision_say(t->decision, "the guard has tripped for others");
        return;
    }
    t->decision->counted = true;
    const bool complaint = is_complaint(s->basis);
    if (is_hard(s->basis))
        s->first_hard = s->last_hard;
    if (complaint)
        s->complained = 0;
    lift_to(s, BOUNCE_STATE_HELD, complaint ? BOUNCE_BASIS_UNVERIFIED_COMPLAINT : BOUNCE_BASIS_GUARD, time,
            time + policy_value(t->policy, HELD_FOR));
    decision_say(t->decision, "the guard has tripped, and reaches back: held");
}

void step_held(const struct step *t, bool accept)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    if (s->state != BOUNCE_STATE_HELD) {
        decision_say(t->decision, "it is not held");
        return;
    }
    t->decision->counted = true;
    s->first_hard = 0;
    if (!accept) {
        s->cause = BOUNCE_REASON_UNKNOWN;
        lift_to(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_RELEASED, time, 0);
        decision_say(t->decision, "what was held is free, by a person");
        return;
    }
    if (is_complaint(s->basis))
        s->complained = time;
    state_set(s, BOUNCE_STATE_SUPPRESSED,
              is_complaint(s->basis) ? BOUNCE_BASIS_UNVERIFIED_COMPLAINT : BOUNCE_BASIS_HARD, time, 0);
    decision_say(t->decision, "what was held is suppressed, by a person");
}
