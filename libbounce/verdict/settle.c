/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what follows from a verdict: who decided, how long it was tried,
 * and what the sender should do.
 */
#include "verdict/settle.h"
#include "mail/date.h"
#include "smtp/reasons.h"
#include "verdict/verdict.h"

#include <string.h>

static const uint32_t full_retries_s[] = {24 * 3600, 48 * 3600, 72 * 3600, 7 * 24 * 3600};
static const uint32_t recipient_rate_retries_s[] = {6 * 3600};

/* "null MX", "(nullMX)"; the name of a host, "MX1.example.net", is none. */
static bool names_mx(const char *diagnostic)
{
    for (const char *at = diagnostic; at && (at = strstr(at, "MX")); at += 2)
        if (!ascii_is_alnum(at[2]) && at[2] != '-' && !(at[2] == '.' && ascii_is_alnum(at[3])))
            return true;
    return false;
}

/* Failures that the reporting server finds by itself, whatever code it prints. */
static bool is_own_finding(const struct bounce_recipient *to)
{
    switch (to->reason) {
    case BOUNCE_REASON_EXPIRED:
    case BOUNCE_REASON_NETWORK_ERROR:
    case BOUNCE_REASON_DNS_ERROR:
    case BOUNCE_REASON_MAILER_ERROR:
    case BOUNCE_REASON_SUPPRESSED: return true;
    case BOUNCE_REASON_NO_SUCH_DOMAIN: return !to->remote_said;
    case BOUNCE_REASON_ROUTING_LOOP: return !to->has_remote_reply;
    case BOUNCE_REASON_NO_MAIL_SERVICE: /* a null MX is seen in the DNS, not heard from a server */
        return !to->has_remote_reply || names_mx(to->diagnostic);
    default: return false;
    }
}

static bounce_decided_by who_decided(const struct bounce_recipient *to)
{
    if (to->action != BOUNCE_ACTION_FAILED)
        return BOUNCE_DECIDED_BY_NOBODY;
    if (to->stated_decided_by)
        return to->stated_decided_by;
    if (to->reply_code >= 500 && to->has_remote_reply && !is_own_finding(to))
        return BOUNCE_DECIDED_BY_REMOTE;
    return BOUNCE_DECIDED_BY_REPORTER;
}

static void add_advice(struct bounce_recipient *to, bounce_advice advice)
{
    if (to->advice_count < sizeof to->advice / sizeof *to->advice)
        to->advice[to->advice_count++] = advice;
}

static bool rule_is(const struct bounce_recipient *to, const char *word)
{
    return to->evidence.rule && strstr(to->evidence.rule, word);
}

/* Never suppress where others of the alias were served, or where the feedback
 * was no complaint of the recipient. */
static bool may_suppress(const struct bounce_report *r, const struct bounce_recipient *to)
{
    if (to->partial)
        return false;
    const char *type = r->strings[BOUNCE_REPORT_FEEDBACK_TYPE];
    bool complained = !type || (strcmp(type, "not-spam") && strcmp(type, "auth-failure"));
    return to->action != BOUNCE_ACTION_COMPLAINT || complained;
}

/* X.2.1 beside a rate: the limit is the mailbox's own. "Too many recipients
 * this hour" is a limit of the sender. */
static bool concerns_mailbox(const struct bounce_recipient *to)
{
    return rule_is(to, "recipient-limit") || (to->stated_status && !strncmp(to->stated_status + 1, ".2.", 3));
}

static void set_schedule(struct bounce_recipient *to)
{
    if (to->reason == BOUNCE_REASON_MAILBOX_FULL || to->reason == BOUNCE_REASON_SYSTEM_FULL) {
        to->retry_after_s = full_retries_s;
        to->retry_count = sizeof full_retries_s / sizeof *full_retries_s;
        to->advice_then = "pause";
    } else if (to->reason == BOUNCE_REASON_RATE_LIMITED && concerns_mailbox(to)) {
        to->group = BOUNCE_GROUP_RECIPIENT;
        to->retry_after_s = recipient_rate_retries_s;
        to->retry_count = 1;
    }
}

static void advise(struct bounce_report *r, struct bounce_recipient *to)
{
    const struct reason_info *info = reason_info(to->reason);
    to->advice_text = info->advice_text;
    set_schedule(to);
    /* Mail clients' own connection errors: they speak to port 25 or a wrong port. */
    if (to->reason == BOUNCE_REASON_NETWORK_ERROR && rule_is(to, "client")) {
        add_advice(to, BOUNCE_ADVICE_FIX_CONFIG);
        add_advice(to, BOUNCE_ADVICE_RETRY);
        to->advice_text = "The mail client could not connect. Submit on port 587 with a login, then try again.";
        return;
    }
    if (to->action == BOUNCE_ACTION_DELAYED) {
        add_advice(to, BOUNCE_ADVICE_NONE);
        to->advice_text = "The reporting server still tries. Nothing to do yet.";
        return;
    }
    if (info->type == BOUNCE_TYPE_HARD && to->type == BOUNCE_TYPE_SOFT) {
        add_advice(to, BOUNCE_ADVICE_RETRY);
        to->advice_text = "The server says so only for now. Try again later before you remove the address.";
        return;
    }
    for (size_t i = 0; i < sizeof info->advice / sizeof *info->advice; i++) {
        bounce_advice a = info->advice[i];
        if (a == BOUNCE_ADVICE_NONE && i)
            break;
        if (a == BOUNCE_ADVICE_SUPPRESS && !may_suppress(r, to)) {
            to->advice_text = to->partial ? "Other targets of the same address were served. Do not remove it."
                                          : "This is no complaint of the recipient. Do not remove the address.";
            a = BOUNCE_ADVICE_NONE;
        }
        add_advice(to, a);
    }
    if (to->reason == BOUNCE_REASON_SYSTEM_FULL)
        add_advice(to, BOUNCE_ADVICE_CONTACT_RECIPIENT);
}

void settle_recipient(struct bounce_report *r, struct bounce_recipient *to)
{
    to->decided_by = who_decided(to);
    int64_t until = to->last_attempt != INT64_MIN ? to->last_attempt : r->date;
    bool ended = to->action == BOUNCE_ACTION_FAILED || to->action == BOUNCE_ACTION_DELAYED;
    if (ended && r->arrival != INT64_MIN && until != INT64_MIN && until >= r->arrival)
        to->queued_for_s = until - r->arrival;
    if (to->last_attempt != INT64_MIN)
        to->last_attempt_text = date_format(&r->arena, to->last_attempt);
    if (to->will_retry_until != INT64_MIN)
        to->will_retry_until_text = date_format(&r->arena, to->will_retry_until);
    advise(r, to);
}
