/* SPDX-License-Identifier: MIT */
/*
 * domain.c - the state of a domain: it does not exist, takes no mail, or cannot be reached.
 *
 * In: policy, state, event or time. Out: the next state, and what was decided. Refused: NULL, invalid times. Events
 * that say nothing about a domain change nothing.
 */
#include "policy/kind.h"
#include "policy/step.h"

struct domain_step {
    const struct bounce_policy *policy;
    struct bounce_domain_state *state;
    const struct bounce_policy_event *event;
    struct bounce_policy_decision *decision;
};

static void domain_set(struct bounce_domain_state *s, bounce_state state, bounce_basis basis, int64_t since,
                       int64_t until)
{
    if (s->state != (int32_t)state || s->basis != (int32_t)basis)
        s->since = since;
    s->state = (int32_t)state;
    s->basis = (int32_t)basis;
    s->until = until;
}

static void forget(struct bounce_domain_state *s)
{
    s->first_dead = s->paused_first = 0;
    s->pauses = s->failures = 0;
    memset(s->failure_days, 0, sizeof s->failure_days);
    memset(s->failure_messages, 0, sizeof s->failure_messages);
    s->cause = BOUNCE_REASON_UNKNOWN;
}

static void remove_failure(struct bounce_domain_state *s, int32_t at)
{
    days_remove(s->failure_days, s->failure_messages, &s->failures, at);
}

/* One a day and one a message, in the order of the days. */
static bool add_failure(struct bounce_domain_state *s, int32_t day, int64_t message)
{
    for (int32_t i = 0; i < s->failures; i++)
        if (s->failure_days[i] == day || same_message(s->failure_messages[i], message))
            return false;
    if (s->failures == BOUNCE_STRIKES)
        remove_failure(s, 1);
    int32_t at = s->failures++;
    for (; at && s->failure_days[at - 1] > day; at--) {
        s->failure_days[at] = s->failure_days[at - 1];
        s->failure_messages[at] = s->failure_messages[at - 1];
    }
    s->failure_days[at] = day;
    s->failure_messages[at] = message;
    return true;
}

/* ---------------------------------------------------------------- failures */

/* Once it was paused, each failure pauses it again, until it is suppressed. */
static void pause_domain(const struct domain_step *t, bounce_basis basis)
{
    struct bounce_domain_state *s = t->state;
    const int64_t time = t->event->time, limit = policy_value(t->policy, DOMAIN_SUPPRESS_AFTER);
    if (s->paused_first && limit != SETTING_NEVER && time - s->paused_first >= limit) {
        domain_set(s, BOUNCE_STATE_SUPPRESSED, basis, time, 0);
        decision_say(t->decision, "the domain failed for long: suppressed");
        return;
    }
    s->paused_first = s->paused_first ? s->paused_first : time;
    s->pauses += s->pauses < COUNTS_MAX;
    domain_set(s, BOUNCE_STATE_PAUSED, basis, time, time + policy_value(t->policy, DOMAIN_PAUSE));
    decision_say(t->decision, "the domain fails: pause %d", (int)s->pauses);
}

static void domain_dead(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const int64_t time = t->event->time;
    const int64_t apart = time > s->first_dead ? time - s->first_dead : s->first_dead - time;
    if (!s->first_dead) {
        s->first_dead = time;
        domain_set(s, BOUNCE_STATE_WATCHED, BOUNCE_BASIS_DEAD_DOMAIN, time, 0);
        decision_say(t->decision, "the domain is said not to exist, or to take no mail: watched");
    } else if (apart < policy_value(t->policy, DOMAIN_AGAIN)) {
        s->first_dead = earlier(s->first_dead, time);
        decision_say(t->decision, "said again of the domain, too soon: the same incident");
    } else {
        pause_domain(t, BOUNCE_BASIS_DEAD_DOMAIN);
    }
}

static void domain_unreachable(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const struct bounce_policy *p = t->policy;
    if (!add_failure(s, day_of(t->event->time), t->event->message)) {
        decision_say(t->decision, "this day or this message counts against the domain already");
        return;
    }
    const int64_t spread = ((int64_t)s->failure_days[s->failures - 1] - s->failure_days[0]) * SECONDS_OF_DAY;
    if (s->failures >= policy_value(p, DOMAIN_UNREACHABLE) && spread >= policy_value(p, DOMAIN_UNREACHABLE_OVER)) {
        pause_domain(t, BOUNCE_BASIS_UNREACHABLE_DOMAIN);
        return;
    }
    if (s->state == BOUNCE_STATE_FREE)
        domain_set(s, BOUNCE_STATE_WATCHED, BOUNCE_BASIS_UNREACHABLE_DOMAIN, t->event->time, 0);
    decision_say(t->decision, "the domain could not be reached, %d messages so far", (int)s->failures);
}

/* Why a failure says nothing new about the domain; NULL if it does. */
static const char *no_failure(const struct domain_step *t, enum treatment treatment)
{
    const struct bounce_domain_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    const char *never = never_counts(t->policy, e);
    if (never)
        return never;
    if (treatment != TREAT_DOMAIN && treatment != TREAT_UNREACHABLE)
        return "it says nothing of the domain";
    if (e->flags & BOUNCE_EVENT_GUARDED)
        return "the guard has tripped";
    if (s->last_delivery && e->time <= s->last_delivery)
        return "a later delivery has cleared it";
    if (s->released && e->time <= s->released)
        return "it happened before the domain was released";
    return s->state == BOUNCE_STATE_SUPPRESSED ? "the domain is suppressed already" : NULL;
}

static void domain_failure(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    const enum treatment treatment = treatment_of(t->policy, e);
    const char *nothing = no_failure(t, treatment);
    if (nothing) {
        decision_say(t->decision, "does not count: %s", nothing);
        return;
    }
    t->decision->counted = true;
    s->last_failure = later(s->last_failure, e->time);
    s->cause = (int32_t)effective_reason(e);
    if (s->state == BOUNCE_STATE_PAUSED && e->time < s->until)
        decision_say(t->decision, "the domain fails before its pause is over");
    else if (s->paused_first)
        pause_domain(t, (bounce_basis)s->basis);
    else if (treatment == TREAT_DOMAIN)
        domain_dead(t);
    else
        domain_unreachable(t);
}

/* ------------------------------------------------------------ other events */

static void domain_delivery(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const int64_t time = t->event->time;
    if (!(t->event->flags & BOUNCE_EVENT_FINAL)) {
        decision_say(t->decision, "taken by a server that is not the recipient's own: no proof");
        return;
    }
    s->last_delivery = later(s->last_delivery, time);
    if (time <= s->last_failure || s->state == BOUNCE_STATE_SUPPRESSED) {
        decision_say(t->decision, "delivered; the domain stays %s", bounce_state_name((bounce_state)s->state));
        return;
    }
    t->decision->counted = true;
    forget(s);
    domain_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_NOTHING, time, 0);
    decision_say(t->decision, "delivered: the domain is free");
}

static void domain_release(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const struct bounce_policy_event *e = t->event;
    const bool stated = e->because > BOUNCE_BECAUSE_NOT_STATED && e->because <= BOUNCE_BECAUSE_PROVIDER_INCIDENT;
    if (!stated || s->state == BOUNCE_STATE_FREE || e->time < s->since) {
        decision_say(t->decision, "not released: %s",
                     !stated                         ? "a release needs a reason"
                     : s->state == BOUNCE_STATE_FREE ? "it is free already"
                                                     : "what suppresses it came later");
        return;
    }
    t->decision->counted = true;
    forget(s);
    s->released = e->time;
    s->because = e->because;
    domain_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_RELEASED, e->time, 0);
    decision_say(t->decision, "released: %s", bounce_because_name((bounce_because)e->because));
}

static void domain_suppression(const struct domain_step *t)
{
    t->decision->counted = true;
    t->state->cause = t->event->reason;
    domain_set(t->state, BOUNCE_STATE_SUPPRESSED, BOUNCE_BASIS_IMPORTED, t->event->time, 0);
    decision_say(t->decision, "named as not to be written to: suppressed");
}

/* A domain that began to fail within the window of a tripped guard: the fault is probably on our side. */
static void domain_guard(const struct domain_step *t)
{
    struct bounce_domain_state *s = t->state;
    const int64_t time = t->event->time;
    const bool open = s->state == BOUNCE_STATE_WATCHED || s->state == BOUNCE_STATE_PAUSED;
    if (!open || s->cause != t->event->reason || s->since > time ||
        s->since < time - policy_value(t->policy, GUARD_WINDOW)) {
        decision_say(t->decision, "the guard has tripped for others");
        return;
    }
    t->decision->counted = true;
    forget(s);
    domain_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_GUARD, time, 0);
    decision_say(t->decision, "the guard has tripped, and reaches back: free");
}

static void domain_event(const struct domain_step *t)
{
    switch ((bounce_happened)t->event->happened) {
    case BOUNCE_HAPPENED_BOUNCE: domain_failure(t); return;
    case BOUNCE_HAPPENED_DELIVERY: domain_delivery(t); return;
    case BOUNCE_HAPPENED_RELEASE: domain_release(t); return;
    case BOUNCE_HAPPENED_SUPPRESSION: domain_suppression(t); return;
    case BOUNCE_HAPPENED_GUARD: domain_guard(t); return;
    default: decision_say(t->decision, "it says nothing of the domain");
    }
}

/* -------------------------------------------------------------------- time */

static int64_t failure_fades(const struct bounce_policy *p, const struct bounce_domain_state *s)
{
    return s->failures ? (int64_t)s->failure_days[0] * SECONDS_OF_DAY + policy_value(p, SOFT_FADE) : 0;
}

static int64_t dead_fades(const struct bounce_policy *p, const struct bounce_domain_state *s)
{
    return s->first_dead ? s->first_dead + policy_value(p, SOFT_FADE) : 0;
}

/* Nothing is forgotten during pauses, which end with a delivery or a release. */
static int64_t domain_next(const struct bounce_policy *p, const struct bounce_domain_state *s)
{
    if (s->state == BOUNCE_STATE_PAUSED)
        return s->until;
    return s->state == BOUNCE_STATE_WATCHED ? earlier(failure_fades(p, s), dead_fades(p, s)) : 0;
}

static void domain_tick(const struct bounce_policy *p, void *state, int64_t now)
{
    struct bounce_domain_state *s = state;
    for (int64_t next = domain_next(p, s); next && next <= now; next = domain_next(p, s)) {
        if (s->state == BOUNCE_STATE_PAUSED) {
            domain_set(s, BOUNCE_STATE_DUE, (bounce_basis)s->basis, next, next);
            continue;
        }
        if (failure_fades(p, s) == next)
            remove_failure(s, 0);
        if (dead_fades(p, s) == next)
            s->first_dead = 0;
        if (!s->failures && !s->first_dead)
            domain_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_NOTHING, next, 0);
    }
    s->next = domain_next(p, s);
}

/* ---------------------------------------------------------------- as a kind */

/* A state from a database may contain anything. */
static bool domain_is_sane(const void *state)
{
    const struct bounce_domain_state *s = state;
    const int64_t times[] = {s->since,        s->until,         s->first_dead, s->paused_first,
                             s->last_failure, s->last_delivery, s->last_event, s->released};
    for (size_t i = 0; i < COUNT(times); i++)
        if (!time_is_sane(times[i]))
            return false;
    return s->failures >= 0 && s->failures <= BOUNCE_STRIKES && s->pauses >= 0 && s->pauses <= COUNTS_MAX;
}

static struct state_face domain_face(const void *state)
{
    const struct bounce_domain_state *s = state;
    return (struct state_face){s->state, s->basis, s->cause, s->since, s->until, s->last_event};
}

static bool domain_take(const struct bounce_policy *policy, void *state, const struct bounce_policy_event *event,
                        struct bounce_policy_decision *decision)
{
    const struct domain_step step = {policy, state, event, decision};
    domain_event(&step);
    return true;
}

static void domain_set_last_event(void *state, int64_t time)
{
    ((struct bounce_domain_state *)state)->last_event = time;
}

const struct state_kind domain_kind = {.bytes = sizeof(struct bounce_domain_state),
                                       .subject = "the domain is ",
                                       .end = "",
                                       .is_sane = domain_is_sane,
                                       .face = domain_face,
                                       .take = domain_take,
                                       .tick = domain_tick,
                                       .set_last_event = domain_set_last_event};

bounce_status bounce_policy_apply_domain(const bounce_policy *policy, bounce_domain_state *state,
                                         const bounce_policy_event *event, bounce_policy_decision *decision)
{
    return kind_apply(&domain_kind, policy, state, event, decision);
}

bounce_status bounce_policy_tick_domain(const bounce_policy *policy, bounce_domain_state *state, int64_t now,
                                        bounce_policy_decision *decision)
{
    return kind_tick(&domain_kind, policy, state, now, decision);
}
