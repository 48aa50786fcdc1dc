/* SPDX-License-Identifier: MIT */
/*
 * classify.c - one mail or reply, from wherever it was read: to a worker, or
 * classified and rendered here.
 */
#include "cli.h"

void classify_here(struct session *s, const void *bytes, size_t length, const bounce_source *source)
{
    bounce_report *report;
    bounce_status status = s->settings->mode == MODE_REPLY
                               ? bounce_parse_reply(s->parser, bytes, length, s->context, &report, NULL)
                               : bounce_parse(s->parser, bytes, length, &report, NULL);
    if (status != BOUNCE_OK)
        return;
    render_report(s, report, source);
    bounce_report_free(report);
}

void classify(struct session *s, const void *bytes, size_t length, const bounce_source *source)
{
    if (!s->pool || !pool_take(s->pool, bytes, length, source))
        classify_here(s, bytes, length, source);
}

void wait_for_input(struct session *s, int fd)
{
    if (s->pool)
        pool_wait_for_input(s->pool, fd);
    else
        flush_if_waiting(s->out, fd);
}
