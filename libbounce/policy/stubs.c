/* SPDX-License-Identifier: MIT */
/* stubs.c - what is declared and comes next. */
#include "policy/step.h"
void step_complaint(const struct step *t)
{
    (void)t;
}
void step_not_spam(const struct step *t)
{
    (void)t;
}
void step_unsubscription(const struct step *t)
{
    (void)t;
}
void step_suppression(const struct step *t)
{
    (void)t;
}
void step_release(const struct step *t)
{
    (void)t;
}
void step_guard(const struct step *t)
{
    (void)t;
}
void step_held(const struct step *t, bool accept)
{
    (void)t;
    (void)accept;
}
void state_tick(const struct bounce_policy *p, struct bounce_address_state *s, int64_t now)
{
    (void)p;
    (void)s;
    (void)now;
}
bounce_status bounce_policy_event_from(const bounce_report *report, size_t index, int64_t now,
                                       bounce_policy_event *event)
{
    (void)report;
    (void)index;
    (void)now;
    *event = (bounce_policy_event){0};
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_policy_replay(const bounce_policy *policy, const bounce_policy_event *events, size_t count,
                                   int64_t now, bounce_address_state *state, bounce_policy_decision *decision)
{
    (void)policy;
    (void)events;
    (void)count;
    (void)now;
    (void)state;
    (void)decision;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_policy_apply_domain(const bounce_policy *policy, bounce_domain_state *state,
                                         const bounce_policy_event *event, bounce_policy_decision *decision)
{
    (void)policy;
    (void)state;
    (void)event;
    (void)decision;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_policy_tick_domain(const bounce_policy *policy, bounce_domain_state *state, int64_t now,
                                        bounce_policy_decision *decision)
{
    (void)policy;
    (void)state;
    (void)now;
    (void)decision;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_policy_replay_domain(const bounce_policy *policy, const bounce_policy_event *events, size_t count,
                                          int64_t now, bounce_domain_state *state, bounce_policy_decision *decision)
{
    (void)policy;
    (void)events;
    (void)count;
    (void)now;
    (void)state;
    (void)decision;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_policy_guard(const bounce_policy *policy, const bounce_guard *counts, bounce_guard_answer *answer)
{
    (void)policy;
    (void)counts;
    (void)answer;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_address_key(const char *address, char *buffer, size_t capacity, size_t *length)
{
    (void)address;
    (void)buffer;
    (void)capacity;
    (void)length;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_domain_key(const char *domain, char *buffer, size_t capacity, size_t *length)
{
    (void)domain;
    (void)buffer;
    (void)capacity;
    (void)length;
    return BOUNCE_ERROR_INTERNAL;
}
int64_t bounce_message_key(const char *message_id)
{
    return message_id ? 1 : 0;
}
bounce_status bounce_address_state_write(const bounce_address_state *state, char *buffer, size_t capacity,
                                         size_t *length)
{
    (void)state;
    (void)buffer;
    (void)capacity;
    (void)length;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_address_state_read(bounce_address_state *state, const char *text)
{
    (void)state;
    (void)text;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_domain_state_write(const bounce_domain_state *state, char *buffer, size_t capacity, size_t *length)
{
    (void)state;
    (void)buffer;
    (void)capacity;
    (void)length;
    return BOUNCE_ERROR_INTERNAL;
}
bounce_status bounce_domain_state_read(bounce_domain_state *state, const char *text)
{
    (void)state;
    (void)text;
    return BOUNCE_ERROR_INTERNAL;
}
