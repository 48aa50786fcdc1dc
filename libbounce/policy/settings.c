/* SPDX-License-Identifier: MIT */
/*
 * settings.c - the names in a policy file, and their allowed values; see policy.h.
 *
 * In: names. Out: rows of the tables. data/policy explains each setting next to its default. Refused: nothing; an
 * unknown name has no row.
 */
#include "policy/policy.h"

enum { MINUTE = 60, TEN_YEARS = 3660 * SECONDS_OF_DAY, MANY = 1000000 };

// clang-format off
static const struct setting_info settings[SETTING_COUNT] = {
    [HARD_KNOWN_DELIVERY] = {SPAN("hard-known-delivery"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [HARD_PAUSE] = {SPAN("hard-pause"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [HARD_AGAIN] = {SPAN("hard-again"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [HARD_COUNTS_FOR] = {SPAN("hard-counts-for"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [FULL_RETRIES] = {SPAN("full-retries"), KIND_SPAN, SETTING_VALUES_MAX, MINUTE, TEN_YEARS, false, {0}},
    [STATED_RETRY_AT_MOST] = {SPAN("stated-retry-at-most"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [FULL_PAUSE] = {SPAN("full-pause"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [FULL_PAUSES] = {SPAN("full-pauses"), KIND_NUMBER, 1, 0, MANY, true, {0}},
    [DISABLED_PAUSE] = {SPAN("disabled-pause"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [DISABLED_PAUSES] = {SPAN("disabled-pauses"), KIND_NUMBER, 1, 0, MANY, true, {0}},
    [STRIKES] = {SPAN("strikes"), KIND_NUMBER, 1, 1, BOUNCE_STRIKES, false, {0}},
    [STRIKES_OVER] = {SPAN("strikes-over"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [STRIKES_PAUSE] = {SPAN("strikes-pause"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [STRIKES_PAUSES] = {SPAN("strikes-pauses"), KIND_NUMBER, 1, 0, MANY, true, {0}},
    [SOFT_FADE] = {SPAN("soft-fade"), KIND_SPAN, 1, SECONDS_OF_DAY, TEN_YEARS, false, {0}},
    [DELIVERY_STANDS] = {SPAN("delivery-stands"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [CLOCK_SKEW] = {SPAN("clock-skew"), KIND_SPAN, 1, 0, SECONDS_OF_DAY, false, {0}},
    [DOMAIN_AGAIN] = {SPAN("domain-again"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [DOMAIN_UNREACHABLE] = {SPAN("domain-unreachable"), KIND_NUMBER, 1, 1, BOUNCE_STRIKES, false, {0}},
    [DOMAIN_UNREACHABLE_OVER] = {SPAN("domain-unreachable-over"), KIND_SPAN, 1, 0, TEN_YEARS, false, {0}},
    [DOMAIN_PAUSE] = {SPAN("domain-pause"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [DOMAIN_SUPPRESS_AFTER] = {SPAN("domain-suppress-after"), KIND_SPAN, 1, 0, TEN_YEARS, true, {0}},
    [COMPLAINT_UNVERIFIED] = {SPAN("complaint-unverified"), KIND_WORD, 1, 0, 0, false, {"suppress", "hold", "ignore"}},
    [OWN_DOMAINS] = {SPAN("own-domains"), KIND_WORD, 1, 0, 0, false, {"ignore", "count"}},
    [GUARD_WINDOW] = {SPAN("guard-window"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [GUARD_HISTORY] = {SPAN("guard-history"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [GUARD_ADDRESSES] = {SPAN("guard-addresses"), KIND_NUMBER, 1, 1, MANY, true, {0}},
    [GUARD_RATE] = {SPAN("guard-rate"), KIND_NUMBER, 1, 1, MANY, false, {0}},
    [GUARD_OF_SENT] = {SPAN("guard-of-sent"), KIND_PERCENT, 1, 0, 100, false, {0}},
    [GUARD_HISTORY_LEAST] = {SPAN("guard-history-least"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
    [GUARD_OF_OUTCOMES] = {SPAN("guard-of-outcomes"), KIND_PERCENT, 1, 0, 100, false, {0}},
    [GUARD_MESSAGE] = {SPAN("guard-message"), KIND_NUMBER, 1, 1, MANY, true, {0}},
    [GUARD_OF_RECIPIENTS] = {SPAN("guard-of-recipients"), KIND_PERCENT, 1, 0, 100, false, {0}},
    [GUARD_REPORT] = {SPAN("guard-report"), KIND_NUMBER, 1, 0, MANY, true, {0}},
    [GUARD_REPORTER] = {SPAN("guard-reporter"), KIND_NUMBER, 1, 0, MANY, true, {0}},
    [HELD_FOR] = {SPAN("held-for"), KIND_SPAN, 1, MINUTE, TEN_YEARS, false, {0}},
};

static const struct span treatments[TREAT_COUNT] = {
    [TREAT_NOTHING] = SPAN("nothing"),         [TREAT_DEAD] = SPAN("dead"),
    [TREAT_FULL] = SPAN("full"),               [TREAT_DISABLED] = SPAN("disabled"),
    [TREAT_STRIKE] = SPAN("strike"),           [TREAT_REFUSED] = SPAN("refused"),
    [TREAT_HOLD] = SPAN("hold"),               [TREAT_DOMAIN] = SPAN("domain"),
    [TREAT_UNREACHABLE] = SPAN("unreachable"), [TREAT_SERVICE] = SPAN("service"),
    [TREAT_COMPLAINT] = SPAN("complaint"),     [TREAT_UNSUBSCRIPTION] = SPAN("unsubscription"),
};
// clang-format on

const struct setting_info *setting_info(enum setting s)
{
    return &settings[s];
}

static bool same(struct span a, struct span b)
{
    return a.n == b.n && memcmp(a.s, b.s, a.n) == 0;
}

enum setting setting_by_name(struct span name)
{
    size_t i = 0;
    while (i < SETTING_COUNT && !same(settings[i].name, name))
        i++;
    return (enum setting)i;
}

enum treatment treatment_by_name(struct span name)
{
    size_t i = 0;
    while (i < TREAT_COUNT && !same(treatments[i], name))
        i++;
    return (enum treatment)i;
}

const char *treatment_name(enum treatment t)
{
    return treatments[t].s;
}
