/* SPDX-License-Identifier: MIT */
/*
 * kind.h - what the state of an address and that of a domain have in common.
 *
 * In: policy, a state of either kind, an event or a time. Out: the next state, and what was decided. Refused: NULL,
 * invalid times, and what the kind refuses.
 */
#ifndef BOUNCE_POLICY_KIND_H
#define BOUNCE_POLICY_KIND_H

#include "policy/policy.h"

/* The members of a state that a decision reports. */
struct state_face {
    int32_t state, basis, cause;
    int64_t since, until, last_event;
};

struct state_kind {
    size_t bytes;
    const char *subject, *end; /* words around the new state when time has passed */
    bool (*is_sane)(const void *state);
    struct state_face (*face)(const void *state);
    /* False: the kind of the event is not known. */
    bool (*take)(const struct bounce_policy *policy, void *state, const struct bounce_policy_event *event,
                 struct bounce_policy_decision *decision);
    void (*tick)(const struct bounce_policy *policy, void *state, int64_t now);
    void (*set_last_event)(void *state, int64_t time);
};

/* address.c, domain.c */
extern const struct state_kind address_kind, domain_kind;

/* decision may be NULL. */
bounce_status kind_apply(const struct state_kind *kind, const struct bounce_policy *policy, void *state,
                         const struct bounce_policy_event *event, struct bounce_policy_decision *decision);
bounce_status kind_tick(const struct state_kind *kind, const struct bounce_policy *policy, void *state, int64_t now,
                        struct bounce_policy_decision *decision);

#endif
