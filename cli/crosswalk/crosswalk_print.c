/* SPDX-License-Identifier: MIT */
/*
 * crosswalk_print.c - the names of another system in the output.
 *
 * In: a recipient. Out: the names that the table has for it, and for Sisimai the other keys of its JSON as far as
 * known: all but its origin, which is our path, and its token, a digest of Sisimai's own reading. Unknown values are ""
 * there. Nothing is refused.
 */
#include "crosswalk/crosswalk_print.h"

#include "output/calendar.h"
#include "output/json_string.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS_BYTES = 512 };

static void key(struct output *o, const char *name)
{
    output_puts(o, ",\"");
    output_puts(o, name);
    output_puts(o, "\":");
}

static void text(struct output *o, const char *name, const char *value)
{
    key(o, name);
    output_json_string(o, value ? value : "");
}

/* --------------------------------------------------------------- Sisimai */

/* The address in "Name <address>". */
static const char *bare(const char *address, char *room)
{
    const char *open = address ? strrchr(address, '<') : NULL;
    snprintf(room, ADDRESS_BYTES, "%s", open ? open + 1 : address ? address : "");
    room[strcspn(room, ">")] = '\0';
    return room;
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : "";
}

static void sisimai_addresses(struct output *o, const bounce_report *report, const bounce_recipient *r)
{
    char room[ADDRESS_BYTES];
    const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
    const char *original = bounce_recipient_string(r, BOUNCE_RECIPIENT_ORIGINAL);
    text(o, "recipient", address);
    text(o, "destination", domain_of(address ? address : ""));
    text(o, "alias", original ? original : address);
    bare(bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_FROM), room);
    text(o, "addresser", room);
    text(o, "senderdomain", domain_of(room));
    bare(bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID), room);
    text(o, "messageid", room);
    text(o, "subject", bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_SUBJECT));
    text(o, "listid", bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_LIST_ID));
    text(o, "feedbacktype", bounce_report_string(report, BOUNCE_REPORT_FEEDBACK_TYPE));
}

static void sisimai_reply(struct output *o, const bounce_report *report, const bounce_recipient *r, bool is_new)
{
    char code[24] = "", type[32] = "";
    uint64_t number;
    const char *diagnostic_type = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE);
    const bounce_action action = bounce_recipient_action(r);
    const bounce_command command = bounce_recipient_command(r);
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_REPLY_CODE, &number))
        snprintf(code, sizeof code, "%llu", (unsigned long long)number);
    for (size_t i = 0; diagnostic_type && diagnostic_type[i] && i + 1 < sizeof type; i++)
        type[i] = (char)(diagnostic_type[i] >= 'a' && diagnostic_type[i] <= 'z' ? diagnostic_type[i] - 'a' + 'A'
                                                                                : diagnostic_type[i]);
    text(o, "action", action == BOUNCE_ACTION_UNKNOWN ? "" : bounce_action_name(action));
    text(o, "deliverystatus", bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS));
    text(o, "replycode", code);
    text(o, is_new ? "command" : "smtpcommand", command == BOUNCE_COMMAND_NONE ? "" : bounce_command_name(command));
    text(o, "diagnosticcode", bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC));
    text(o, "diagnostictype", type);
    text(o, "lhost", bounce_report_string(report, BOUNCE_REPORT_REPORTING_MTA));
    text(o, "rhost", bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA));
    text(o, is_new ? "decodedby" : "smtpagent", bounce_report_string(report, BOUNCE_REPORT_SOFTWARE));
    if (is_new)
        text(o, "feedbackid", bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_FEEDBACK_ID));
}

static void sisimai(struct output *o, const bounce_report *report, const bounce_recipient *r, bool is_new)
{
    char number[24];
    const char *date = bounce_report_string(report, BOUNCE_REPORT_ARRIVAL_DATE);
    if (!date)
        date = bounce_report_string(report, BOUNCE_REPORT_DATE);
    snprintf(number, sizeof number, "%lld", (long long)calendar_seconds(date));
    sisimai_addresses(o, report, r);
    sisimai_reply(o, report, r, is_new);
    key(o, "timestamp");
    output_puts(o, number);
    text(o, "timezoneoffset", "+0000");
}

/* -------------------------------------------------------------- printing */

void crosswalk_json(struct output *o, const struct crosswalk *c, const bounce_report *report, const bounce_recipient *r)
{
    struct crosswalk_name names[CROSSWALK_KEYS];
    size_t count = crosswalk_names(c, r, names);
    output_puts(o, "{\"system\":");
    output_json_string(o, c->system);
    for (size_t i = 0; i < count; i++) {
        key(o, names[i].key);
        if (names[i].is_json)
            output_puts(o, names[i].value);
        else
            output_json_string(o, names[i].value);
    }
    if (strncmp(c->system, "sisimai", 7) == 0)
        sisimai(o, report, r, strcmp(c->system, "sisimai5") == 0);
    output_putc(o, '}');
}

void crosswalk_text(struct output *o, const struct crosswalk *c, const bounce_recipient *r)
{
    struct crosswalk_name names[CROSSWALK_KEYS];
    size_t count = crosswalk_names(c, r, names);
    for (size_t i = 0; i < count; i++) {
        output_puts(o, i ? "/" : "");
        output_puts(o, names[i].value);
    }
}
