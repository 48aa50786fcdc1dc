/* SPDX-License-Identifier: MIT */
/* test_outcome.c - when it happened, and whether a delivery reached the recipient's own server. */
#include "report/outcome.h"

#include <criterion/criterion.h>

Test(outcome, time)
{
    struct bounce_report r = {.kind = BOUNCE_KIND_DSN};
    struct bounce_recipient to = {.facts = {.action = BOUNCE_ACTION_FAILED}};
    cr_assert_null(outcome_time(&r, &to));
    r.strings[BOUNCE_REPORT_ARRIVAL_DATE] = "2026-01-30T00:00:00Z";
    cr_assert_str_eq(outcome_time(&r, &to), "2026-01-30T00:00:00Z");
    r.strings[BOUNCE_REPORT_DATE] = "2026-01-31T00:00:00Z";
    cr_assert_str_eq(outcome_time(&r, &to), "2026-01-31T00:00:00Z");
    to.verdict.last_attempt_text = "2026-01-30T12:00:00Z";
    cr_assert_str_eq(outcome_time(&r, &to), "2026-01-30T12:00:00Z");
}

Test(outcome, final)
{
    static const struct {
        bounce_action action;
        const char *remote, *reporter;
        enum tristate want;
    } rows[] = {{BOUNCE_ACTION_FAILED, "mx.example.net", NULL, FACT_UNKNOWN},
                {BOUNCE_ACTION_RELAYED, "mx.example.net", NULL, FACT_FALSE},
                {BOUNCE_ACTION_EXPANDED, NULL, "mx.example.net", FACT_FALSE},
                {BOUNCE_ACTION_DELIVERED, NULL, NULL, FACT_TRUE},
                {BOUNCE_ACTION_DELIVERED, "mx.example.net", "mx0a-1.pphosted.com", FACT_TRUE},
                {BOUNCE_ACTION_DELIVERED, "gmail-smtp-in.l.google.com", NULL, FACT_TRUE},
                {BOUNCE_ACTION_DELIVERED, "mx0a-1.pphosted.com", NULL, FACT_FALSE},
                {BOUNCE_ACTION_DELIVERED, NULL, "eu-smtp-inbound-1.mimecast.com", FACT_FALSE}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bounce_report r = {.kind = BOUNCE_KIND_DSN};
        struct bounce_recipient to = {.facts = {.action = rows[i].action, .remote_mta = rows[i].remote}};
        r.strings[BOUNCE_REPORT_REPORTING_MTA] = rows[i].reporter;
        cr_expect_eq(outcome_final(&r, &to), rows[i].want, "row %zu", i);
    }
}
