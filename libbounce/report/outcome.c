/* SPDX-License-Identifier: MIT */
/*
 * outcome.c - when it happened, and whether a delivery reached the recipient's own server.
 *
 * In: a report, and one of its recipients. Out: the time of the last attempt, else that of the line, event or report,
 * else when the message came; final: false where the mail was only handed over (relayed, expanded), or to a host of a
 * filter or sending service of data/providers.tsv. Nothing is refused.
 */
#include "report/outcome.h"

#include "match/known.h"

#include <string.h>

const char *const outcome_passes_on[] = {
    "amazon-ses",   "appriver", "barracuda",   "cisco",     "forcepoint",  "fortinet", "hornetsecurity",
    "mailchannels", "mailgun",  "mailinblack", "mailroute", "mcafee",      "mimecast", "postmark",
    "proofpoint",   "retarus",  "sendgrid",    "sophos",    "spamexperts", "spamhero", "sparkpost",
    "symantec",     "trellix",  "trend-micro", "vade",      "zerospam",    NULL};

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
    const char *provider = host ? known_provider_of_host(span_z(host)) : NULL;
    for (size_t i = 0; provider && outcome_passes_on[i]; i++)
        if (strcmp(provider, outcome_passes_on[i]) == 0)
            return FACT_FALSE;
    return FACT_TRUE;
}
