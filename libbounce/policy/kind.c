/* SPDX-License-Identifier: MIT */
/*
 * kind.c - an event, or time, applied to a state of either kind: see kind.h.
 */
#include "policy/kind.h"

#include "policy/step.h"

/* Room for a state of either kind. */
union any_state {
    struct bounce_address_state address;
    struct bounce_domain_state domain;
};

static void decide(struct bounce_policy_decision *d, const struct state_face *before, const struct state_face *after)
{
    d->changed = before->state != after->state || before->basis != after->basis || before->until != after->until;
    d->from = before->state;
    d->to = after->state;
    d->basis = after->basis;
    d->cause = after->cause;
    d->since = after->since;
    d->until = after->until;
}

bounce_status kind_apply(const struct state_kind *kind, const struct bounce_policy *policy, void *state,
                         const struct bounce_policy_event *event, struct bounce_policy_decision *decision)
{
    struct bounce_policy_decision unwanted = {0}, *d = decision ? decision : &unwanted;
    union any_state copy;
    *d = (struct bounce_policy_decision){0};
    if (!policy || !state || !event || !kind->is_sane(state) || !event_is_sane(event))
        return BOUNCE_ERROR_ARGUMENT;
    memcpy(&copy, state, kind->bytes);
    const struct state_face before = kind->face(state);
    const int64_t last = later(before.last_event, event->time);
    d->late = before.last_event > event->time;
    if (!d->late)
        kind->tick(policy, state, event->time);
    if (!kind->take(policy, state, event, d)) {
        memcpy(state, &copy, kind->bytes);
        return BOUNCE_ERROR_ARGUMENT;
    }
    kind->set_last_event(state, last);
    kind->tick(policy, state, last);
    const struct state_face after = kind->face(state);
    decide(d, &before, &after);
    return BOUNCE_OK;
}

bounce_status kind_tick(const struct state_kind *kind, const struct bounce_policy *policy, void *state, int64_t now,
                        struct bounce_policy_decision *decision)
{
    struct bounce_policy_decision unwanted = {0}, *d = decision ? decision : &unwanted;
    *d = (struct bounce_policy_decision){0};
    if (!policy || !state || !kind->is_sane(state) || !time_is_sane(now))
        return BOUNCE_ERROR_ARGUMENT;
    const struct state_face before = kind->face(state);
    kind->tick(policy, state, now);
    const struct state_face after = kind->face(state);
    decide(d, &before, &after);
    if (d->changed)
        decision_say(d, "time has passed: %s%s%s, was %s", kind->subject, bounce_state_name((bounce_state)d->to),
                     kind->end, bounce_state_name((bounce_state)d->from));
    return BOUNCE_OK;
}
