/* SPDX-License-Identifier: MIT */
/* test_lift.c - complaints, unsubscriptions, imports, and what lifts them. */
#include "policy_testing.h"

TestSuite(lift, .init = set_up, .fini = tear_down);

static bounce_policy_event complaint(int64_t time, int64_t message)
{
    return flagged(mere(BOUNCE_HAPPENED_COMPLAINT, time, message), BOUNCE_EVENT_TRUSTED);
}

Test(lift, a_complaint_suppresses_in_its_scope)
{
    const bounce_policy_event e = complaint(at(0, 0), 1);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_SCOPE);
    apply(e);
    IS("suppressed complaint");
    cr_assert_eq(state.cause, BOUNCE_REASON_COMPLAINT);
}

Test(lift, not_spam_about_the_same_message)
{
    apply(complaint(at(1, 0), 1));
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(2, 0), 9));
    IS("suppressed complaint");
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(0, 0), 1)); /* before the complaint */
    IS("suppressed complaint");
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(2, 0), 0));
    IS("suppressed complaint");
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(1, 0), 1)); /* the same second */
    IS("free released");
    cr_assert(decision.counted);
}

Test(lift, only_a_subscription_lifts_a_complaint)
{
    for (int because = BOUNCE_BECAUSE_TYPO_FIXED; because <= BOUNCE_BECAUSE_PROVIDER_INCIDENT; because++) {
        state = (bounce_address_state){0};
        apply(complaint(at(0, 0), 1));
        apply(release((bounce_because)because, at(1, 0)));
        IS("suppressed complaint");
    }
    apply(release(BOUNCE_BECAUSE_RESUBSCRIBED, at(1, 0)));
    IS("free released");
    apply(complaint(at(0, 0), 1)); /* the same complaint again, late */
    IS("free released");
    apply(complaint(at(2, 0), 2));
    IS("suppressed complaint");
}

Test(lift, an_unsubscription_likewise)
{
    const bounce_policy_event e = mere(BOUNCE_HAPPENED_UNSUBSCRIPTION, at(0, 0), 0);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_SCOPE);
    apply(e);
    IS("suppressed unsubscribed");
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(1, 0)));
    IS("suppressed unsubscribed");
    apply(release(BOUNCE_BECAUSE_RESUBSCRIBED, at(1, 0)));
    IS("free released");
}

Test(lift, a_dead_address_that_complained_before)
{
    apply(complaint(at(0, 0), 1));
    apply(hard(at(1, 0), 2));
    IS("suppressed hard");
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(2, 0), 1));
    IS("suppressed hard"); /* still dead */

    state = (bounce_address_state){0};
    apply(complaint(at(0, 0), 1));
    apply(hard(at(1, 0), 2));
    apply(release(BOUNCE_BECAUSE_TYPO_FIXED, at(3, 0)));
    IS("suppressed complaint"); /* not dead, but it complained */
}

Test(lift, unsubscribed_and_complained)
{
    apply(mere(BOUNCE_HAPPENED_UNSUBSCRIPTION, at(0, 0), 0));
    apply(complaint(at(1, 0), 1));
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(2, 0), 1));
    IS("suppressed unsubscribed");
}

Test(lift, a_complaint_that_nothing_proves)
{
    bounce_policy_event e = mere(BOUNCE_HAPPENED_COMPLAINT, at(0, 0), 1);
    apply(e);
    IS("suppressed unverified-complaint");

    state = (bounce_address_state){0};
    e.sent = BOUNCE_SENT_YES;
    apply(e);
    IS("suppressed complaint");

    state = (bounce_address_state){0};
    e.sent = BOUNCE_SENT_NO;
    apply(e);
    IS("free nothing");

    e.sent = BOUNCE_SENT_UNKNOWN;
    apply(flagged(e, BOUNCE_EVENT_GUARDED));
    IS("held unverified-complaint");
    tick(at(14, 0));
    IS("watched strikes");

    state = (bounce_address_state){0};
    use_policy("complaint-unverified ignore");
    apply(e);
    IS("free nothing");
    use_policy("complaint-unverified hold");
    apply(e);
    IS("held unverified-complaint");
    apply(mere(BOUNCE_HAPPENED_NOT_SPAM, at(1, 0), 1));
    IS("free released");
}

Test(lift, candidates_do_not_count)
{
    apply(flagged(complaint(at(0, 0), 1), BOUNCE_EVENT_CANDIDATE));
    IS("free nothing");
}

Test(lift, imported)
{
    bounce_policy_event e = mere(BOUNCE_HAPPENED_SUPPRESSION, at(0, 0), 0);
    e.reason = BOUNCE_REASON_NO_SUCH_USER;
    apply(e);
    IS("suppressed imported");
    cr_assert_eq(state.cause, BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_TENANT);
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(1, 0)));
    IS("free released");
    apply(e); /* the same list again */
    IS("free released");
    e.reason = BOUNCE_REASON_COMPLAINT;
    e.time = at(2, 0);
    cr_assert_eq(bounce_policy_reach(policy, &e), BOUNCE_REACH_SCOPE);
    apply(e);
    IS("suppressed complaint");
}

Test(lift, a_release_that_comes_late)
{
    apply(hard(at(5, 0), 1));
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(4, 0)));
    IS("suppressed hard");
    cr_assert(decision.late);
    cr_assert_not(decision.counted);
}

Test(lift, a_release_forgets_what_was_soft)
{
    for (int i = 0; i < 4; i++)
        apply(soft(BOUNCE_REASON_RECIPIENT_REFUSED, at(i * 5, 0), i + 1));
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(16, 0), 9));
    apply(release(BOUNCE_BECAUSE_CONFIRMED, at(17, 0)));
    IS("free released");
    cr_assert_eq(state.strikes, 0);
    cr_assert_eq(state.strike_messages[0], 0);
    cr_assert_eq(state.retries, 0);
}
