/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what follows from a verdict: who decided, how long it was tried,
 * and what the sender should do.
 */
#include "verdict/settle.h"
#include "mail/date.h"
#include "smtp/reasons.h"
#include "verdict/doubt.h"
#include "verdict/queue.h"

#include <string.h>

static const uint32_t full_retries_s[] = {24 * 3600, 48 * 3600, 72 * 3600, 7 * 24 * 3600};
static const uint32_t recipient_rate_retries_s[] = {6 * 3600};

/* "null MX", "(nullMX)"; a host name, "MX1.example.net", does not count. */
static bool names_mx(const char *diagnostic)
{
    for (const char *at = diagnostic; at && (at = strstr(at, "MX")); at += 2)
        if (!ascii_is_alnum(at[2]) && at[2] != '-' && !(at[2] == '.' && ascii_is_alnum(at[3])))
            return true;
    return false;
}

/* Failures that the reporting server finds by itself, whatever code it prints. */
static bool is_own_finding(const struct facts *facts, const struct verdict *v)
{
    switch (v->reason) {
    case BOUNCE_REASON_EXPIRED:
    case BOUNCE_REASON_NETWORK_ERROR:
    case BOUNCE_REASON_DNS_ERROR:
    case BOUNCE_REASON_MAILER_ERROR:
    case BOUNCE_REASON_SUPPRESSED: return true;
    case BOUNCE_REASON_NO_SUCH_DOMAIN: return !facts->remote_said;
    case BOUNCE_REASON_ROUTING_LOOP: return !facts->has_remote_reply;
    case BOUNCE_REASON_NO_MAIL_SERVICE: /* a null MX is seen in the DNS, not heard from a server */
        return !facts->has_remote_reply || names_mx(facts->diagnostic);
    default: return false;
    }
}

static bounce_decided_by who_decided(const struct facts *facts, const struct verdict *v)
{
    if (facts->action != BOUNCE_ACTION_FAILED)
        return BOUNCE_DECIDED_BY_NOBODY;
    if (facts->stated_decided_by)
        return facts->stated_decided_by;
    if (facts->reply_code >= 500 && facts->has_remote_reply && !is_own_finding(facts, v))
        return BOUNCE_DECIDED_BY_REMOTE;
    return BOUNCE_DECIDED_BY_REPORTER;
}

static void add_advice(struct verdict *v, bounce_advice advice)
{
    if (v->advice_count < COUNT(v->advice))
        v->advice[v->advice_count++] = advice;
}

/* Never suppress if other targets of the alias were served, or if the feedback
 * was not a complaint by the recipient. */
static bool may_suppress(const struct bounce_report *r, const struct facts *facts)
{
    if (facts->partial)
        return false;
    const char *type = r->strings[BOUNCE_REPORT_FEEDBACK_TYPE];
    bool complained = !type || (strcmp(type, "not-spam") != 0 && strcmp(type, "auth-failure") != 0);
    return facts->action != BOUNCE_ACTION_COMPLAINT || complained;
}

/* X.2.1 with a rate limit: it is the mailbox's own, unless the reply is about the sender. "Too many recipients
 * this hour" is a limit of the sender. */
static bool concerns_mailbox(const struct verdict *v)
{
    return v->evidence.implies == IMPLIES_RECIPIENT_LIMIT ||
           (!v->of_sender && v->stated_status && !strncmp(v->stated_status + 1, ".2.", 3));
}

static void set_schedule(struct verdict *v)
{
    if (v->reason == BOUNCE_REASON_MAILBOX_FULL || v->reason == BOUNCE_REASON_SYSTEM_FULL) {
        v->retry_after_s = full_retries_s;
        v->retry_count = COUNT(full_retries_s);
        v->advice_then = "pause";
    } else if (v->reason == BOUNCE_REASON_RATE_LIMITED && concerns_mailbox(v)) {
        v->group = BOUNCE_GROUP_RECIPIENT;
        v->retry_after_s = recipient_rate_retries_s;
        v->retry_count = 1;
    }
}

/* A server that reports keeps trying by itself; after a reply, it is up to the client to try again. */
static bool still_tried(const struct bounce_report *r, const struct facts *facts)
{
    return facts->action == BOUNCE_ACTION_DELAYED && r->kind != BOUNCE_KIND_REPLY;
}

static void advise(const struct bounce_report *r, const struct facts *facts, struct verdict *v)
{
    const struct reason_info *info = reason_info(v->reason);
    v->advice_text = info->advice_text;
    set_schedule(v);
    /* Mail clients' own connection errors: they connect to port 25 or a wrong port. */
    if (v->reason == BOUNCE_REASON_NETWORK_ERROR && v->evidence.implies == IMPLIES_MAIL_CLIENT) {
        add_advice(v, BOUNCE_ADVICE_FIX_CONFIG);
        add_advice(v, BOUNCE_ADVICE_RETRY);
        v->advice_text = "The mail client could not connect. Submit on port 587 with a login, then try again.";
        return;
    }
    if (still_tried(r, facts)) {
        add_advice(v, v->retry_count ? BOUNCE_ADVICE_RETRY : BOUNCE_ADVICE_NONE);
        v->advice_text = v->retry_count ? "The reporting server still tries. If it gives up, try again later."
                                        : "The reporting server still tries. Nothing to do yet.";
        return;
    }
    if (info->type == BOUNCE_TYPE_HARD && v->type == BOUNCE_TYPE_SOFT) {
        add_advice(v, BOUNCE_ADVICE_RETRY);
        v->advice_text = v->undecided && v->permanent
                             ? "Not all rules could be tried on this text, see the warning. Read it before you "
                               "remove the address."
                             : "The server says so only for now. Try again later before you remove the address.";
        return;
    }
    for (size_t i = 0; i < COUNT(info->advice); i++) {
        bounce_advice a = info->advice[i];
        if (a == BOUNCE_ADVICE_NONE && i)
            break;
        if (a == BOUNCE_ADVICE_SUPPRESS && !may_suppress(r, facts)) {
            v->advice_text = facts->partial ? "Other targets of the same address were served. Do not remove it."
                                            : "This is not a complaint by the recipient. Do not remove the address.";
            a = BOUNCE_ADVICE_NONE;
        }
        add_advice(v, a);
    }
    if (v->reason == BOUNCE_REASON_SYSTEM_FULL)
        add_advice(v, BOUNCE_ADVICE_CONTACT_RECIPIENT);
}

/* What the server says takes precedence over the proposed schedule. */
static void take_stated_retry(struct arena *a, struct verdict *v)
{
    uint32_t *all = arena_alloc(a, (v->retry_count + 1) * sizeof *all);
    all[0] = (uint32_t)v->told->retry_s;
    if (v->retry_count)
        memcpy(all + 1, v->retry_after_s, v->retry_count * sizeof *all);
    v->retry_after_s = all;
    v->retry_count++;
}

void settle_recipient(const struct judge *j, const struct facts *facts, struct verdict *v)
{
    struct bounce_report *r = j->report;
    v->decided_by = who_decided(facts, v);
    int64_t until = facts->last_attempt != INT64_MIN ? facts->last_attempt : r->date;
    bool ended = facts->action == BOUNCE_ACTION_FAILED || facts->action == BOUNCE_ACTION_DELAYED;
    if (ended && r->arrival != INT64_MIN && until != INT64_MIN && until >= r->arrival)
        v->queued_for_s = until - r->arrival;
    if (facts->last_attempt != INT64_MIN && facts->last_attempt == r->date && r->strings[BOUNCE_REPORT_DATE])
        v->last_attempt_text = r->strings[BOUNCE_REPORT_DATE];
    else if (facts->last_attempt != INT64_MIN)
        v->last_attempt_text = date_format(&r->arena, facts->last_attempt);
    if (facts->will_retry_until != INT64_MIN)
        v->will_retry_until_text = date_format(&r->arena, facts->will_retry_until);
    advise(r, facts, v);
    bool tries = !still_tried(r, facts);
    if (ended && tries && v->told && v->told->retry_s)
        take_stated_retry(&r->arena, v);
    if (tries)
        queue_advise(v);
    doubt_advice(j->words, r, v);
}
