/* SPDX-License-Identifier: MIT */
/*
 * classify.c - mails, replies or log entries classified one by one, by this process.
 *
 * In: the bytes of a mail, an SMTP reply or a log entry, from any input. Out: its result, rendered. Nothing is refused:
 * what is not a bounce also has a result. If memory runs out for a message, that is reported, and it has none.
 */
#include "jobs/classify.h"

#include <stdio.h>

#include "output/complain.h"

void classify(struct classifier *c, const void *bytes, size_t length, const bounce_source *source)
{
    bounce_report *report;
    bounce_status status = c->context ? bounce_parse_reply(c->parser, bytes, length, c->context, &report, NULL)
                           : c->log   ? bounce_log_judge(c->log, bytes, length, &report)
                                      : bounce_parse(c->parser, bytes, length, &report, NULL);
    if (status != BOUNCE_OK || !render_report(&c->renderer, report, source))
        classify_left_out(c, source, "memory ran out");
    bounce_parser_reuse(c->parser, report);
}

void classify_item(struct classifier *c, const struct job_item *item)
{
    if (item->wrong)
        classify_unreadable(c, item->subject, item->wrong);
    else
        classify(c, item->bytes, item->length, &item->source);
}

void classify_left_out(struct classifier *c, const bounce_source *source, const char *why)
{
    char text[128], which[64];
    if (source->offset != BOUNCE_NO_NUMBER)
        snprintf(which, sizeof which, "at byte %llu", (unsigned long long)source->offset);
    else
        snprintf(which, sizeof which, "%llu", (unsigned long long)source->index);
    snprintf(text, sizeof text, "message %s: left out, because %s", which, why);
    classify_unreadable(c, source->path ? source->path : "standard input", text);
}

/* Whether the report says only that the message arrived. */
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
    if (!c->delivered && is_delivery(report))
        c->renderer.totals.messages++;
    else if (!render_report(&c->renderer, report, source))
        classify_left_out(c, source, "memory ran out");
    bounce_parser_reuse(c->parser, report);
}

void classify_unreadable(struct classifier *c, const char *subject, const char *message)
{
    complain(subject, message);
    c->renderer.totals.unreadable++;
}
