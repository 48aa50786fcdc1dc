/* SPDX-License-Identifier: MIT */
/*
 * summary_record.c - what a summary needs to know about one recipient, as a line.
 *
 * In: reports. Out: a line for each recipient; workers write it, and the program
 * counts them in the order of the input. Fields are cut at RECORD_FIELD_BYTES, between
 * characters, and hold no control characters. Nothing is refused.
 */
#include "render/summary_record.h"

#include "render/host_owner.h"

#include <stdio.h>
#include <string.h>

/* How many bytes of s fit into a field. */
static size_t field_bytes(const char *s)
{
    size_t n = strlen(s);
    if (n <= RECORD_FIELD_BYTES)
        return n;
    n = RECORD_FIELD_BYTES;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void text_field(struct output *o, const char *s, bool is_name)
{
    char field[RECORD_FIELD_BYTES + 1];
    size_t n = s ? field_bytes(s) : 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        bool is_capital = is_name && c >= 'A' && c <= 'Z';
        field[i] = (char)(c < ' ' || c == 0x7f ? ' ' : is_capital ? c - 'A' + 'a' : c);
    }
    field[n] = '\t';
    output_add(o, field, n + 1);
}

/* Names of hosts and domains are case-insensitive, so they are lowered. */
static void name_field(struct output *o, const char *s)
{
    text_field(o, s, true);
}

static void field(struct output *o, const char *s)
{
    text_field(o, s, false);
}

static bool advises(const bounce_recipient *r, bounce_advice first, bounce_advice last)
{
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++)
        if (bounce_recipient_advice(r, i) >= first && bounce_recipient_advice(r, i) <= last)
            return true;
    return false;
}

static void flags_field(struct output *o, const bounce_report *report, const bounce_recipient *r)
{
    bool fails = bounce_recipient_type(r) != BOUNCE_TYPE_NONE, not_yours = bounce_report_sent(report) == BOUNCE_SENT_NO;
    if (not_yours)
        output_putc(o, RECORD_NOT_YOURS);
    if (fails && !not_yours && advises(r, BOUNCE_ADVICE_FIX_MESSAGE, BOUNCE_ADVICE_FIX_CONFIG))
        output_putc(o, RECORD_OWN_FAULT);
    if (!not_yours && advises(r, BOUNCE_ADVICE_SUPPRESS, BOUNCE_ADVICE_SUPPRESS))
        output_putc(o, RECORD_SUPPRESS);
    output_putc(o, '\t');
}

/* "2026-11-30": the day of the report, or else of the message. */
static void day_field(struct output *o, const bounce_report *report)
{
    char day[11] = "";
    const char *date = bounce_report_string(report, BOUNCE_REPORT_DATE);
    if (!date)
        date = bounce_report_string(report, BOUNCE_REPORT_ARRIVAL_DATE);
    if (date)
        snprintf(day, sizeof day, "%s", date);
    field(o, day);
}

static void where_fields(struct output *o, const bounce_report *report, const bounce_recipient *r)
{
    const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
    const char *provider = bounce_recipient_told(r, BOUNCE_TOLD_PROVIDER), *at = address ? strrchr(address, '@') : NULL;
    field(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS));
    name_field(o, at ? at + 1 : NULL);
    field(o, provider);
    name_field(o, provider ? provider : host_owner(r, address));
    name_field(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA));
    field(o, bounce_report_string(report, BOUNCE_REPORT_SOFTWARE));
    day_field(o, report);
}

static void advice_fields(struct output *o, const bounce_recipient *r)
{
    const bounce_queue queue = bounce_recipient_queue(r);
    char after[24] = "";
    if (bounce_recipient_retry_count(r))
        snprintf(after, sizeof after, "%llu", (unsigned long long)bounce_recipient_retry_after_s(r, 0));
    field(o, queue == BOUNCE_QUEUE_NONE ? NULL : bounce_queue_name(queue));
    field(o, bounce_recipient_mend(r));
    field(o, after);
}

static void told_fields(struct output *o, const bounce_recipient *r)
{
    const char *refused = NULL;
    for (int which = BOUNCE_TOLD_REFUSED_IP; !refused && which <= BOUNCE_TOLD_REFUSED_URL; which++)
        refused = bounce_recipient_told(r, (bounce_told_field)which);
    field(o, bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_NAME));
    field(o, bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_ZONE));
    field(o, bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_URL));
    field(o, refused);
    field(o, bounce_recipient_told(r, BOUNCE_TOLD_HELP_URL));
}

static void example_fields(struct output *o, const bounce_report *report, const bounce_recipient *r)
{
    const char *subject = bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_SUBJECT);
    const char *words = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    field(o, bounce_recipient_address_to_suppress(r));
    field(o, subject ? subject : bounce_report_string(report, BOUNCE_REPORT_SUBJECT));
    field(o, words ? words : bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT));
}

void render_summary_record(struct output *o, const bounce_report *report, const struct selection *filter)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        if (filter && !filter_passes(filter, report, r))
            continue;
        field(o, bounce_type_name(bounce_recipient_type(r)));
        field(o, bounce_reason_name(bounce_recipient_reason(r)));
        field(o, bounce_group_name(bounce_recipient_group(r)));
        flags_field(o, report, r);
        where_fields(o, report, r);
        advice_fields(o, r);
        told_fields(o, r);
        example_fields(o, report, r);
        output_putc(o, '\n');
    }
}
