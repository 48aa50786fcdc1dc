/* SPDX-License-Identifier: MIT */
/* test_guard.c - when the guard trips, what is held, and how that is resolved. */
#include "policy_testing.h"

TestSuite(guard, .init = set_up, .fini = tear_down);

static bounce_guard_answer answer;

static bool trips(bounce_guard counts)
{
    cr_assert_eq(bounce_policy_guard(policy, &counts, &answer), BOUNCE_OK);
    cr_assert_neq(answer.why[0], '\0');
    return answer.tripped;
}

/* A provider with 28 days of history, with the same number of bounces each day. */
static bounce_guard provider(int64_t addresses, int64_t a_day)
{
    return (bounce_guard){
        .question = BOUNCE_GUARD_PROVIDER, .addresses = addresses, .before = 28 * a_day, .before_s = 28 * DAY};
}

Test(guard, fifty_addresses_and_three_times_the_rate)
{
    cr_assert_not(trips(provider(49, 0)));
    cr_assert(trips(provider(50, 0)));
    cr_assert(trips(provider(50, 16)));
    cr_assert_not(trips(provider(50, 17)));
    cr_assert(trips(provider(3000, 1000)));
    cr_assert_not(trips(provider(2999, 1000)));
}

Test(guard, and_five_percent_of_the_mails)
{
    bounce_guard counts = provider(100, 1);
    counts.sent = 2000;
    cr_assert(trips(counts));
    counts.sent = 2001;
    cr_assert_not(trips(counts));
}

Test(guard, without_history_half_of_the_outcomes)
{
    bounce_guard counts = {
        .question = BOUNCE_GUARD_PROVIDER, .addresses = 100, .before_s = 7 * DAY - 1, .outcomes = 200};
    cr_assert(trips(counts));
    counts.outcomes = 201;
    cr_assert_not(trips(counts));
    counts.before_s = 7 * DAY; /* history enough */
    cr_assert(trips(counts));
}

Test(guard, one_message)
{
    bounce_guard counts = {.question = BOUNCE_GUARD_MESSAGE, .addresses = 20, .recipients = 200};
    cr_assert(trips(counts));
    counts.recipients = 201;
    cr_assert_not(trips(counts));
    counts.addresses = 19;
    counts.recipients = 19;
    cr_assert_not(trips(counts));
    counts.addresses = 1000;
    counts.recipients = 0; /* not known */
    cr_assert_not(trips(counts));
}

Test(guard, one_report_one_reporter)
{
    for (int question = BOUNCE_GUARD_REPORT; question <= BOUNCE_GUARD_REPORTER; question++) {
        cr_assert_not(trips((bounce_guard){.question = question, .addresses = 20}));
        cr_assert(trips((bounce_guard){.question = question, .addresses = 21}));
    }
}

Test(guard, switched_off)
{
    use_policy("guard-addresses never\nguard-message never\nguard-report never\nguard-reporter never\n");
    for (int question = BOUNCE_GUARD_PROVIDER; question <= BOUNCE_GUARD_REPORTER; question++)
        cr_assert_not(trips((bounce_guard){.question = question, .addresses = 1000000}));
}

Test(guard, wrong_arguments)
{
    const bounce_guard counts = {.question = 9};
    cr_assert_eq(bounce_policy_guard(policy, &counts, &answer), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_guard(policy, NULL, &answer), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_policy_guard(NULL, &counts, &answer), BOUNCE_ERROR_ARGUMENT);
    cr_assert_not(trips((bounce_guard){.addresses = INT64_MIN, .before = INT64_MAX, .sent = INT64_MAX}));
    trips((bounce_guard){.addresses = INT64_MAX, .before = INT64_MAX, .before_s = INT64_MAX, .sent = INT64_MAX});
}

/* -------------------------------------------------------------------- held */

static bounce_policy_event reaches_back(int64_t time)
{
    bounce_policy_event e = mere(BOUNCE_HAPPENED_GUARD, time, 0);
    e.reason = BOUNCE_REASON_NO_SUCH_USER;
    return e;
}

Test(guard, reaches_back)
{
    apply(hard(at(0, 0), 1));
    apply(reaches_back(at(0, 23)));
    IS("held guard");
    opens(at(14, 23));
}

Test(guard, reaches_back_to_the_first_of_two)
{
    apply(delivery(at(0, 0), 1));
    apply(hard(at(5, 0), 2));
    apply(reaches_back(at(5, 1)));
    IS("held guard");
}

Test(guard, reaches_addresses_that_the_reason_reaches)
{
    static const struct {
        bounce_reason reason;
        unsigned reach;
    } rows[] = {
        {BOUNCE_REASON_NO_SUCH_USER, BOUNCE_REACH_TENANT},   {BOUNCE_REASON_RECIPIENT_REFUSED, BOUNCE_REACH_SCOPE},
        {BOUNCE_REASON_NO_SUCH_DOMAIN, BOUNCE_REACH_DOMAIN}, {BOUNCE_REASON_SUPPRESSED, BOUNCE_REACH_SERVICE},
        {BOUNCE_REASON_COMPLAINT, BOUNCE_REACH_SCOPE},       {BOUNCE_REASON_SPAM, BOUNCE_REACH_NOBODY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bounce_policy_event e = reaches_back(at(0, 0));
        e.reason = (int32_t)rows[i].reason;
        cr_assert_eq(bounce_policy_reach(policy, &e), rows[i].reach, "%s", bounce_reason_name(rows[i].reason));
    }
}

Test(guard, does_not_reach_further)
{
    apply(hard(at(0, 0), 1));
    apply(reaches_back(at(1, 1)));
    IS("suppressed hard"); /* before the window */

    state = (bounce_address_state){0};
    apply(bounce(BOUNCE_TYPE_HARD, BOUNCE_REASON_MAILBOX_DISABLED, at(0, 0), 1));
    apply(reaches_back(at(0, 1)));
    IS("suppressed hard"); /* another cause */

    state = (bounce_address_state){0};
    apply(soft(BOUNCE_REASON_MAILBOX_FULL, at(0, 0), 1));
    apply(reaches_back(at(0, 1)));
    IS("due full");
}

Test(guard, holds_what_comes_while_it_is_tripped)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    IS("held guard");
    apply(flagged(hard(at(1, 0), 2), BOUNCE_EVENT_GUARDED));
    IS("held guard");
    apply(flagged(hard(at(4, 0), 3), BOUNCE_EVENT_GUARDED)); /* a long incident */
    IS("held guard");
    cr_assert_eq(state.until, at(14, 0));
}

Test(guard, held_and_delivered)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    apply(delivery(at(2, 0), 2));
    IS("watched delivered");
    MAY(at(2, 0), YES);
    tick(at(5, 0));
    IS("free nothing");
    apply(hard(at(20, 0), 3));
    IS("paused hard-first"); /* nothing remains of what was held */
}

Test(guard, held_and_the_message_comes_back)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    apply(delivery(at(2, 0), 2));
    apply(hard(at(2, 1), 2));
    IS("held guard");
    apply(hard(at(3, 0), 3));
    IS("suppressed hard-again");
}

Test(guard, held_and_hard_again)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    apply(hard(at(2, 23), 2));
    IS("held guard");
    apply(hard(at(3, 0), 3));
    IS("suppressed hard-again");
}

Test(guard, held_and_no_news)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    tick(at(13, 23));
    IS("held guard");
    tick(at(14, 0));
    IS("watched strikes");
    cr_assert_eq(state.strikes, 1);
    apply(hard(at(30, 0), 2));
    IS("suppressed hard"); /* it is dead after all */
}

Test(guard, held_for_longer_than_a_first_one_counts)
{
    use_policy("held-for 200d");
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    tick(at(100, 0));
    IS("held guard");
    cr_assert_eq(state.first_hard, at(0, 0));
}

Test(guard, a_person_decides)
{
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    apply(mere(BOUNCE_HAPPENED_HELD_ACCEPT, at(1, 0), 0));
    IS("suppressed hard");
    apply(mere(BOUNCE_HAPPENED_HELD_REJECT, at(1, 0), 0));
    IS("suppressed hard"); /* it is not held */

    state = (bounce_address_state){0};
    apply(flagged(hard(at(0, 0), 1), BOUNCE_EVENT_GUARDED));
    apply(mere(BOUNCE_HAPPENED_HELD_REJECT, at(1, 0), 0));
    IS("free released");
    apply(delivery(at(2, 0), 2));
    apply(hard(at(9, 0), 3));
    IS("paused hard-first"); /* no release: the provider was at fault */
}

/* ------------------------------------------------- 14 and 15 December 2020 */

/* For hours on both days, Gmail said "550-5.1.1 The email account that you tried to reach does not exist" to everybody.
 * A sender with 600 addresses there, some of which had never got mail and some of which are really dead, writes to all
 * of them on both days (the hours are made up). The test counts as the ledger does. */
enum { LIST = 600, DEAD = 30, NEW_EACH = 5 };
static bounce_address_state list[LIST];
static int64_t bounced_at[LIST];

static int64_t december(int day, int hour, int minute)
{
    return INT64_C(1606780800) + (int64_t)(day - 1) * DAY + hour * HOUR + minute * 60;
}

static int64_t in_window(int64_t now)
{
    int64_t n = 0;
    for (int i = 0; i < LIST; i++)
        n += bounced_at[i] && bounced_at[i] > now - DAY;
    return n;
}

static void give(int who, bounce_policy_event e)
{
    cr_assert_eq(bounce_policy_apply(policy, &list[who], &e, &decision), BOUNCE_OK);
}

/* One bounce of the incident, as a ledger records it. */
static void incident(int who, int64_t time)
{
    bounced_at[who] = time;
    bounce_policy_event e = hard(time, time);
    bounce_guard counts = provider(in_window(time), 1);
    counts.sent = LIST;
    const bool tripped = trips(counts);
    give(who, tripped ? flagged(e, BOUNCE_EVENT_GUARDED) : e);
    for (int i = 0; tripped && i < LIST; i++)
        if (bounced_at[i])
            give(i, reaches_back(time));
}

static int count_in(bounce_state in_state)
{
    int n = 0;
    for (int i = 0; i < LIST; i++)
        n += list[i].state == (int32_t)in_state;
    return n;
}

static void wave(int day, int hour, int minutes)
{
    memset(list, 0, sizeof list);
    memset(bounced_at, 0, sizeof bounced_at);
    for (int i = 0; i < LIST; i++)
        if (i % NEW_EACH != 0 && i >= DEAD)
            give(i, delivery(december(1, 9, 0), 1));
    for (int i = 0; i < LIST; i++)
        incident(i, december(day, hour, 0) + (int64_t)i * minutes * 60 / LIST);
}

Test(guard, december_2020_nobody_is_lost)
{
    wave(14, 11, 50);
    cr_assert_eq(count_in(BOUNCE_STATE_HELD), LIST);
    /* The second wave hits those that are mailed anyway; the guard is still tripped. */
    for (int i = 0; i < LIST; i++)
        incident(i, december(15, 21, 0) + i);
    cr_assert_eq(count_in(BOUNCE_STATE_HELD), LIST);
    /* Another stream writes to half of them, and they get it. */
    for (int i = DEAD; i < LIST; i += 2)
        give(i, delivery(december(17, 9, 0), 7));
    for (int i = 0; i < LIST; i++)
        bounce_policy_tick(policy, &list[i], december(31, 0, 0), NULL);
    cr_assert_eq(count_in(BOUNCE_STATE_FREE), (LIST - DEAD) / 2);
    cr_assert_eq(count_in(BOUNCE_STATE_WATCHED), (LIST + DEAD) / 2);
    cr_assert_eq(count_in(BOUNCE_STATE_SUPPRESSED), 0);
    for (int i = 0; i < LIST; i++)
        cr_assert_eq(bounce_policy_may(list[i].state, list[i].until, december(31, 0, 0), NULL), BOUNCE_MAY_YES);
    /* In January everybody is written to: the dead ones are found, one by one. */
    for (int i = 0; i < LIST; i++)
        give(i, i < DEAD ? hard(december(45, 9, 0), 8) : delivery(december(45, 9, 0), 8));
    cr_assert_eq(count_in(BOUNCE_STATE_SUPPRESSED), DEAD);
}

Test(guard, december_2020_without_the_guard)
{
    use_policy("guard-addresses never\n");
    wave(14, 11, 50);
    const int lost = count_in(BOUNCE_STATE_SUPPRESSED);
    cr_assert_eq(lost, DEAD + (LIST - DEAD) / NEW_EACH);      /* those who got nothing before */
    cr_assert_eq(count_in(BOUNCE_STATE_PAUSED), LIST - lost); /* the others wait for a week */
}
