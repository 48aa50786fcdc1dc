/* SPDX-License-Identifier: MIT */
/*
 * outcome.c - when it happened, and whether a delivery reached the recipient's own server.
 *
 * In: a report, and one of its recipients. Out: the time of the last attempt, else that of the line, event or report,
 * else when the message came; final: false where the mail was only passed on (relayed, expanded), or went to a host
 * that passes mail on according to data/providers.tsv. Nothing is refused.
 */
#include "report/outcome.h"

#include "match/known.h"

const char *outcome_time(const struct bounce_report *report, const struct bounce_recipient *recipient)
{
    if (recipient->verdict.last_attempt_text)
        return recipient->verdict.last_attempt_text;
    const char *date = report->strings[BOUNCE_REPORT_DATE];
    return date ? date : report->strings[BOUNCE_REPORT_ARRIVAL_DATE];
}

enum tristate outcome_final(const struct bounce_report *report, const struct bounce_recipient *recipient)
{
    const bounce_action action = recipient->facts.action;
    if (action == BOUNCE_ACTION_RELAYED || action == BOUNCE_ACTION_EXPANDED)
        return FACT_FALSE;
    if (action != BOUNCE_ACTION_DELIVERED)
        return FACT_UNKNOWN;
    const char *host =
        recipient->facts.remote_mta ? recipient->facts.remote_mta : report->strings[BOUNCE_REPORT_REPORTING_MTA];
    const struct known_provider *provider = host ? known_provider_of_host(span_z(host)) : NULL;
    return provider && provider->passes_on ? FACT_FALSE : FACT_TRUE;
}
