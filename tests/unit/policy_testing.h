/* SPDX-License-Identifier: MIT */
/* policy_testing.h - short functions for an address, a domain and events about them. */
#ifndef POLICY_TESTING_H
#define POLICY_TESTING_H

#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* 1 November 2026, 00:00 UTC, plus this many days and hours. */
static inline int64_t at(int days, int hours)
{
    return INT64_C(1793491200) + (int64_t)days * DAY + (int64_t)hours * HOUR;
}

static bounce_policy *policy;
static bounce_address_state state;
static bounce_domain_state domain;
static bounce_policy_decision decision;

static inline void set_up(void)
{
    policy = bounce_policy_new_default();
    state = (bounce_address_state){0};
    domain = (bounce_domain_state){0};
}

static inline void tear_down(void)
{
    bounce_policy_free(policy);
    policy = NULL;
}

/* The default policy with these lines. */
static inline void use_policy(const char *lines)
{
    bounce_error error;
    bounce_policy_free(policy);
    cr_assert_eq(bounce_policy_read(lines, strlen(lines), NULL, NULL, NULL, &policy, &error), BOUNCE_OK, "%s",
                 error.message);
}

static inline void apply(bounce_policy_event e)
{
    cr_assert_eq(bounce_policy_apply(policy, &state, &e, &decision), BOUNCE_OK);
}

/* A permanent failure with the fields of the contract. message: any number but 0, which means not known. */
static inline bounce_policy_event bounce(bounce_type type, bounce_reason reason, int64_t time, int64_t message)
{
    return (bounce_policy_event){.happened = BOUNCE_HAPPENED_BOUNCE,
                                 .type = (int32_t)type,
                                 .reason = (int32_t)reason,
                                 .flags = BOUNCE_EVENT_PERMANENT,
                                 .time = time,
                                 .message = message};
}
static inline bounce_policy_event hard(int64_t time, int64_t message)
{
    return bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_USER, time, message);
}
static inline bounce_policy_event soft(bounce_reason reason, int64_t time, int64_t message)
{
    return bounce(BOUNCE_TYPE_SOFT, reason, time, message);
}
static inline bounce_policy_event delivery(int64_t time, int64_t message)
{
    return (bounce_policy_event){
        .happened = BOUNCE_HAPPENED_DELIVERY, .flags = BOUNCE_EVENT_FINAL, .time = time, .message = message};
}
static inline bounce_policy_event mere(bounce_happened what, int64_t time, int64_t message)
{
    return (bounce_policy_event){.happened = (int32_t)what, .time = time, .message = message};
}
static inline bounce_policy_event release(bounce_because because, int64_t time)
{
    return (bounce_policy_event){.happened = BOUNCE_HAPPENED_RELEASE, .because = (int32_t)because, .time = time};
}
static inline bounce_policy_event flagged(bounce_policy_event e, uint32_t flags)
{
    e.flags |= flags;
    return e;
}

static inline void tick(int64_t now)
{
    cr_assert_eq(bounce_policy_tick(policy, &state, now, &decision), BOUNCE_OK);
}

static inline const char *named(int32_t in_state, int32_t basis)
{
    static char text[64];
    snprintf(text, sizeof text, "%s %s", bounce_state_name((bounce_state)in_state),
             bounce_basis_name((bounce_basis)basis));
    return text;
}

/* "suppressed hard-again" */
#define IS(wanted) \
    cr_assert_str_eq(named(state.state, state.basis), wanted, "is %s: %s", named(state.state, state.basis), \
                     decision.why)
#define DOMAIN_IS(wanted) \
    cr_assert_str_eq(named(domain.state, domain.basis), wanted, "is %s: %s", named(domain.state, domain.basis), \
                     decision.why)
/* Whether the address may be written to. */
#define MAY(now, wanted) cr_assert_eq(bounce_policy_may(state.state, state.until, now, NULL), BOUNCE_MAY_##wanted)

/* Not before that time, but from then on. */
static inline void opens(int64_t time)
{
    cr_assert_eq(state.until, time);
    MAY(time - 1, NOT_NOW);
    MAY(time, YES);
}

#endif
