/* SPDX-License-Identifier: MIT */
/*
 * reach.c - whether an event counts, as what, and for whom.
 *
 * In: policy and event. Out: its class, the bits of bounce_reach. Refused: nothing; unknown events count for nobody.
 */
#include "policy/step.h"

bounce_reason effective_reason(const struct bounce_policy_event *e)
{
    const int32_t reason = e->reason == BOUNCE_REASON_EXPIRED && e->cause ? e->cause : e->reason;
    return reason >= 0 && reason < REASON_COUNT ? (bounce_reason)reason : BOUNCE_REASON_UNKNOWN;
}

enum treatment treatment_of(const struct bounce_policy *p, const struct bounce_policy_event *e)
{
    const bool hard = e->type == BOUNCE_TYPE_HARD;
    const bounce_reason reason = effective_reason(e);
    if (reason == BOUNCE_REASON_UNKNOWN && !(e->flags & BOUNCE_EVENT_PERMANENT))
        return TREAT_NOTHING;
    return (enum treatment)p->treat[hard][reason];
}

const char *never_counts(const struct bounce_policy *p, const struct bounce_policy_event *e)
{
    if (e->sent == BOUNCE_SENT_NO)
        return "it is not about a message of yours";
    if (e->flags & BOUNCE_EVENT_INBOUND)
        return "your own server refused mail that came in";
    if (e->flags & BOUNCE_EVENT_PARTIAL)
        return "other targets of the same alias got the message";
    if (e->flags & BOUNCE_EVENT_CANDIDATE)
        return "the report may mean another address";
    if (e->flags & BOUNCE_EVENT_OWN_DOMAIN && policy_value(p, OWN_DOMAINS) == OWN_DOMAINS_IGNORE)
        return "the address is one of your own";
    return NULL;
}

static unsigned reach_of(const struct bounce_policy *p, enum treatment t)
{
    if (t == TREAT_DOMAIN || t == TREAT_UNREACHABLE)
        return BOUNCE_REACH_DOMAIN;
    return t == TREAT_SERVICE ? BOUNCE_REACH_SERVICE : p->reach[t];
}

/* The reach of the failures of a reason, of either type. */
static unsigned guard_reach(const struct bounce_policy *p, bounce_reason reason)
{
    if (reason == BOUNCE_REASON_COMPLAINT)
        return p->reach[TREAT_COMPLAINT];
    return reach_of(p, (enum treatment)p->treat[true][reason]) | reach_of(p, (enum treatment)p->treat[false][reason]);
}

enum { ALL_OF_ADDRESS = BOUNCE_REACH_SCOPE | BOUNCE_REACH_TENANT | BOUNCE_REACH_EVERYWHERE | BOUNCE_REACH_SERVICE };

unsigned bounce_policy_reach(const bounce_policy *policy, const bounce_policy_event *event)
{
    if (!policy || !event)
        return BOUNCE_REACH_NOBODY;
    switch ((bounce_happened)event->happened) {
    case BOUNCE_HAPPENED_BOUNCE:
        return never_counts(policy, event) ? BOUNCE_REACH_NOBODY : reach_of(policy, treatment_of(policy, event));
    case BOUNCE_HAPPENED_DELIVERY:
    case BOUNCE_HAPPENED_RELEASE: return ALL_OF_ADDRESS | BOUNCE_REACH_DOMAIN;
    case BOUNCE_HAPPENED_SENT:
    case BOUNCE_HAPPENED_HELD_ACCEPT:
    case BOUNCE_HAPPENED_HELD_REJECT: return ALL_OF_ADDRESS;
    case BOUNCE_HAPPENED_COMPLAINT:
        return never_counts(policy, event) ? BOUNCE_REACH_NOBODY : policy->reach[TREAT_COMPLAINT];
    case BOUNCE_HAPPENED_NOT_SPAM: return policy->reach[TREAT_COMPLAINT];
    case BOUNCE_HAPPENED_UNSUBSCRIPTION: return policy->reach[TREAT_UNSUBSCRIPTION];
    case BOUNCE_HAPPENED_SUPPRESSION:
        return policy->reach[event->reason == BOUNCE_REASON_COMPLAINT ? TREAT_COMPLAINT : TREAT_DEAD];
    case BOUNCE_HAPPENED_GUARD: return guard_reach(policy, effective_reason(event));
    default: return BOUNCE_REACH_NOBODY;
    }
}
