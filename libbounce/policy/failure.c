/* SPDX-License-Identifier: MIT */
/*
 * failure.c - a delivery that failed: whether it counts, and hard bounces.
 *
 * In: the step of one event. Out: its state and decision. soft.c handles soft ones.
 */
#include "policy/step.h"

/* A message that was accepted and came back was not delivered. */
static void undo_delivery(const struct step *t)
{
    const struct bounce_policy *p = t->policy;
    const struct bounce_policy_event *e = t->event;
    struct bounce_address_state *s = t->state;
    if (s->proof && same_message(s->proof_message, e->message) && e->time >= s->proof - policy_value(p, CLOCK_SKEW) &&
        e->time <= s->proof + policy_value(p, DELIVERY_STANDS))
        delivery_undone(s);
}

static void suppress(const struct step *t, bounce_basis basis, const char *why)
{
    if (t->event->flags & BOUNCE_EVENT_GUARDED) {
        if (!t->state->first_hard)
            t->state->first_hard = t->event->time;
        step_put(t, BOUNCE_STATE_HELD, BOUNCE_BASIS_GUARD, t->event->time + policy_value(t->policy, HELD_FOR));
        decision_say(t->decision, "hard bounce while the guard has tripped: held, not suppressed");
        return;
    }
    step_put(t, BOUNCE_STATE_SUPPRESSED, basis, 0);
    t->state->first_hard = 0;
    decision_say(t->decision, "hard bounce (%s): suppressed, %s", bounce_reason_name(effective_reason(t->event)), why);
}

/* The first hard bounce of an address that accepted mail recently. */
static void first_hard(const struct step *t)
{
    const int64_t pause = policy_value(t->policy, HARD_PAUSE);
    t->state->first_hard = t->event->time;
    if (t->event->flags & BOUNCE_EVENT_GUARDED) {
        step_put(t, BOUNCE_STATE_HELD, BOUNCE_BASIS_GUARD, t->event->time + policy_value(t->policy, HELD_FOR));
        decision_say(t->decision, "hard bounce while the guard has tripped: held");
        return;
    }
    step_put(t, BOUNCE_STATE_PAUSED, BOUNCE_BASIS_HARD_FIRST, t->event->time + pause);
    decision_say(t->decision, "first hard bounce of an address that took mail lately: paused");
}

/* Whether another hard bounce counts together with this one, and how far apart they are. */
static bool waits_for_second(const struct step *t, int64_t *apart)
{
    const int64_t first = t->state->first_hard;
    *apart = t->event->time > first ? t->event->time - first : first - t->event->time;
    return first && *apart < policy_value(t->policy, HARD_COUNTS_FOR);
}

static void step_hard(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const struct bounce_policy *p = t->policy;
    const int64_t time = t->event->time;
    int64_t apart = 0;
    s->last_hard = later(s->last_hard, time);
    if (s->state == BOUNCE_STATE_HELD && t->event->flags & BOUNCE_EVENT_GUARDED && s->first_hard) {
        decision_say(t->decision, "hard bounce while the guard has tripped: it stays held");
    } else if (s->released) {
        suppress(t, BOUNCE_BASIS_HARD_AFTER_RELEASE, "since it was released before");
    } else if (waits_for_second(t, &apart)) {
        if (apart >= policy_value(p, HARD_AGAIN))
            suppress(t, BOUNCE_BASIS_HARD_AGAIN, "the second one");
        else
            decision_say(t->decision, "hard bounce too soon after the first one: the same incident");
        s->first_hard = s->first_hard ? earlier(s->first_hard, time) : 0;
    } else if (s->last_delivery && s->last_delivery > time - policy_value(p, HARD_KNOWN_DELIVERY)) {
        first_hard(t);
    } else {
        suppress(t, BOUNCE_BASIS_HARD, "as no delivery is known");
    }
}

static void record_failure(const struct step *t, bool hard)
{
    struct bounce_address_state *s = t->state;
    const int64_t time = t->event->time;
    s->first_bounce = earlier(s->first_bounce, time);
    if (time >= s->last_bounce) {
        s->last_bounce = time;
        s->last_bounce_message = t->event->message;
    }
    if (!hard)
        s->last_soft = later(s->last_soft, time);
    t->decision->counted = true;
}

void step_failure(const struct step *t)
{
    struct bounce_address_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    const enum treatment treatment = treatment_of(t->policy, e);
    const char *never = never_counts(t->policy, e);
    const char *reason = bounce_reason_name(effective_reason(e));
    if (!never || !(e->flags & BOUNCE_EVENT_INBOUND || e->sent == BOUNCE_SENT_NO)) {
        s->last_sent = later(s->last_sent, e->time);
        undo_delivery(t);
    }
    if (never) {
        decision_say(t->decision, "does not count: %s", never);
    } else if (treatment == TREAT_DOMAIN || treatment == TREAT_UNREACHABLE) {
        decision_say(t->decision, "%s counts against the domain, not against the address", reason);
    } else if (treatment == TREAT_NOTHING) {
        decision_say(t->decision, "%s does not count against the address", reason);
    } else if (s->released && e->time <= s->released) {
        decision_say(t->decision, "it happened before the address was released");
    } else if (treatment == TREAT_DEAD) {
        record_failure(t, true);
        step_hard(t);
    } else if (treatment == TREAT_SERVICE) {
        record_failure(t, true);
        suppress(t, BOUNCE_BASIS_SERVICE, "as the service has it on its list");
    } else {
        step_soft(t, treatment);
        if (t->decision->counted)
            record_failure(t, false);
    }
}
