/* SPDX-License-Identifier: MIT */
/* test_trace.c - what --explain says about the reading (reading/trace.c). */
#include "base/limits.h"
#include "core_testing.h"

#include <stdlib.h>

static void set_up(void)
{
    core_rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    core_parser = bounce_parser_new(core_rules, options);
    bounce_options_free(options);
}

TestSuite(trace, .init = set_up, .fini = core_tear_down);

/* The first line of the trace with this beginning; NULL if there is none. */
static const char *line_with(const bounce_report *report, const char *front)
{
    for (size_t i = 0; i < bounce_report_trace_count(report); i++)
        if (strncmp(bounce_report_trace(report, i), front, strlen(front)) == 0)
            return bounce_report_trace(report, i);
    return NULL;
}

static bool has(const char *line, const char *part)
{
    return line && strstr(line, part);
}

static const char qmail[] = "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n"
                            "Hi. This is the qmail-send program at mx.example.org.\n"
                            "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
                            "<joe@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n";

/* The writer, the conditions that chose it, and the writers that it beat. */
Test(trace, the_writer_and_its_conditions)
{
    const bounce_report *report = parse_mail(qmail);
    const char *writer = line_with(report, "writer: qmail, by dialect qmail (mta.rules:");
    cr_assert_not_null(writer);
    cr_expect(has(writer, "), before "), "%s", writer);
    cr_expect(has(writer, "general-en"), "%s", writer);
    cr_expect_not(has(writer, "before qmail"), "%s", writer);
    const char *held = line_with(report, "dialect qmail (mta.rules:");
    cr_expect(has(held, " holds: know "), "%s", held);
    cr_expect(has(held, "know body ^"), "%s", held);
    cr_expect(has(held, "; also body i wasn't able to deliver your message"), "%s", held);
    cr_expect_not_null(line_with(report, "dialect general-en (general.rules:"));
}

/* If there are fields of a delivery status, dialects that name no software do not count. */
Test(trace, dialects_that_are_left_out)
{
    const bounce_report *report =
        parse_mail("From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail Returned to Sender\n"
                   "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                   "--b\n\nYour message could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\n"
                   "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; joe@example.net\nAction: failed\n"
                   "Status: 5.1.1\n\n--b--\n");
    cr_expect(has(line_with(report, "dialect general-en ("), " holds, but is left out: know "));
    cr_expect_str_eq(line_with(report, "writer: "), "writer: unknown");
}

Test(trace, nothing_holds)
{
    const bounce_report *report = parse_mail("From: mailer-daemon@example.org\nSubject: lunch\n\nAt noon?\n");
    cr_expect_str_eq(line_with(report, "writer: "), "writer: unknown");
    cr_expect_null(line_with(report, "dialect "));
    report = parse_mail("From: Ann <ann@example.org>\nSubject: lunch\n\nAt noon?\n");
    cr_expect_null(line_with(report, "writer: "), "it was not read");
}

/* A field that only the explanation looks at is no reason for a warning. */
Test(trace, an_explanation_warns_of_nothing)
{
    static const char front[] = "From: mailer-daemon@example.org\nSubject: Please confirm your message\n"
                                "X-Postfix-Queue-ID: ";
    size_t n = LIMIT_HEADER_BYTES + 1;
    char *mail = malloc(sizeof front + n + 10);
    sprintf(mail, "%s%0*d\n\nx\n", front, (int)n, 1);
    const bounce_report *report = parse_mail(mail);
    cr_expect(has(line_with(report, "dialect postfix ("), " holds: know header x-postfix-queue-id"));
    cr_expect_eq(bounce_report_kind(report), BOUNCE_KIND_CHALLENGE);
    cr_expect_eq(bounce_report_warnings(report), 0u);
    free(mail);
}
