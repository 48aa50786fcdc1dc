/* SPDX-License-Identifier: MIT */
/* test_order.c - events out of order, with many or few ticks, in states that were stored in a table. */
#include "policy_testing.h"

#include <stdlib.h>

TestSuite(order, .init = set_up, .fini = tear_down);

enum { EVENTS = 40, RUNS = 400 };

static uint32_t seed;
static int random_below(int n)
{
    seed = seed * 1664525 + 1013904223;
    return (int)((seed >> 8) % (uint32_t)n);
}

static bounce_policy_event random_event(int64_t time, int i)
{
    static const bounce_reason reasons[] = {BOUNCE_REASON_MAILBOX_FULL, BOUNCE_REASON_RECIPIENT_REFUSED,
                                            BOUNCE_REASON_MAILBOX_DISABLED, BOUNCE_REASON_SPAM, BOUNCE_REASON_UNKNOWN};
    bounce_policy_event e;
    switch (random_below(12)) {
    case 0:
    case 1: return flagged(hard(time, i), random_below(3) ? 0 : BOUNCE_EVENT_GUARDED);
    case 2:
    case 3:
    case 4: return delivery(time, i);
    case 5: return mere(BOUNCE_HAPPENED_SENT, time, i);
    case 6: return random_below(3) ? mere(BOUNCE_HAPPENED_SENT, time, i) : release(BOUNCE_BECAUSE_RESUBSCRIBED, time);
    case 7:
        e = mere(random_below(2) ? BOUNCE_HAPPENED_GUARD : BOUNCE_HAPPENED_HELD_REJECT, time, 0);
        e.reason = BOUNCE_REASON_NO_SUCH_USER;
        return e;
    case 8: return random_below(6) ? delivery(time, i) : mere(BOUNCE_HAPPENED_COMPLAINT, time, i);
    default: return soft(reasons[random_below(5)], time, i);
    }
}

/* A year of an address; each message has one outcome. */
static void make_events(bounce_policy_event *events, uint32_t number)
{
    seed = number;
    int64_t time = at(0, 0);
    for (int i = 0; i < EVENTS; i++) {
        time += 1 + (int64_t)random_below(20) * random_below(DAY) + random_below(HOUR);
        events[i] = random_event(time, i + 1);
    }
}

static void shuffle(bounce_policy_event *events)
{
    for (int i = EVENTS - 1; i > 0; i--) {
        const int j = random_below(i + 1);
        const bounce_policy_event e = events[i];
        events[i] = events[j];
        events[j] = e;
    }
}

static void assert_same(const bounce_address_state *a, const bounce_address_state *b, uint32_t number)
{
    cr_assert_eq(memcmp(a, b, sizeof *a), 0, "run %u: %s, %s", number, bounce_state_name((bounce_state)a->state),
                 bounce_state_name((bounce_state)b->state));
}

Test(order, replay_knows_no_order)
{
    bounce_policy_event events[EVENTS];
    bounce_address_state again;
    for (uint32_t run = 1; run <= RUNS; run++) {
        make_events(events, run);
        const int64_t end = events[EVENTS - 1].time + 10 * DAY;
        cr_assert_eq(bounce_policy_replay(policy, events, EVENTS, end, &state, &decision), BOUNCE_OK);
        shuffle(events);
        cr_assert_eq(bounce_policy_replay(policy, events, EVENTS, end, &again, NULL), BOUNCE_OK);
        assert_same(&state, &again, run);
    }
}

Test(order, one_by_one_is_the_same)
{
    bounce_policy_event events[EVENTS];
    bounce_address_state whole;
    for (uint32_t run = 1; run <= RUNS; run++) {
        make_events(events, run);
        cr_assert_eq(bounce_policy_replay(policy, events, EVENTS, 0, &whole, NULL), BOUNCE_OK);
        state = (bounce_address_state){0};
        for (int i = 0; i < EVENTS; i++)
            apply(events[i]);
        assert_same(&whole, &state, run);
    }
}

/* However often time passes, the result is the same; so is a state that was stored. */
Test(order, time_and_tables_change_nothing)
{
    bounce_policy_event events[EVENTS];
    char text[BOUNCE_STATE_TEXT_BYTES];
    for (uint32_t run = 1; run <= RUNS; run++) {
        make_events(events, run);
        state = (bounce_address_state){0};
        bounce_address_state ticked = state;
        for (int i = 0; i < EVENTS; i++) {
            apply(events[i]);
            cr_assert_eq(bounce_policy_apply(policy, &ticked, &events[i], NULL), BOUNCE_OK);
            for (int64_t t = events[i].time; i + 1 < EVENTS && t < events[i + 1].time; t += 7 * HOUR)
                bounce_policy_tick(policy, &ticked, t, NULL);
            cr_assert_eq(bounce_address_state_write(&ticked, text, sizeof text, NULL), BOUNCE_OK);
            cr_assert_eq(bounce_address_state_read(&ticked, text), BOUNCE_OK);
        }
        tick(events[EVENTS - 1].time);
        bounce_policy_tick(policy, &ticked, events[EVENTS - 1].time, NULL);
        assert_same(&state, &ticked, run);
    }
}

/* `next` is the time of the next visible change, and `may` knows of it before. */
Test(order, next_and_may)
{
    bounce_policy_event events[EVENTS];
    int seen = 0;
    for (uint32_t run = 1; run <= RUNS; run++) {
        make_events(events, run);
        state = (bounce_address_state){0};
        for (int i = 0; i < EVENTS; i++) {
            apply(events[i]);
            const int64_t next = state.next;
            if (!next)
                continue;
            cr_assert_gt(next, events[i].time);
            bounce_address_state copy = state;
            bounce_policy_tick(policy, &copy, next - 1, &decision);
            cr_assert_not(decision.changed);
            cr_assert_eq(bounce_policy_may(state.state, state.until, next, NULL),
                         (bounce_policy_tick(policy, &copy, next, &decision),
                          bounce_policy_may(copy.state, copy.until, next, NULL)));
            seen += decision.changed;
        }
    }
    cr_assert_gt(seen, RUNS);
}

/* ------------------------------------------------------------- late events */

Test(order, a_delivery_becomes_known_too_late)
{
    apply(hard(at(10, 0), 1));
    IS("suppressed hard");
    apply(delivery(at(5, 0), 2));
    cr_assert(decision.late);
    IS("suppressed hard"); /* a late delivery lifts nothing */
    const bounce_policy_event events[] = {hard(at(10, 0), 1), delivery(at(5, 0), 2)};
    cr_assert_eq(bounce_policy_replay(policy, events, 2, 0, &state, &decision), BOUNCE_OK);
    IS("paused hard-first"); /* in a replay it comes in time */
    cr_assert_not(decision.late);
}

Test(order, a_soft_bounce_before_the_last_delivery)
{
    apply(delivery(at(10, 0), 1));
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(5, 0), 2));
    cr_assert(decision.late);
    cr_assert_not(decision.counted);
    cr_assert_eq(state.strikes, 0);
}

Test(order, a_hard_bounce_before_the_last_delivery)
{
    apply(delivery(at(10, 0), 1));
    apply(hard(at(2, 0), 2));
    IS("due hard-first"); /* its pause is over */
    cr_assert_eq(state.first_hard, at(2, 0));
    apply(hard(at(11, 0), 3));
    IS("suppressed hard-again");
}

Test(order, the_first_of_two_comes_second)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(hard(at(5, 0), 3));
    IS("suppressed hard-again");
    state = (bounce_address_state){0};
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(hard(at(8, 0), 3)); /* too near */
    IS("paused hard-first");
    cr_assert_eq(state.first_hard, at(8, 0));
}

Test(order, strikes_in_any_order)
{
    static const int days[] = {14, 3, 9, 0, 6};
    for (int i = 0; i < 5; i++)
        apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(days[i], 0), i + 1));
    IS("paused strikes");
}

Test(order, two_deliveries_of_which_the_first_comes_back)
{
    const bounce_policy_event events[] = {soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 1), delivery(at(2, 0), 2),
                                          soft(BOUNCE_REASON_MAILBOX_FULL, at(2, 2), 2), delivery(at(2, 1), 3)};
    cr_assert_eq(bounce_policy_replay(policy, events, 4, 0, &state, NULL), BOUNCE_OK);
    cr_assert_eq(state.last_delivery, at(2, 1));
    IS("due full");
}

Test(order, messages_that_are_not_known)
{
    const bounce_policy_event events[] = {delivery(at(0, 0), 0), hard(at(1, 0), 0), delivery(at(0, 1), -5),
                                          hard(at(0, 2), -5)};
    cr_assert_eq(bounce_policy_replay(policy, events, 4, at(1, 1), &state, NULL), BOUNCE_OK);
    cr_assert_eq(state.last_delivery, at(0, 0));
    IS("paused hard-first");
}

Test(order, replay_until_a_time)
{
    const bounce_policy_event events[] = {soft(BOUNCE_REASON_MAILBOX_DISABLED, at(0, 0), 1)};
    cr_assert_eq(bounce_policy_replay(policy, events, 1, 0, &state, &decision), BOUNCE_OK);
    IS("paused disabled");
    cr_assert(decision.counted);
    cr_assert_str_eq(decision.why, "mailbox disabled: pause 1");
    cr_assert_eq(bounce_policy_replay(policy, events, 1, at(40, 0), &state, &decision), BOUNCE_OK);
    IS("due disabled");
    cr_assert_eq(decision.from, BOUNCE_STATE_FREE);
    cr_assert_eq(decision.to, BOUNCE_STATE_DUE);
    bounce_policy_event wrong = events[0];
    wrong.happened = 99;
    cr_assert_eq(bounce_policy_replay(policy, &wrong, 1, 0, &state, &decision), BOUNCE_ERROR_ARGUMENT);
    const bounce_policy_event dead[] = {bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(3, 0), 1),
                                        bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(0, 0), 2)};
    cr_assert_eq(bounce_policy_replay_domain(policy, dead, 2, at(20, 0), &domain, &decision), BOUNCE_OK);
    DOMAIN_IS("due dead-domain");
}

Test(order, nothing_happened)
{
    cr_assert_eq(bounce_policy_replay(policy, NULL, 0, at(0, 0), &state, &decision), BOUNCE_OK);
    IS("free nothing");
    cr_assert_eq(bounce_policy_replay(policy, NULL, 1, 0, &state, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_replay(policy, NULL, 0, 0, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
}

Test(order, a_domain)
{
    const bounce_policy_event events[] = {bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(3, 0), 1),
                                          delivery(at(2, 0), 2),
                                          bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(0, 0), 3)};
    cr_assert_eq(bounce_policy_replay_domain(policy, events, 3, 0, &domain, &decision), BOUNCE_OK);
    DOMAIN_IS("watched dead-domain");
    cr_assert_eq(domain.first_dead, at(3, 0));
}
