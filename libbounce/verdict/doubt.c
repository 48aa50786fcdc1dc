/* SPDX-License-Identifier: MIT */
/*
 * doubt.c - see doubt.h.
 *
 * In: what was found out about a report (report->trust), and the advice that follows from what
 * it says. Out: that advice, withheld or with a remark. Reason and type stay: they are what the
 * report says.
 */
#include "verdict/doubt.h"

#include <string.h>

#include "mail/address_list.h"
#include "mail/domain.h"

enum { MANY_RECIPIENTS = 20 }; /* your own message rarely has more; a forgery can name them all */

static const char backscatter[] =
    "Backscatter: this report is about a message that you did not send. Do not remove the address.";
static const char many[] = "Unverified: the report names many addresses, and nothing shows that you sent the message.";
static const char no_proof[] = "Unverified: nothing shows that you sent the message.";
static const char stranger[] = "Unverified: the reporter is not known, and nothing shows that you sent the message.";

static bool is_stranger(const struct word_lists *words, const struct bounce_report *r)
{
    const char *from = r->strings[BOUNCE_REPORT_FROM];
    struct span address;
    size_t at = 0;
    if (r->trust.reporter_related == FACT_TRUE)
        return false;
    if (!from || !address_list_next(span_z(from), &at, &address))
        return true;
    if (r->trust.auth && r->trust.auth->dmarc &&
        strcmp(r->trust.auth->dmarc, "fail") == 0) /* whoever sent it, not the one it names */
        return true;
    return !word_alone(words->of[WORDS_REPORTER], domain_organisation(domain_of_address(address)));
}

/* Many recipients of one report get the same advice: it is put together once. */
static void add_remark(struct bounce_report *r, struct verdict *v, const char *remark)
{
    if (!v->advice_text) {
        v->advice_text = remark;
        return;
    }
    if (r->remarked != v->advice_text) {
        r->remarked = v->advice_text;
        r->with_remark = arena_printf(&r->arena, "%s %s", v->advice_text, remark);
    }
    v->advice_text = r->with_remark;
}

static bool suppresses(const struct verdict *v)
{
    for (size_t i = 0; i < v->advice_count; i++)
        if (v->advice[i] == BOUNCE_ADVICE_SUPPRESS)
            return true;
    return false;
}

/* What to say about a report that nobody can vouch for; NULL: nothing. */
static const char *remark_on(const struct word_lists *words, const struct bounce_report *r, const struct verdict *v)
{
    if (r->recipient_count > MANY_RECIPIENTS)
        return many;
    if (r->kind == BOUNCE_KIND_ARF && is_stranger(words, r))
        return stranger;
    return r->trust.signs_mail && suppresses(v) ? no_proof : NULL;
}

void doubt_advice(const struct word_lists *words, struct bounce_report *r, struct verdict *v)
{
    if (r->trust.sent == BOUNCE_SENT_NO) {
        v->advice_count = v->retry_count = 0;
        v->advice_then = v->mend = NULL;
        v->queue = BOUNCE_QUEUE_NONE;
        v->advice_text = backscatter;
    } else if (r->trust.sent == BOUNCE_SENT_UNKNOWN) {
        const char *remark = remark_on(words, r, v);
        if (remark)
            add_remark(r, v, remark);
    }
}
