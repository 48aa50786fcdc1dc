/* SPDX-License-Identifier: MIT */
/*
 * made_report.h - makes reports that reach a cap, parses them, and counts what is
 * not as it should be: for the tests of limits, each of which is one program.
 */
#ifndef BOUNCE_TESTS_HOSTILE_MADE_REPORT_H
#define BOUNCE_TESTS_HOSTILE_MADE_REPORT_H

#include "base/limits.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#define HEADER "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure notice\n"
#define MULTIPART HEADER "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
#define FIELDS "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"

static struct arena arena;
static struct strbuf text;
static bounce_rules *builtin;
static int failures;

static void expect(bool ok, const char *what, size_t beyond, const char *got)
{
    if (ok)
        return;
    printf("FAIL %s, %zu beyond the limit (got %s)\n", what, beyond, got ? got : "nothing");
    failures++;
}

static void expect_count(size_t got, size_t wanted, const char *what, size_t beyond)
{
    char number[32];
    snprintf(number, sizeof number, "%zu", got);
    expect(got == wanted, what, beyond, number);
}

static void start(const char *front)
{
    arena_reset(&arena);
    strbuf_init(&text, &arena);
    strbuf_puts(&text, front);
}

static void add_times(size_t times, const char *unit)
{
    while (times--)
        strbuf_puts(&text, unit);
}

/* Numbers start at 10000, so that all have the same length. */
static void add_numbered(size_t times, const char *front, const char *end)
{
    char number[32];
    for (size_t i = 0; i < times; i++) {
        snprintf(number, sizeof number, "%zu", 10000 + i);
        strbuf_puts(&text, front);
        strbuf_puts(&text, number);
        strbuf_puts(&text, end);
    }
}

static void pad_to(size_t bytes)
{
    while (text.n < bytes)
        strbuf_putc(&text, text.n % 8 ? 'x' : ' ');
}

static bounce_report *parse(bounce_rules *rules, bool reply)
{
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report = NULL;
    if (reply)
        bounce_parse_reply(parser, text.s, text.n, NULL, &report, NULL);
    else
        bounce_parse(parser, text.s, text.n, &report, NULL);
    bounce_parser_free(parser);
    return report;
}

static bool warned(const bounce_report *report, const char *id)
{
    for (size_t i = 0; i < bounce_report_warnings(report); i++)
        if (!strcmp(bounce_report_warning_id(report, i), id))
            return true;
    return false;
}

static const char *address_of(const bounce_report *report, size_t i)
{
    const char *address = bounce_recipient_string(bounce_report_recipient(report, i), BOUNCE_RECIPIENT_ADDRESS);
    return address ? address : "no address";
}

static const char *reason_of(const bounce_report *report, size_t i)
{
    return bounce_reason_name(bounce_recipient_reason(bounce_report_recipient(report, i)));
}

/* Runs the tests, and returns the exit status. */
static int run_tests(void (*const tests[])(void), size_t count)
{
    builtin = bounce_rules_default();
    arena_init(&arena);
    for (size_t i = 0; i < count; i++)
        tests[i]();
    arena_free(&arena);
    bounce_rules_unref(builtin);
    printf("%d failures\n", failures);
    return failures ? 1 : 0;
}

#endif
