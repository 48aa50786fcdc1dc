/* SPDX-License-Identifier: MIT */
/*
 * log_record.c - an entry of a log that is kept until it is judged.
 *
 * In: an entry, whose spans live until the next line. Out: one block of memory with everything that it needs, and its
 * report. Refused: bytes whose length is not that of the block.
 */
#include "log_record.h"

#include "report/report.h"

#include <glib.h>

static const size_t spans[] = {
    offsetof(struct log_entry, host),       offsetof(struct log_entry, queue_id), offsetof(struct log_entry, next_id),
    offsetof(struct log_entry, recipient),  offsetof(struct log_entry, original), offsetof(struct log_entry, sender),
    offsetof(struct log_entry, message_id), offsetof(struct log_entry, text),     offsetof(struct log_entry, status),
    offsetof(struct log_entry, remote),     offsetof(struct log_entry, address)};

static struct span *span_at(struct log_entry *e, size_t number)
{
    return (struct span *)(void *)((char *)e + spans[number]);
}

struct log_record *log_record_new(const struct log_entry *e)
{
    struct log_entry entry = *e;
    size_t n = 0;
    for (size_t i = 0; i < COUNT(spans); i++)
        n += span_at(&entry, i)->n;
    struct log_record *r = g_malloc(sizeof *r + n);
    *r = (struct log_record){.bytes = sizeof *r + n};
    n = 0;
    for (size_t i = 0; i < COUNT(spans); i++) {
        struct span *s = span_at(&entry, i);
        if (!s->s)
            continue;
        memcpy(r->text + n, s->s, s->n);
        s->s = (const char *)(uintptr_t)(n + 1);
        n += s->n;
    }
    r->entry = entry;
    return r;
}

struct bounce_report *log_record_judge(struct bounce_parser *parser, const void *bytes, size_t length)
{
    struct log_record r;
    const size_t front = offsetof(struct log_record, text);
    if (length < sizeof r)
        return NULL;
    memcpy(&r, bytes, sizeof r);
    if (r.bytes != length)
        return NULL;
    for (size_t i = 0; i < COUNT(spans); i++) {
        struct span *s = span_at(&r.entry, i);
        if (s->s)
            s->s = (const char *)bytes + front + (uintptr_t)s->s - 1;
    }
    struct bounce_report *report = log_report_make(parser, &r.entry, r.seconds, r.repeated);
    if (!report)
        return NULL;
    report->log->line = r.line;
    report->log->offset = r.offset;
    report->log->length = r.length;
    return report;
}
