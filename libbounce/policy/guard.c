/* SPDX-License-Identifier: MIT */
/*
 * guard.c - whether this many bounces at once say anything about the addresses.
 *
 * In: policy, and what the caller counted. Out: whether the guard trips, and why or why not, in words. Refused: unknown
 * questions. A count of 0 means not counted, and is ignored.
 */
#include <stdarg.h>
#include <stdio.h>

#include "policy/policy.h"

__attribute__((format(printf, 3, 4))) static bool answer_with(struct bounce_guard_answer *a, bool tripped,
                                                              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->why, sizeof a->why, format, arguments);
    va_end(arguments);
    return a->tripped = tripped;
}

/* Clamps a count, so that nothing overflows; real counts are far smaller. */
static int64_t sane(int64_t count)
{
    const int64_t most = (int64_t)1 << 40;
    return count < 0 ? 0 : count > most ? most : count;
}

static bool is_share(int64_t part, int64_t whole, int64_t percent)
{
    return sane(part) * 100 >= sane(whole) * percent;
}

/* Below the number that trips, or there is no such number. */
static bool too_few(const struct bounce_policy *p, enum setting s, int64_t count)
{
    const int64_t least = policy_value(p, s);
    return least == SETTING_NEVER || count < least;
}

/* Whether the window has that many times the average number before it. */
static bool is_above_rate(const struct bounce_policy *p, const struct bounce_guard *g)
{
    const double before = (double)sane(g->before) * (double)policy_value(p, GUARD_WINDOW) / (double)g->before_s;
    return (double)sane(g->addresses) >= before * (double)policy_value(p, GUARD_RATE);
}

static bool ask_provider(const struct bounce_policy *p, const struct bounce_guard *g, struct bounce_guard_answer *a)
{
    const long long n = g->addresses;
    if (too_few(p, GUARD_ADDRESSES, g->addresses))
        return answer_with(a, false, "%lld addresses in the window are few", n);
    if (g->before_s < policy_value(p, GUARD_HISTORY_LEAST)) {
        if (g->outcomes > 0 && !is_share(g->addresses, g->outcomes, policy_value(p, GUARD_OF_OUTCOMES)))
            return answer_with(a, false, "%lld addresses are a small part of %lld outcomes", n, (long long)g->outcomes);
    } else if (!is_above_rate(p, g)) {
        return answer_with(a, false, "%lld addresses are no more than usual at this provider", n);
    }
    if (g->sent > 0 && !is_share(g->addresses, g->sent, policy_value(p, GUARD_OF_SENT)))
        return answer_with(a, false, "%lld addresses are a small part of %lld mails", n, (long long)g->sent);
    return answer_with(a, true, "%lld addresses of one provider in the window, far more than before", n);
}

static bool ask_message(const struct bounce_policy *p, const struct bounce_guard *g, struct bounce_guard_answer *a)
{
    const long long n = g->addresses;
    if (too_few(p, GUARD_MESSAGE, g->addresses))
        return answer_with(a, false, "%lld addresses of one message are few", n);
    if (g->recipients <= 0)
        return answer_with(a, false, "it is not known to how many the message was sent");
    if (!is_share(g->addresses, g->recipients, policy_value(p, GUARD_OF_RECIPIENTS)))
        return answer_with(a, false, "%lld addresses are a small part of %lld recipients", n, (long long)g->recipients);
    return answer_with(a, true, "%lld of %lld recipients of one message", n, (long long)g->recipients);
}

/* More than a number, without proof. */
static bool ask_number(const struct bounce_policy *p, enum setting s, const struct bounce_guard *g, const char *what,
                       struct bounce_guard_answer *a)
{
    const int64_t most = policy_value(p, s);
    const bool tripped = most != SETTING_NEVER && g->addresses > most;
    return answer_with(a, tripped, "%lld %s", (long long)g->addresses, what);
}

bounce_status bounce_policy_guard(const bounce_policy *policy, const bounce_guard *counts, bounce_guard_answer *answer)
{
    if (answer)
        *answer = (bounce_guard_answer){0};
    if (!policy || !counts || !answer)
        return BOUNCE_ERROR_ARGUMENT;
    switch ((bounce_guard_question)counts->question) {
    case BOUNCE_GUARD_PROVIDER: ask_provider(policy, counts, answer); return BOUNCE_OK;
    case BOUNCE_GUARD_MESSAGE: ask_message(policy, counts, answer); return BOUNCE_OK;
    case BOUNCE_GUARD_REPORT:
        ask_number(policy, GUARD_REPORT, counts, "addresses in one report, without proof", answer);
        return BOUNCE_OK;
    case BOUNCE_GUARD_REPORTER:
        ask_number(policy, GUARD_REPORTER, counts, "complaints of one reporter, without proof", answer);
        return BOUNCE_OK;
    }
    return BOUNCE_ERROR_ARGUMENT;
}
