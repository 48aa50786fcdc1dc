/* SPDX-License-Identifier: MIT */
/* test_soft.c - full and disabled mailboxes, strikes, and what clears them. */
#include "policy_testing.h"

TestSuite(soft, .init = set_up, .fini = tear_down);

static void full(int64_t time)
{
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, time, time));
}

/* Bounces as soon as it may be tried; returns the time when it may be tried next. */
static int64_t full_again(void)
{
    full(state.until);
    return state.until;
}

/* On the first and the second day, and then message 77 was delivered. */
static void full_twice_then_delivered(int64_t time)
{
    full(at(0, 0));
    full_again();
    apply(delivery(time, 77));
}

Test(soft, a_full_mailbox_goes_through_its_retries)
{
    full(at(0, 0));
    IS("due full");
    opens(at(1, 0));
    cr_assert_eq(full_again(), at(3, 0));
    cr_assert_eq(full_again(), at(6, 0));
    cr_assert_eq(full_again(), at(13, 0));
    IS("due full");
    cr_assert_eq(full_again(), at(43, 0));
    IS("paused full");
    cr_assert_eq(full_again(), at(73, 0));
    cr_assert_eq(full_again(), at(103, 0));
    IS("paused full");
    cr_assert_eq(state.full_pauses, 3);
    full_again();
    IS("suppressed full-for-long");
    MAY(at(1000, 0), NEVER);
}

Test(soft, a_full_system_likewise)
{
    apply(soft(BOUNCE_REASON_SYSTEM_FULL, at(0, 0), 1));
    IS("due full");
}

Test(soft, bounces_before_the_retry_change_nothing)
{
    full(at(0, 0));
    full(at(0, 1));
    full(at(0, 23));
    cr_assert_eq(state.until, at(1, 0));
    cr_assert_eq(state.retries, 1);
}

Test(soft, the_server_states_a_time)
{
    bounce_policy_event e = soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 1);
    e.retry_at = at(0, 6);
    apply(e);
    cr_assert_eq(state.until, at(0, 6));
    e = soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 6), 2);
    e.retry_at = at(7, 6); /* as far away as allowed */
    bounce_address_state before = state;
    apply(e);
    cr_assert_eq(state.until, at(7, 6));
    state = before;
    e.retry_at = at(300, 0); /* too far away */
    apply(e);
    cr_assert_eq(state.until, at(7, 6));
    e = soft(BOUNCE_REASON_MAILBOX_FULL, at(8, 0), 3);
    e.retry_at = at(1, 0); /* in the past */
    apply(e);
    cr_assert_eq(state.until, at(11, 0));
}

Test(soft, a_delivery_frees)
{
    full_twice_then_delivered(at(3, 1));
    cr_assert(decision.counted);
    cr_assert(decision.changed);
    IS("watched delivered");
    MAY(at(3, 1), YES);
    cr_assert_eq(state.next, at(6, 1));
    tick(at(6, 0));
    IS("watched delivered");
    tick(at(6, 1));
    IS("free nothing");
    full(at(7, 0));
    cr_assert_eq(state.until, at(8, 0)); /* the first retry again */
}

Test(soft, the_message_comes_back)
{
    full_twice_then_delivered(at(3, 1));
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(3, 2), 77));
    IS("due full");
    cr_assert_eq(state.retries, 3);
    cr_assert_eq(state.until, at(6, 2));
    cr_assert_eq(state.last_delivery, 0);
}

Test(soft, the_message_comes_back_for_another_reason)
{
    full_twice_then_delivered(at(3, 1));
    apply(soft(BOUNCE_REASON_SPAM, at(3, 2), 77));
    IS("due full"); /* as if there had been no delivery */
    cr_assert_eq(state.until, at(3, 0));
    cr_assert_eq(state.retries, 2);
}

Test(soft, a_message_that_comes_back_late_was_delivered)
{
    full(at(0, 0));
    apply(delivery(at(2, 0), 77));
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(5, 1), 77));
    cr_assert_eq(state.retries, 1);
    cr_assert_eq(state.until, at(6, 1));
}

Test(soft, another_message_bounces_meanwhile)
{
    full_twice_then_delivered(at(3, 1));
    full(at(3, 2));
    IS("due full");
    cr_assert_eq(state.until, at(4, 2));                   /* the first retry */
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(4, 3), 77)); /* so the delivery did not succeed */
    cr_assert_eq(state.retries, 4);
    IS("due full");
}

Test(soft, another_message_bounced_and_the_delivery_stands)
{
    full_twice_then_delivered(at(3, 1));
    full(at(3, 2));
    tick(at(10, 0));
    IS("due full");
    cr_assert_eq(state.retries, 1);
    cr_assert_eq(state.proof, 0);
}

Test(soft, a_delivery_before_the_last_bounce_clears_nothing)
{
    full(at(5, 0));
    apply(delivery(at(4, 0), 77));
    cr_assert(decision.late);
    cr_assert_not(decision.counted);
    IS("due full");
    apply(delivery(at(5, 0), 78)); /* the same second: the bounce wins */
    IS("due full");
}

Test(soft, clocks_differ)
{
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 77));
    apply(delivery(at(0, 0) + 30, 77));
    IS("due full");
    cr_assert_eq(state.last_delivery, 0);
    apply(delivery(at(1, 2), 77)); /* sent again */
    IS("watched delivered");
}

Test(soft, a_disabled_mailbox_has_three_pauses)
{
    for (int pause = 0; pause < 3; pause++) {
        apply(soft(BOUNCE_REASON_MAILBOX_DISABLED, at(30 * pause, 0), pause + 1));
        IS("paused disabled");
        cr_assert_eq(state.until, at(30 * (pause + 1), 0));
    }
    apply(soft(BOUNCE_REASON_MAILBOX_DISABLED, at(90, 0), 9));
    IS("suppressed disabled-for-long");
}

Test(soft, a_hard_disabled_mailbox_is_dead)
{
    apply(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_MAILBOX_DISABLED, at(0, 0), 1));
    IS("suppressed hard");
}

/* ---------------------------------------------------------------- strikes */

static void strike(int day, int hours, int64_t message)
{
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(day, hours), message));
}

Test(soft, five_strikes_over_two_weeks)
{
    strike(0, 0, 1);
    IS("watched strikes");
    MAY(at(0, 0), YES);
    strike(3, 0, 2);
    strike(6, 0, 3);
    strike(9, 0, 4);
    IS("watched strikes");
    strike(14, 0, 5);
    IS("paused strikes");
    cr_assert_eq(state.until, at(44, 0));
    tick(at(44, 0));
    IS("due strikes");
    cr_assert_eq(state.strikes, 0);
}

Test(soft, a_bad_week_is_not_enough)
{
    for (int day = 0; day < 13; day++)
        strike(day, 0, day + 1);
    IS("watched strikes");
    strike(14, 0, 99);
    IS("paused strikes");
}

Test(soft, one_refused_post_is_one_strike)
{
    for (int day = 0; day < 20; day++)
        strike(day, 0, 4711);
    cr_assert_eq(state.strikes, 1);
    for (int hour = 0; hour < 20; hour++)
        strike(20, hour, 100 + hour);
    cr_assert_eq(state.strikes, 2);
}

Test(soft, four_strikes_are_not_five)
{
    for (int i = 0; i < 4; i++)
        strike(i * 10, 0, i + 1);
    IS("watched strikes");
}

Test(soft, a_delivery_clears_strikes)
{
    for (int i = 0; i < 4; i++)
        strike(i * 5, 0, i + 1);
    apply(delivery(at(16, 0), 50));
    strike(17, 0, 60);
    IS("watched strikes");
    cr_assert_eq(state.strikes - state.before_strikes, 1);
    tick(at(20, 0));
    cr_assert_eq(state.strikes, 1);
    cr_assert_eq(state.strike_messages[0], 60);
}

Test(soft, strikes_come_back_with_the_message)
{
    for (int i = 0; i < 4; i++)
        strike(i * 5, 0, i + 1);
    apply(delivery(at(16, 0), 50));
    strike(17, 0, 50); /* the delivered message */
    IS("paused strikes");
}

Test(soft, strikes_fade_if_something_was_sent)
{
    strike(0, 0, 1);
    tick(at(100, 0));
    IS("watched strikes"); /* nothing was sent: nothing is known */
    apply(mere(BOUNCE_HAPPENED_SENT, at(100, 0), 2));
    tick(at(101, 0));
    IS("free nothing");

    state = (bounce_address_state){0};
    strike(0, 0, 1);
    apply(mere(BOUNCE_HAPPENED_SENT, at(50, 0), 2));
    cr_assert_eq(state.next, at(90, 0));
    tick(at(89, 23));
    IS("watched strikes");
    tick(at(90, 0));
    IS("free nothing");
}

Test(soft, retries_and_pauses_fade)
{
    full(at(0, 0));
    tick(at(400, 0));
    IS("due full");
    apply(mere(BOUNCE_HAPPENED_SENT, at(400, 0), 2));
    tick(at(401, 0));
    IS("free nothing");
    cr_assert_eq(state.retries, 0);
}

Test(soft, unknown_as_the_policy_says)
{
    bounce_policy_event e = soft(BOUNCE_REASON_UNKNOWN, at(0, 0), 1);
    e.flags = 0;
    apply(e);
    IS("free nothing"); /* not permanent */
    apply(soft(BOUNCE_REASON_UNKNOWN, at(0, 0), 1));
    IS("watched strikes");

    state = (bounce_address_state){0};
    use_policy("treat soft unknown as nothing\n");
    apply(soft(BOUNCE_REASON_UNKNOWN, at(0, 0), 1));
    IS("free nothing");

    use_policy("treat soft unknown as hold\n");
    apply(soft(BOUNCE_REASON_UNKNOWN, at(0, 0), 1));
    IS("held no-reason");
    MAY(at(13, 0), NOT_NOW);
    tick(at(14, 0));
    IS("watched strikes");
    cr_assert_eq(state.strikes, 1);
}

Test(soft, refused_holds_for_its_scope)
{
    bounce_policy_event e = soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_SCOPE);
    e = soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_TENANT);
}

Test(soft, faults_of_others_never_count)
{
    for (int reason = BOUNCE_REASON_UNKNOWN + 1; reason <= BOUNCE_REASON_DELIVERED; reason++) {
        const bounce_policy_event e = soft((bounce_reason)reason, at(0, 0), 1);
        const unsigned reach = bounce_policy_reach(policy, &e);
        const bool recipient = reason <= BOUNCE_REASON_SUPPRESSED || reason == BOUNCE_REASON_SYSTEM_FULL;
        const bool network = reason == BOUNCE_REASON_NETWORK_ERROR || reason == BOUNCE_REASON_DNS_ERROR;
        cr_assert_eq(reach != BOUNCE_REACH_NOBODY, recipient || network, "%s",
                     bounce_reason_name((bounce_reason)reason));
        if (network)
            cr_assert_eq(reach, BOUNCE_REACH_DOMAIN);
        state = (bounce_address_state){0};
        apply(e);
        if (!recipient)
            IS("free nothing");
    }
}

Test(soft, expired_counts_as_its_last_error)
{
    bounce_policy_event e = soft(BOUNCE_REASON_EXPIRED, at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_NOBODY);
    e.cause = BOUNCE_REASON_MAILBOX_FULL;
    apply(e);
    IS("due full");
    e.cause = BOUNCE_REASON_GREYLISTED;
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_NOBODY);
}

Test(soft, a_longer_pause_stays)
{
    apply(soft(BOUNCE_REASON_MAILBOX_DISABLED, at(0, 0), 1));
    full(at(1, 0));
    IS("paused disabled");
    cr_assert_eq(state.until, at(30, 0));
}

Test(soft, a_strike_does_not_shorten_a_pause)
{
    apply(soft(BOUNCE_REASON_MAILBOX_DISABLED, at(0, 0), 1));
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(1, 0), 2));
    IS("paused disabled");
    cr_assert_eq(state.until, at(30, 0));

    state = (bounce_address_state){0};
    full(at(0, 0));
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(0, 1), 2));
    IS("due full");
    apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(1, 0), 3)); /* the retry fails in another way */
    IS("watched strikes");
    cr_assert_eq(state.until, 0);
    cr_assert_eq(state.retries, 1);
}

Test(soft, a_disabled_mailbox_while_it_is_full)
{
    full(at(0, 0));
    apply(soft(BOUNCE_REASON_MAILBOX_DISABLED, at(0, 1), 2));
    IS("paused disabled");
    cr_assert_eq(state.until, at(30, 1));
}

Test(soft, a_forged_bounce_undoes_no_delivery)
{
    full(at(0, 0));
    apply(delivery(at(2, 0), 77));
    bounce_policy_event e = soft(BOUNCE_REASON_MAILBOX_FULL, at(2, 1), 77);
    e.sent = BOUNCE_SENT_NO;
    apply(e);
    IS("watched delivered");
    apply(flagged(soft(BOUNCE_REASON_MAILBOX_FULL, at(2, 1), 77), BOUNCE_EVENT_INBOUND));
    IS("watched delivered");
    apply(flagged(soft(BOUNCE_REASON_MAILBOX_FULL, at(2, 1), 77), BOUNCE_EVENT_PARTIAL));
    IS("due full"); /* it did come back */
}

Test(soft, full_for_long_while_the_guard_has_tripped)
{
    use_policy("full-retries 24h\nfull-pauses 0");
    full(at(0, 0));
    apply(flagged(soft(BOUNCE_REASON_MAILBOX_FULL, at(1, 0), 2), BOUNCE_EVENT_GUARDED));
    IS("held guard");
    cr_assert_eq(state.until, at(15, 0));
    apply(delivery(at(2, 0), 3));
    tick(at(5, 0));
    IS("free nothing");
}

Test(soft, two_deliveries_and_the_second_comes_back)
{
    full_twice_then_delivered(at(3, 1));
    apply(delivery(at(3, 2), 78));
    apply(soft(BOUNCE_REASON_SPAM, at(3, 3), 78));
    IS("due full");
    cr_assert_eq(state.retries, 2);
    cr_assert_eq(state.until, at(3, 0));
}

Test(soft, many_strikes_and_two_deliveries)
{
    for (int i = 0; i < 3; i++)
        strike(i * 5, 0, i + 1);
    apply(delivery(at(11, 0), 77));
    strike(12, 0, 8);
    IS("watched strikes");
    apply(delivery(at(13, 0), 78));
    IS("watched delivered");
    cr_assert_eq(state.before_strikes, 4);
    apply(soft(BOUNCE_REASON_SPAM, at(13, 1), 78));
    IS("watched strikes");
    cr_assert_eq(state.strikes, 4);
    cr_assert_eq(state.before_strikes, 0);
}
