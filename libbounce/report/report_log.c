/* SPDX-License-Identifier: MIT */
/*
 * report_log.c - the public accessors of facts that only log lines have.
 *
 * In: a report. Out: its facts. A report of another kind has none of them.
 */
#include "report/report.h"

bool bounce_report_attempted(const bounce_report *report)
{
    return report && report->log && report->log->attempted;
}

bool bounce_report_inbound(const bounce_report *report)
{
    return report && report->log && report->log->inbound;
}

uint64_t bounce_report_repeated(const bounce_report *report)
{
    return report && report->log ? report->log->repeated : 0;
}

bool bounce_report_message_size(const bounce_report *report, uint64_t *bytes)
{
    bool known = report && report->log && report->log->size && bytes;
    if (known)
        *bytes = report->log->size;
    return known;
}
