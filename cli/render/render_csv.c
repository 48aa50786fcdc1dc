/* SPDX-License-Identifier: MIT */
/*
 * render_csv.c - one row for each recipient.
 *
 * In: a report, and where it came from. Out: rows of CSV (RFC 4180, except that they end in LF). A message without
 * recipients has one row whose recipient columns are empty. Control characters other than tabs and line ends are
 * escaped. An apostrophe precedes what a spreadsheet would run as a formula or take for a date. Nothing is refused.
 */
#include "render/render_csv.h"

#include "crosswalk/crosswalk_print.h"
#include "output/escape.h"

#include <string.h>

static const char header[] =
    "path,index,offset,length,kind,software,message_id,original_message_id,"
    "address,address_type,original_recipient,action,type,reason,group,cause,permanent,decided_by,"
    "status,stated_status,reply_code,command,remote_mta,diagnostic_type,diagnostic,"
    "last_attempt,will_retry_until,queued_for_s,attempts,partial,advice,rule,sent,sent_why,"
    "machine,until,left,new_address,alternative_contact,"
    "retry_stated_s,blocklist,blocklist_zone,blocklist_url,refused_ip,refused_domain,refused_url,help_url,provider,"
    "queue,mend,"
    "date,sender,subject,reporting_mta,original_sender,original_subject,warnings,address_to_suppress,"
    "service,service_event,service_class,service_id";

enum { RECIPIENT_COLUMNS = 24 };

/* '=', '+', '-' and '@' begin formulas, even after a tab or return. Text from mail must never be run. */
static void guard(struct output *o, const char *s)
{
    if (*s && strchr("=+-@\t\r", *s))
        output_putc(o, '\'');
}

void render_csv_value(struct output *o, const char *s, bool is_code)
{
    bool quotes = strpbrk(s, ",\"\r\n") != NULL;
    if (quotes)
        output_putc(o, '"');
    guard(o, is_code && *s ? "=" : s); /* in some locales "5.1.1" would be a date */
    output_escaped(o, s, ESCAPE_QUOTED, 0);
    if (quotes)
        output_putc(o, '"');
}

/* Each field writes the comma before it. NULL is an empty field. */
static void field(struct output *o, const char *s)
{
    output_putc(o, ',');
    if (s)
        render_csv_value(o, s, false);
}

static void code_field(struct output *o, const char *s)
{
    output_putc(o, ',');
    if (s)
        render_csv_value(o, s, true);
}

static void number(struct output *o, bool known, uint64_t value)
{
    output_putc(o, ',');
    if (known)
        output_number(o, value);
}

void render_csv_header(struct output *o, const char *const *names, size_t count, const struct crosswalk *as)
{
    output_puts(o, header);
    for (size_t i = 0; i < count; i++)
        field(o, names[i]);
    if (as)
        field(o, "as");
    output_putc(o, '\n');
}

static void source_fields(struct output *o, const bounce_report *report, const bounce_source *source)
{
    number(o, source->index != BOUNCE_NO_NUMBER, source->index);
    number(o, source->offset != BOUNCE_NO_NUMBER, source->offset);
    number(o, source->length != BOUNCE_NO_NUMBER, source->length);
    field(o, bounce_kind_name(bounce_report_kind(report)));
    field(o, bounce_report_string(report, BOUNCE_REPORT_SOFTWARE));
    field(o, bounce_report_string(report, BOUNCE_REPORT_MESSAGE_ID));
    field(o, bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID));
}

static void string_field(struct output *o, const bounce_recipient *r, bounce_recipient_field which)
{
    field(o, bounce_recipient_string(r, which));
}

static void number_field(struct output *o, const bounce_recipient *r, bounce_recipient_number_field which)
{
    uint64_t value = 0;
    bool known = bounce_recipient_number(r, which, &value);
    number(o, known, value);
}

static void verdict_fields(struct output *o, const bounce_recipient *r)
{
    bounce_action action = bounce_recipient_action(r);
    bounce_decided_by who = bounce_recipient_decided_by(r);
    bounce_command command = bounce_recipient_command(r);
    bounce_reason cause;
    field(o, action == BOUNCE_ACTION_UNKNOWN ? NULL : bounce_action_name(action));
    field(o, bounce_type_name(bounce_recipient_type(r)));
    field(o, bounce_reason_name(bounce_recipient_reason(r)));
    field(o, bounce_group_name(bounce_recipient_group(r)));
    field(o, bounce_recipient_cause(r, &cause) ? bounce_reason_name(cause) : NULL);
    field(o, bounce_recipient_permanent(r) ? "true" : "false");
    field(o, who == BOUNCE_DECIDED_BY_NOBODY ? NULL : bounce_decided_by_name(who));
    code_field(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS));
    code_field(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATED_STATUS));
    number_field(o, r, BOUNCE_RECIPIENT_REPLY_CODE);
    field(o, command == BOUNCE_COMMAND_NONE ? NULL : bounce_command_name(command));
}

/* Names in order, separated by spaces. */
static void advice_field(struct output *o, const bounce_recipient *r)
{
    output_putc(o, ',');
    bool first = true;
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++) {
        bounce_advice advice = bounce_recipient_advice(r, i);
        if (advice == BOUNCE_ADVICE_NONE)
            continue;
        if (!first)
            output_putc(o, ' ');
        output_puts(o, bounce_advice_name(advice));
        first = false;
    }
}

static void recipient_fields(struct output *o, const bounce_recipient *r)
{
    string_field(o, r, BOUNCE_RECIPIENT_ADDRESS);
    string_field(o, r, BOUNCE_RECIPIENT_ADDRESS_TYPE);
    string_field(o, r, BOUNCE_RECIPIENT_ORIGINAL);
    verdict_fields(o, r);
    string_field(o, r, BOUNCE_RECIPIENT_REMOTE_MTA);
    string_field(o, r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE);
    string_field(o, r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    string_field(o, r, BOUNCE_RECIPIENT_LAST_ATTEMPT);
    string_field(o, r, BOUNCE_RECIPIENT_WILL_RETRY_UNTIL);
    number_field(o, r, BOUNCE_RECIPIENT_QUEUED_FOR_S);
    number_field(o, r, BOUNCE_RECIPIENT_ATTEMPTS);
    field(o, bounce_recipient_partial(r) ? "true" : "false");
    advice_field(o, r);
    string_field(o, r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
}

/* Fields of the message; they come last, where columns may be added. */
static void sent_fields(struct output *o, const bounce_report *report)
{
    bounce_sent_answer answer = bounce_report_sent(report);
    field(o, answer == BOUNCE_SENT_NOT_ASKED ? NULL : bounce_sent_name(answer));
    field(o, bounce_report_trust(report, BOUNCE_TRUST_SENT_WHY));
}

/* All header fields of one name, one per line. */
static void asked_field(struct output *o, const bounce_report *report, size_t index)
{
    size_t count = bounce_report_header_count(report, index);
    output_putc(o, ',');
    if (!count)
        return;
    output_putc(o, '"');
    for (size_t i = 0; i < count; i++) {
        if (i)
            output_putc(o, '\n');
        else
            guard(o, bounce_report_header(report, index, i));
        output_escaped(o, bounce_report_header(report, index, i), ESCAPE_QUOTED, 0);
    }
    output_putc(o, '"');
}

/* Names in order, separated by spaces. */
static void warnings_field(struct output *o, const bounce_report *report)
{
    output_putc(o, ',');
    for (size_t i = 0; i < bounce_report_warnings(report); i++) {
        if (i)
            output_putc(o, ' ');
        output_puts(o, bounce_report_warning_id(report, i));
    }
}

/* The time, the sender and the subject. */
static void about_fields(struct output *o, const bounce_report *report)
{
    static const bounce_report_field fields[] = {BOUNCE_REPORT_DATE,          BOUNCE_REPORT_FROM,
                                                 BOUNCE_REPORT_SUBJECT,       BOUNCE_REPORT_REPORTING_MTA,
                                                 BOUNCE_REPORT_ORIGINAL_FROM, BOUNCE_REPORT_ORIGINAL_SUBJECT};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        field(o, bounce_report_string(report, fields[i]));
    warnings_field(o, report);
}

/* What a sending service itself says; empty for other reports. */
static void service_fields(struct output *o, const bounce_report *report)
{
    for (int which = BOUNCE_REPORT_SERVICE_NAME; which <= BOUNCE_REPORT_SERVICE_ID; which++)
        field(o, bounce_report_string(report, (bounce_report_field)which));
}

/* Fields of the whole message that were added after the first version. */
static void later_fields(struct output *o, const bounce_report *report)
{
    field(o, bounce_report_machine(report) ? "true" : "false");
    field(o, bounce_report_string(report, BOUNCE_REPORT_AUTO_REPLY_UNTIL));
    field(o, bounce_report_auto_reply_left(report) ? "true" : NULL);
    field(o, bounce_report_string(report, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS));
    field(o, bounce_report_string(report, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT));
}

static void asked_fields(struct output *o, const bounce_report *report)
{
    for (size_t i = 0; i < bounce_report_headers(report); i++)
        asked_field(o, report, i);
}

/* What the reply itself says about a recipient, and what that means for a queue; r NULL: no recipient. */
static void told_fields(struct output *o, const bounce_recipient *r)
{
    const bounce_queue queue = bounce_recipient_queue(r);
    number_field(o, r, BOUNCE_RECIPIENT_RETRY_STATED_S);
    for (int which = BOUNCE_TOLD_BLOCKLIST_NAME; which <= BOUNCE_TOLD_PROVIDER; which++)
        field(o, bounce_recipient_told(r, (bounce_told_field)which));
    field(o, queue == BOUNCE_QUEUE_NONE ? NULL : bounce_queue_name(queue));
    field(o, bounce_recipient_mend(r));
}

/* The first field has no comma before it. */
static void path_field(struct output *o, const char *path)
{
    if (!path)
        return;
    output_putc(o, '"');
    guard(o, path);
    output_escaped(o, path, ESCAPE_QUOTED, 0);
    output_putc(o, '"');
}

void render_csv_report(struct output *o, const bounce_report *report, const bounce_source *source,
                       const struct selection *filter, const struct crosswalk *as)
{
    size_t n = bounce_report_recipients(report);
    for (size_t i = 0; i < n || i == 0; i++) {
        if (filter && i < n && !filter_passes(filter, report, bounce_report_recipient(report, i)))
            continue;
        path_field(o, source->path);
        source_fields(o, report, source);
        if (i < n)
            recipient_fields(o, bounce_report_recipient(report, i));
        else
            for (int column = 0; column < RECIPIENT_COLUMNS; column++)
                number(o, false, 0);
        sent_fields(o, report);
        later_fields(o, report);
        told_fields(o, bounce_report_recipient(report, i));
        about_fields(o, report);
        field(o, i < n ? bounce_recipient_address_to_suppress(bounce_report_recipient(report, i)) : NULL);
        service_fields(o, report);
        asked_fields(o, report);
        if (as) {
            output_putc(o, ',');
            if (i < n)
                crosswalk_text(o, as, bounce_report_recipient(report, i));
        }
        output_putc(o, '\n');
    }
}
