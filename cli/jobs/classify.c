/* SPDX-License-Identifier: MIT */
/*
 * classify.c - mails or replies classified one by one, by this process.
 *
 * In: the bytes of a mail or an SMTP reply, from whatever input. Out: its
 * result, rendered. Nothing is refused: what is not a bounce has a result too.
 */
#include "jobs/classify.h"

#include "output/complain.h"

void classify(struct classifier *c, const void *bytes, size_t length, const bounce_source *source)
{
    bounce_report *report;
    bounce_status status = c->context ? bounce_parse_reply(c->parser, bytes, length, c->context, &report, NULL)
                                      : bounce_parse(c->parser, bytes, length, &report, NULL);
    if (status != BOUNCE_OK)
        return;
    render_report(&c->renderer, report, source);
    bounce_report_free(report);
}

/* Whether nothing is told but that the message arrived. */
static bool is_delivery(const bounce_report *report)
{
    const size_t count = bounce_report_recipients(report);
    for (size_t i = 0; i < count; i++)
        if (bounce_recipient_action(bounce_report_recipient(report, i)) != BOUNCE_ACTION_DELIVERED)
            return false;
    return count > 0;
}

void classify_event(struct classifier *c, bounce_report *report, const bounce_source *source)
{
    if (c->delivered || !is_delivery(report))
        render_report(&c->renderer, report, source);
    else
        c->renderer.totals.messages++;
    bounce_report_free(report);
}

void classify_unreadable(struct classifier *c, const char *subject, const char *message)
{
    complain(subject, message);
    c->renderer.totals.unreadable++;
}
