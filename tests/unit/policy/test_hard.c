/* SPDX-License-Identifier: MIT */
/* test_hard.c - hard bounces, with and without a delivery before, and after a release. */
#include "policy_testing.h"

TestSuite(hard, .init = set_up, .fini = tear_down);

Test(hard, without_a_delivery_suppresses_at_once)
{
    apply(hard(at(0, 0), 1));
    IS("suppressed hard");
    cr_assert_eq(state.since, at(0, 0));
    cr_assert_eq(state.cause, BOUNCE_REASON_NO_SUCH_USER);
    MAY(at(3650, 0), NEVER);
}

Test(hard, an_old_delivery_does_not_help)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(90, 0), 2));
    IS("suppressed hard");
}

Test(hard, the_first_one_pauses)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(89, 23), 2));
    IS("paused hard-first");
    opens(at(96, 23));
    tick(at(96, 22));
    IS("paused hard-first");
    tick(at(97, 0));
    IS("due hard-first");
    cr_assert_eq(state.since, at(96, 23));
}

Test(hard, a_second_one_too_soon_is_the_same_incident)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(hard(at(12, 23), 3));
    IS("paused hard-first");
    cr_assert_eq(state.until, at(17, 0));
    apply(hard(at(13, 0), 4));
    IS("suppressed hard-again");
}

Test(hard, a_second_one_after_the_pause)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(hard(at(20, 0), 3));
    IS("suppressed hard-again");
}

Test(hard, a_delivery_between_does_not_clear_what_is_hard)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(delivery(at(11, 0), 3));
    IS("paused hard-first"); /* its pause has to pass */
    apply(delivery(at(18, 0), 4));
    IS("watched delivered");
    tick(at(21, 0));
    IS("free nothing");
    apply(hard(at(30, 0), 5));
    IS("suppressed hard-again");
}

Test(hard, the_first_one_is_forgotten)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    apply(delivery(at(80, 0), 3));
    apply(hard(at(110, 0), 4));
    IS("paused hard-first");
}

Test(hard, a_delivery_that_came_back_is_no_delivery)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(0, 5), 1));
    IS("suppressed hard");
    cr_assert_eq(state.last_delivery, 0);
}

Test(hard, a_delivery_elsewhere_is_none)
{
    bounce_policy_event e = delivery(at(0, 0), 1);
    e.flags = 0;
    apply(e);
    cr_assert_not(decision.counted);
    apply(hard(at(1, 0), 2));
    IS("suppressed hard");
}

Test(hard, nothing_returns_by_itself)
{
    apply(hard(at(0, 0), 1));
    apply(delivery(at(5, 0), 2));
    IS("suppressed hard");
    tick(at(4000, 0));
    IS("suppressed hard");
    cr_assert_eq(state.next, 0);
}

Test(hard, release_and_again)
{
    apply(hard(at(0, 0), 1));
    apply(release(BOUNCE_BECAUSE_NOT_STATED, at(1, 0)));
    IS("suppressed hard");
    apply(release(BOUNCE_BECAUSE_TYPO_FIXED, at(1, 0)));
    IS("free released");
    cr_assert_eq(state.because, BOUNCE_BECAUSE_TYPO_FIXED);
    cr_assert_eq(state.released, at(1, 0));
    apply(delivery(at(2, 0), 2));
    apply(hard(at(30, 0), 3));
    IS("suppressed hard-after-release");
}

Test(hard, each_reason_to_release)
{
    for (int because = BOUNCE_BECAUSE_RESUBSCRIBED; because <= BOUNCE_BECAUSE_PROVIDER_INCIDENT; because++) {
        state = (bounce_address_state){0};
        apply(hard(at(0, 0), 1));
        apply(release((bounce_because)because, at(1, 0)));
        IS("free released");
    }
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(2, 0)));
    cr_assert_not(decision.counted); /* it was free */
    cr_assert_eq(state.released, at(1, 0));
}

Test(hard, what_happened_before_the_release_does_not_count)
{
    apply(hard(at(5, 0), 1));
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(6, 0)));
    apply(hard(at(4, 0), 2));
    IS("free released");
    cr_assert(decision.late);
}

Test(hard, reasons_that_do_not_concern_the_address)
{
    static const bounce_reason domains[] = {BOUNCE_REASON_NO_SUCH_DOMAIN, BOUNCE_REASON_NO_MAIL_SERVICE};
    for (size_t i = 0; i < 2; i++) {
        const bounce_policy_event e = bounce(BOUNCE_TYPE_HARD, domains[i], at(0, 0), 1);
        apply(e);
        IS("free nothing");
        cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_DOMAIN);
    }
}

Test(hard, a_services_list_holds_for_the_service)
{
    const bounce_policy_event e = bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_SUPPRESSED, at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_SERVICE);
    apply(e);
    IS("suppressed service");
}

Test(hard, what_never_counts)
{
    static const uint32_t flags[] = {BOUNCE_EVENT_INBOUND, BOUNCE_EVENT_PARTIAL, BOUNCE_EVENT_OWN_DOMAIN,
                                     BOUNCE_EVENT_CANDIDATE};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const bounce_policy_event e = flagged(hard(at(0, 0), 1), flags[i]);
        apply(e);
        IS("free nothing");
        cr_assert_not(decision.counted);
        cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_NOBODY);
    }
    bounce_policy_event forged = hard(at(0, 0), 1);
    forged.sent = BOUNCE_SENT_NO;
    apply(forged);
    IS("free nothing");
    apply(mere(BOUNCE_HAPPENED_NOTHING, at(0, 0), 1));
    apply(mere(BOUNCE_HAPPENED_DELAY, at(0, 0), 1));
    IS("free nothing");
    use_policy("own-domains count\n");
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_OWN_DOMAIN));
    IS("suppressed hard");
}

Test(hard, whom_it_reaches)
{
    bounce_policy_event e = hard(at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_TENANT);
    use_policy("reach dead everywhere\n");
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_EVERYWHERE);
}

Test(hard, wrong_arguments)
{
    bounce_policy_event e = hard(at(0, 0), 1);
    cr_assert_eq(bounce_policy_apply(NULL, &state, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_apply(policy, NULL, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_apply(policy, &state, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
    e.happened = 99;
    cr_assert_eq(bounce_policy_apply(policy, &state, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    e = hard(INT64_MAX, 1);
    cr_assert_eq(bounce_policy_apply(policy, &state, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    /* From a broken table. */
    const bounce_address_state broken[] = {{.strikes = 1000},     {.strikes = 1, .before_strikes = 2},
                                           {.retries = -1},       {.full_pauses = INT32_MAX},
                                           {.proof = INT64_MAX},  {.until = INT64_MIN},
                                           {.before_strikes = -1}};
    e = hard(at(0, 0), 1);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        state = broken[i];
        cr_assert_eq(bounce_policy_apply(policy, &state, &e, NULL), BOUNCE_ERROR_ARGUMENT);
        cr_assert_eq(bounce_policy_tick(policy, &state, at(0, 0), NULL), BOUNCE_ERROR_ARGUMENT);
    }
}

Test(hard, the_first_cause_stays)
{
    apply(hard(at(0, 0), 1));
    apply(hard(at(10, 0), 2));
    IS("suppressed hard");
    cr_assert_eq(state.since, at(0, 0));
    cr_assert_not(decision.changed);
}

Test(hard, nothing_to_reach)
{
    const bounce_policy_event e = hard(at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(NULL, &e), BOUNCE_REACH_NOBODY);
    cr_assert_eq(bounce_policy_reach(policy, NULL), BOUNCE_REACH_NOBODY);
}
