/* SPDX-License-Identifier: MIT */
/*
 * event.c - a recipient of a report as an event of the policy.
 *
 * In: a report, by the names of bounce.h. Out: an event. What the report does not state is not filled in; a time in the
 * future becomes the present.
 */
#include "mail/date.h"
#include "policy/policy.h"
#include "report/outcome.h"

/* Whether the reporter is authenticated: a mail that passed a check for the recipient's domain or yours, or a report
 * that did not come by mail. */
static bool is_trusted(const bounce_report *report)
{
    static const bounce_trust_field checks[] = {BOUNCE_TRUST_DMARC, BOUNCE_TRUST_DKIM, BOUNCE_TRUST_SPF};
    const bounce_kind kind = bounce_report_kind(report);
    bool related = false;
    if (kind == BOUNCE_KIND_LOG || kind == BOUNCE_KIND_EVENT || kind == BOUNCE_KIND_REPLY)
        return true;
    if (!bounce_report_reporter_related(report, &related) || !related)
        return false;
    for (size_t i = 0; i < COUNT(checks); i++) {
        const char *result = bounce_report_trust(report, checks[i]);
        if (result && strcmp(result, "pass") == 0)
            return true;
    }
    return false;
}

static bounce_happened feedback(const bounce_report *report)
{
    static const struct {
        const char *type;
        bounce_happened happened;
    } types[] = {{"not-spam", BOUNCE_HAPPENED_NOT_SPAM},
                 {"auth-failure", BOUNCE_HAPPENED_NOTHING},
                 {"opt-out", BOUNCE_HAPPENED_UNSUBSCRIPTION},
                 {"opt-out-list", BOUNCE_HAPPENED_UNSUBSCRIPTION}};
    const struct span type = span_z(bounce_report_string(report, BOUNCE_REPORT_FEEDBACK_TYPE));
    for (size_t i = 0; i < COUNT(types); i++)
        if (span_equal_nocase(type, types[i].type))
            return types[i].happened;
    return BOUNCE_HAPPENED_COMPLAINT;
}

static bounce_happened happened(const bounce_report *report, const bounce_recipient *recipient)
{
    const bounce_kind kind = bounce_report_kind(report);
    if (kind == BOUNCE_KIND_AUTO_REPLY || kind == BOUNCE_KIND_CHALLENGE || kind == BOUNCE_KIND_MDN)
        return BOUNCE_HAPPENED_NOTHING;
    switch (bounce_recipient_action(recipient)) {
    case BOUNCE_ACTION_FAILED: return BOUNCE_HAPPENED_BOUNCE;
    case BOUNCE_ACTION_DELAYED: return BOUNCE_HAPPENED_DELAY;
    case BOUNCE_ACTION_DELIVERED:
    case BOUNCE_ACTION_RELAYED:
    case BOUNCE_ACTION_EXPANDED: return BOUNCE_HAPPENED_DELIVERY;
    case BOUNCE_ACTION_COMPLAINT: return feedback(report);
    default: return BOUNCE_HAPPENED_NOTHING;
    }
}

static uint32_t flags(const bounce_report *report, const bounce_recipient *recipient)
{
    const bounce_action action = bounce_recipient_action(recipient);
    uint32_t flags = 0;
    if (bounce_recipient_permanent(recipient))
        flags |= BOUNCE_EVENT_PERMANENT;
    if (outcome_final(report, recipient) == FACT_TRUE)
        flags |= BOUNCE_EVENT_FINAL;
    if (action == BOUNCE_ACTION_COMPLAINT && bounce_report_recipients(report) > 1)
        flags |= BOUNCE_EVENT_CANDIDATE;
    if (is_trusted(report))
        flags |= BOUNCE_EVENT_TRUSTED;
    if (bounce_report_inbound(report))
        flags |= BOUNCE_EVENT_INBOUND;
    if (bounce_recipient_partial(recipient))
        flags |= BOUNCE_EVENT_PARTIAL;
    return flags;
}

static int64_t time_of(const bounce_report *report, const bounce_recipient *recipient, int64_t now)
{
    const char *texts[] = {bounce_recipient_string(recipient, BOUNCE_RECIPIENT_LAST_ATTEMPT),
                           bounce_report_string(report, BOUNCE_REPORT_DATE),
                           bounce_report_string(report, BOUNCE_REPORT_ARRIVAL_DATE)};
    int64_t time = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (texts[i] && date_parse(span_z(texts[i]), &time) && time > 0 && time <= now)
            return time;
    return now;
}

static int64_t message_of(const bounce_report *report)
{
    const int64_t key = bounce_message_key(bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID));
    return key ? key : bounce_message_key(bounce_report_string(report, BOUNCE_REPORT_SERVICE_ID));
}

bounce_status bounce_policy_event_from(const bounce_report *report, size_t index, int64_t now,
                                       bounce_policy_event *event)
{
    const bounce_recipient *recipient = report ? bounce_report_recipient(report, index) : NULL;
    if (event)
        *event = (bounce_policy_event){0};
    if (!recipient || !event)
        return BOUNCE_ERROR_ARGUMENT;
    bounce_reason cause = BOUNCE_REASON_UNKNOWN;
    uint64_t retry = 0;
    bounce_recipient_cause(recipient, &cause);
    event->happened = (int32_t)happened(report, recipient);
    event->type = (int32_t)bounce_recipient_type(recipient);
    event->reason = (int32_t)bounce_recipient_reason(recipient);
    event->cause = (int32_t)cause;
    event->sent = (int32_t)bounce_report_sent(report);
    event->flags = flags(report, recipient);
    event->time = time_of(report, recipient, now);
    event->message = message_of(report);
    if (bounce_recipient_number(recipient, BOUNCE_RECIPIENT_RETRY_STATED_S, &retry) && retry < SECONDS_OF_DAY * 3660)
        event->retry_at = event->time + (int64_t)retry;
    return BOUNCE_OK;
}
