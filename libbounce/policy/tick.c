/* SPDX-License-Identifier: MIT */
/*
 * tick.c - what time alone does to the state of an address.
 *
 * In: policy, state, the present time. Out: the state. Each change happens at its own time, however often this is
 * called: a delivery is confirmed, a pause ends, a held address gets a strike, old failures fade.
 */
#include "policy/step.h"

/* The first strike fades if something was sent after its day. */
static int64_t strike_fades(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    if (!s->strikes || day_of(s->last_sent) <= s->strike_days[0])
        return 0;
    return later((int64_t)s->strike_days[0] * SECONDS_OF_DAY + policy_value(p, SOFT_FADE), s->last_sent);
}

static bool has_counts(const struct bounce_address_state *s)
{
    return s->retries || s->full_pauses || s->disabled_pauses || s->strike_pauses;
}

/* Retries and pauses fade together, if something was sent since the last failure. */
static int64_t counts_fade(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    if (!has_counts(s) || s->last_sent <= s->last_soft)
        return 0;
    return later(s->last_soft + policy_value(p, SOFT_FADE), s->last_sent);
}

static int64_t first_hard_fades(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    return s->first_hard && s->state != BOUNCE_STATE_HELD ? s->first_hard + policy_value(p, HARD_COUNTS_FOR) : 0;
}

static int64_t wait_ends(const struct bounce_address_state *s)
{
    return s->state == BOUNCE_STATE_PAUSED || s->state == BOUNCE_STATE_HELD ? s->until : 0;
}

static int64_t delivery_proved(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    return s->proof ? s->proof + policy_value(p, DELIVERY_STANDS) : 0;
}

/* The next time at which time alone has a visible effect. */
static int64_t state_next(const struct bounce_policy *p, const struct bounce_address_state *s)
{
    if (s->state == BOUNCE_STATE_SUPPRESSED)
        return 0;
    int64_t next = wait_ends(s);
    next = earlier(next, strike_fades(p, s));
    next = earlier(next, counts_fade(p, s));
    next = earlier(next, first_hard_fades(p, s));
    /* Confirming a delivery to a free address has no visible effect. */
    return s->state == BOUNCE_STATE_FREE ? next : earlier(next, delivery_proved(p, s));
}

static void end_wait(struct bounce_address_state *s)
{
    const int64_t time = s->until;
    if (s->state == BOUNCE_STATE_PAUSED) {
        state_set(s, BOUNCE_STATE_DUE, (bounce_basis)s->basis, time, time);
        return;
    }
    state_strike(s, day_of(later(s->since, s->last_hard)), s->last_bounce_message);
    s->first_hard = 0;
    s->last_soft = later(s->last_soft, s->since);
    state_set(s, BOUNCE_STATE_WATCHED, BOUNCE_BASIS_STRIKES, time, 0);
}

/* An address of which nothing is remembered becomes free. */
static void settle(struct bounce_address_state *s, int64_t now)
{
    const bool tried = s->state == BOUNCE_STATE_DUE && s->until <= now;
    const bool open = s->state == BOUNCE_STATE_WATCHED || tried;
    if (!open || s->strikes || s->proof || has_counts(s) || s->first_hard)
        return;
    state_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_NOTHING, now, 0);
    s->cause = BOUNCE_REASON_UNKNOWN;
}

/* A state that only a delivery explains ends when that delivery is confirmed. */
static void after_delivery(struct bounce_address_state *s, int64_t now)
{
    delivery_stands(s);
    if (s->state != BOUNCE_STATE_WATCHED || s->basis != BOUNCE_BASIS_DELIVERED)
        return;
    state_set(s, BOUNCE_STATE_FREE, BOUNCE_BASIS_NOTHING, now, 0);
    s->cause = BOUNCE_REASON_UNKNOWN;
}

/* Everything that happens at this time. */
static void tick_at(const struct bounce_policy *p, struct bounce_address_state *s, int64_t time)
{
    if (delivery_proved(p, s) == time)
        after_delivery(s, time);
    if (wait_ends(s) == time)
        end_wait(s);
    if (strike_fades(p, s) == time)
        state_unstrike(s, 0);
    if (counts_fade(p, s) == time)
        s->retries = s->full_pauses = s->disabled_pauses = s->strike_pauses = 0;
    if (first_hard_fades(p, s) == time)
        s->first_hard = 0;
    settle(s, time);
}

void address_tick(const struct bounce_policy *p, void *state, int64_t now)
{
    struct bounce_address_state *s = state;
    int64_t next = earlier(state_next(p, s), delivery_proved(p, s));
    for (; next && next <= now; next = earlier(state_next(p, s), delivery_proved(p, s)))
        tick_at(p, s, next);
    s->next = state_next(p, s);
}
