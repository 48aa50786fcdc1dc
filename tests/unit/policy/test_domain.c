/* SPDX-License-Identifier: MIT */
/* test_domain.c - domains that do not exist, take no mail, or cannot be reached. */
#include "policy_testing.h"

TestSuite(domain, .init = set_up, .fini = tear_down);

static void happens(bounce_policy_event e)
{
    cr_assert_eq(bounce_policy_apply_domain(policy, &domain, &e, &decision), BOUNCE_OK);
}

static void dead(int64_t time)
{
    happens(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, time, time));
}

static void unreachable(int64_t time, int64_t message)
{
    bounce_policy_event e = soft(BOUNCE_REASON_EXPIRED, time, message);
    e.cause = BOUNCE_REASON_NETWORK_ERROR;
    happens(e);
}

static void tick_domain(int64_t now)
{
    cr_assert_eq(bounce_policy_tick_domain(policy, &domain, now, &decision), BOUNCE_OK);
}

Test(domain, twice_a_day_apart)
{
    dead(at(0, 0));
    DOMAIN_IS("watched dead-domain");
    cr_assert(decision.counted);
    dead(at(0, 23));
    DOMAIN_IS("watched dead-domain");
    happens(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_MAIL_SERVICE, at(1, 0), 9));
    DOMAIN_IS("paused dead-domain");
    cr_assert_eq(domain.until, at(8, 0));
    dead(at(5, 0)); /* sent before, or by another stream */
    cr_assert_eq(domain.until, at(8, 0));
    cr_assert_eq(domain.pauses, 1);
    cr_assert_eq(bounce_policy_may(domain.state, domain.until, at(7, 0), NULL), BOUNCE_MAY_NOT_NOW);
}

Test(domain, tried_weekly_and_suppressed_after_90_days)
{
    dead(at(0, 0));
    dead(at(1, 0));
    int weeks = 0;
    while (domain.state != BOUNCE_STATE_SUPPRESSED && weeks < 100) {
        const int64_t until = domain.until;
        tick_domain(until);
        DOMAIN_IS("due dead-domain");
        cr_assert_eq(bounce_policy_may(domain.state, domain.until, until, NULL), BOUNCE_MAY_YES);
        dead(until);
        weeks++;
    }
    cr_assert_eq(weeks, 13); /* 91 days */
    dead(at(400, 0));
    DOMAIN_IS("suppressed dead-domain");
}

Test(domain, a_delivery_to_anybody_frees)
{
    dead(at(0, 0));
    dead(at(1, 0));
    bounce_policy_event e = delivery(at(2, 0), 1);
    e.flags = 0;
    happens(e); /* to a smart host */
    DOMAIN_IS("paused dead-domain");
    cr_assert_not(decision.counted);
    happens(delivery(at(2, 0), 1));
    DOMAIN_IS("free nothing");
    cr_assert(decision.counted);
    cr_assert_eq(domain.first_dead, 0);
    dead(at(2, 0)); /* the same second */
    cr_assert_not(decision.counted);
    dead(at(3, 0));
    DOMAIN_IS("watched dead-domain");
    dead(at(1, 12)); /* late, and cleared already */
    cr_assert_not(decision.counted);
}

Test(domain, time_alone_changes_it)
{
    dead(at(0, 0));
    dead(at(1, 0));
    cr_assert_eq(domain.next, at(8, 0));
    tick_domain(at(7, 23));
    cr_assert_not(decision.changed);
    tick_domain(at(8, 0));
    cr_assert(decision.changed);
    cr_assert_eq(decision.from, BOUNCE_STATE_PAUSED);
    cr_assert_eq(decision.to, BOUNCE_STATE_DUE);
}

Test(domain, three_messages_on_three_days_over_two_weeks)
{
    unreachable(at(0, 0), 1);
    DOMAIN_IS("watched unreachable-domain");
    unreachable(at(0, 1), 2); /* the same day */
    unreachable(at(7, 0), 1); /* the same message */
    cr_assert_eq(domain.failures, 1);
    unreachable(at(7, 0), 3);
    unreachable(at(13, 0), 4);
    DOMAIN_IS("watched unreachable-domain");
    unreachable(at(14, 0), 5);
    DOMAIN_IS("paused unreachable-domain");

    domain = (bounce_domain_state){0};
    unreachable(at(0, 0), 1);
    unreachable(at(20, 0), 2);
    DOMAIN_IS("watched unreachable-domain"); /* two are not three */
}

Test(domain, other_failures_say_nothing)
{
    happens(hard(at(0, 0), 1));
    happens(soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 1));
    happens(soft(BOUNCE_REASON_EXPIRED, at(0, 0), 1));
    happens(flagged(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(0, 0), 1), BOUNCE_EVENT_INBOUND));
    happens(mere(BOUNCE_HAPPENED_COMPLAINT, at(0, 0), 1));
    DOMAIN_IS("free nothing");
}

Test(domain, fades)
{
    dead(at(0, 0));
    unreachable(at(10, 0), 1);
    cr_assert_eq(domain.next, at(90, 0));
    tick_domain(at(95, 0));
    DOMAIN_IS("watched dead-domain");
    cr_assert_eq(domain.first_dead, 0);
    tick_domain(at(100, 0));
    DOMAIN_IS("free nothing");
}

Test(domain, release_and_import)
{
    happens(mere(BOUNCE_HAPPENED_SUPPRESSION, at(0, 0), 0));
    DOMAIN_IS("suppressed imported");
    happens(delivery(at(1, 0), 1));
    DOMAIN_IS("suppressed imported");
    happens(release(BOUNCE_BECAUSE_NOT_STATED, at(2, 0)));
    DOMAIN_IS("suppressed imported");
    happens(release((bounce_because)99, at(2, 0)));
    DOMAIN_IS("suppressed imported");
    happens(release(BOUNCE_BECAUSE_PROVIDER_INCIDENT, at(2, 0)));
    DOMAIN_IS("free released");
    dead(at(1, 0)); /* before the release */
    DOMAIN_IS("free released");
}

Test(domain, a_fault_of_our_own_resolver)
{
    dead(at(0, 0));
    bounce_policy_event e = mere(BOUNCE_HAPPENED_GUARD, at(0, 1), 0);
    e.reason = BOUNCE_REASON_NO_SUCH_DOMAIN;
    happens(e);
    DOMAIN_IS("free guard");
    cr_assert(decision.counted);
    happens(flagged(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(0, 2), 5), BOUNCE_EVENT_GUARDED));
    DOMAIN_IS("free guard");
    cr_assert_eq(domain.first_dead, 0);
}

Test(domain, wrong_arguments)
{
    bounce_policy_event e = delivery(at(0, 0), 1);
    cr_assert_eq(bounce_policy_apply_domain(NULL, &domain, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_apply_domain(policy, NULL, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    domain.failures = -1;
    cr_assert_eq(bounce_policy_apply_domain(policy, &domain, &e, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_tick_domain(policy, &domain, at(0, 0), NULL), BOUNCE_ERROR_ARGUMENT);
}

Test(domain, impossible_numbers)
{
    static const struct {
        const char *text;
        bounce_status status;
    } rows[] = {{"1 pauses=2147483647 paused-first=1793491200", BOUNCE_ERROR_ARGUMENT},
                {"1 pauses=-1", BOUNCE_ERROR_ARGUMENT},
                {"1 last-delivery=9223372036854775807", BOUNCE_ERROR_ARGUMENT},
                {"1 released=-9223372036854775807", BOUNCE_ERROR_ARGUMENT},
                {"1 pauses=1000000 paused-first=1793491200", BOUNCE_OK}};
    bounce_policy_event e = bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_NO_SUCH_DOMAIN, at(1, 0), 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        domain = (bounce_domain_state){0};
        cr_assert_eq(bounce_domain_state_read(&domain, rows[i].text), BOUNCE_OK);
        cr_expect_eq(bounce_policy_apply_domain(policy, &domain, &e, &decision), rows[i].status, "%s", rows[i].text);
    }
    cr_assert_eq(domain.pauses, 1000000); /* and the next event is accepted, too */
}
