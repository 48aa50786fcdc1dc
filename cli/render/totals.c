/* SPDX-License-Identifier: MIT */
/*
 * totals.c - what was read, in numbers.
 *
 * In: reports one by one, or the totals of a part of the input. Out: their
 * sum. Mail without a failed delivery counts as a message only. Nothing is
 * refused; 64 bits do not overflow.
 */
#include "render/totals.h"

static bool is_report(const bounce_report *report)
{
    switch (bounce_report_kind(report)) {
    case BOUNCE_KIND_DSN:
    case BOUNCE_KIND_NDR:
    case BOUNCE_KIND_ARF: return true;
    default: return bounce_report_recipients(report) > 0;
    }
}

void totals_count(struct totals *t, const bounce_report *report, const struct selection *filter)
{
    t->messages++;
    t->reports += is_report(report);
    size_t n = bounce_report_recipients(report);
    for (size_t i = 0; i < n; i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        if (filter && !filter_passes(filter, report, r))
            continue;
        t->recipients++;
        bounce_type type = bounce_recipient_type(r);
        ++*(type == BOUNCE_TYPE_HARD ? &t->hard : type == BOUNCE_TYPE_SOFT ? &t->soft : &t->none);
    }
}

void totals_add(struct totals *sum, const struct totals *more)
{
    sum->messages += more->messages;
    sum->reports += more->reports;
    sum->recipients += more->recipients;
    sum->hard += more->hard;
    sum->soft += more->soft;
    sum->none += more->none;
    sum->unreadable += more->unreadable;
}
