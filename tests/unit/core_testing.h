/* SPDX-License-Identifier: MIT */
/* core_testing.h - whole mails and replies through the built-in rules, for the tests of the core. */
#ifndef CORE_TESTING_H
#define CORE_TESTING_H

#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../warnings.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What one test has made; freed by core_tear_down(). */
static bounce_rules *core_rules;
static bounce_parser *core_parser;
static bounce_report *core_reports[1024];
static size_t core_report_count;

static inline void core_set_up(void)
{
    core_rules = bounce_rules_default();
    core_parser = bounce_parser_new(core_rules, NULL);
}

static inline void core_tear_down(void)
{
    while (core_report_count)
        bounce_report_free(core_reports[--core_report_count]);
    bounce_parser_free(core_parser);
    bounce_rules_unref(core_rules);
}

static inline bounce_report *core_keep(bounce_report *report)
{
    cr_assert(report && core_report_count < COUNT(core_reports));
    return core_reports[core_report_count++] = report;
}

static inline bounce_report *parse_mail(const char *mail)
{
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(core_parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    return core_keep(report);
}

/* The only recipient of a report that must have exactly one; name is that of the table's row. */
static inline const bounce_recipient *only(const bounce_report *report, const char *name)
{
    cr_assert_eq(bounce_report_recipients(report), 1, "%s: %zu recipients", name, bounce_report_recipients(report));
    return bounce_report_recipient(report, 0);
}

/* The recipient of a reply to a command (NONE: not known) of a host (NULL: not known). */
static inline const bounce_recipient *parse_reply(const char *text, bounce_command command, const char *host)
{
    bounce_context *context = bounce_context_new();
    bounce_report *report = NULL;
    bounce_context_set_command(context, command);
    bounce_context_set_host(context, host);
    cr_assert_eq(bounce_parse_reply(core_parser, text, strlen(text), context, &report, NULL), BOUNCE_OK);
    bounce_context_free(context);
    return only(core_keep(report), text);
}

/* Strings that are not stated are "-", so that a table can hold them. */
static inline const char *shown(const char *s)
{
    return s ? s : "-";
}

static inline const char *text_of(const bounce_recipient *r, bounce_recipient_field field)
{
    return shown(bounce_recipient_string(r, field));
}

static inline const char *report_text(const bounce_report *r, bounce_report_field field)
{
    return shown(bounce_report_string(r, field));
}

static inline bool is_utf8(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0, size; i < n; i += size)
        if (!(size = utf8_valid(s + i, n - i)))
            return false;
    return true;
}

/* A number of a recipient; -1 if it is not stated. */
static inline long number_of(const bounce_recipient *r, bounce_recipient_number_field field)
{
    uint64_t value;
    return bounce_recipient_number(r, field, &value) ? (long)value : -1;
}

/* "suppress,contact-recipient" */
static inline const char *advice_of(const bounce_recipient *r)
{
    static char list[256];
    list[0] = '\0';
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? "," : "", bounce_advice_name(bounce_recipient_advice(r, i)));
    }
    return list;
}

/* A multipart/report of an unknown writer: text for people, fields, and the
 * returned header; NULL: a usual one. Overwritten by the next call. */
static inline const char *dsn_mail(const char *text, const char *fields, const char *original)
{
    static char mail[65536];
    int n = snprintf(mail, sizeof mail,
                     "From: Mail Delivery System <mailer-daemon@mx.example.org>\n"
                     "To: sender@example.org\n"
                     "Subject: Delivery report\n"
                     "Date: Sat, 31 Jan 2026 12:00:00 +0000\n"
                     "MIME-Version: 1.0\n"
                     "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                     "--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n"
                     "--b\nContent-Type: message/delivery-status\n\n%s\n"
                     "--b\nContent-Type: text/rfc822-headers\n\n%s\n--b--\n",
                     text ? text : "This is a report.\n", fields,
                     original ? original : "From: sender@example.org\nTo: user@example.net\nSubject: lunch\n");
    cr_assert(n > 0 && (size_t)n < sizeof mail);
    return mail;
}

/* A report in free text of a writer that no dialect knows. */
static inline const char *notice_mail(const char *text)
{
    static char mail[65536];
    int n = snprintf(mail, sizeof mail,
                     "From: mailer-daemon@mx.example.org\n"
                     "To: sender@example.org\n"
                     "Subject: Undelivered mail\n"
                     "Date: Sat, 31 Jan 2026 12:00:00 +0000\n\n%s",
                     text);
    cr_assert(n > 0 && (size_t)n < sizeof mail);
    return mail;
}

#endif
