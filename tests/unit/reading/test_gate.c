/* SPDX-License-Identifier: MIT */
/* test_gate.c - which mails may be reports, according to their headers (reading/gate.c). */
#include "base/limits.h"
#include "core_testing.h"
#include "parser.h"

#include <stdlib.h>

TestSuite(gate, .init = core_set_up, .fini = core_tear_down);

#define LETTER \
    "Return-Path: <ann@example.org>\nFrom: Ann <ann@example.org>\nTo: bob@example.net\nMessage-ID: <1@example.org>\n"
#define LUNCH LETTER "Subject: lunch\n"

static const struct {
    const char *name, *mail;
    bool passes;
} rows[] = {
    {"a letter", LUNCH "\nAt noon?\n", false},
    {"a letter that quotes a report", LUNCH "\nThis is the mail system at host mx.example.org.\n", false},
    {"an answer", LETTER "Subject: Re: lunch\nIn-Reply-To: <2@example.net>\n\nAt noon?\n", false},
    {"a list's post", LETTER "Subject: [list] lunch\nPrecedence: list\nList-Id: <list.example.org>\n\nAt noon?\n",
     false},
    {"an attachment", LUNCH "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b--\n",
     false},
    {"Auto-Submitted: no", LUNCH "Auto-Submitted: no\n\nx\n", false},
    {"Auto-Submitted: No", LUNCH "Auto-Submitted:  No \n\nx\n", false},
    {"Auto-Submitted without a value", LUNCH "Auto-Submitted:\n\nx\n", false},
    {"Auto-Submitted of no dialect", LUNCH "Auto-Submitted: auto-generated\n\nx\n", true},
    {"Auto-Submitted of nobody", LUNCH "Auto-Submitted: nothing\n\nx\n", false},
    {"empty", "", true},
    {"no header", "just some words\n", true},
    {"no sender", "To: bob@example.net\nSubject: lunch\n\nx\n", true},
    {"neither subject nor type", LETTER "\nx\n", true},
    {"a null return path", "Return-Path: <>\nFrom: Ann <ann@example.org>\nSubject: lunch\n\nx\n", true},
    {"a mail system", "From: mailer-daemon@example.org\nSubject: lunch\n\nx\n", true},
    {"multipart/report", LUNCH "Content-Type: Multipart/Report; report-type=delivery-status; boundary=b\n\nx\n", true},
    {"message/delivery-status", LUNCH "Content-Type: message/delivery-status\n\nx\n", true},
    {"an automatic reply", LUNCH "Auto-Submitted: auto-replied\n\nx\n", true},
    {"X-Failed-Recipients", LUNCH "X-Failed-Recipients: joe@example.net\n\nx\n", true},
    {"a subject of reports", LETTER "Subject: Undelivered Mail Returned to Sender\n\nx\n", true},
    {"a field of a writer of reports", LUNCH "X-Mailgun-Sid: 1\n\nx\n", false},
    {"a field of automatic replies", LUNCH "X-Autoreply: yes\n\nx\n", true},
    {"Hotmail's own reports", "From: <staff@hotmail.com>\nSubject: lunch\n\nx\n", true},
};

Test(gate, signs_of_a_report)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(parse_passes_gate(core_parser, rows[i].mail, strlen(rows[i].mail)), rows[i].passes, "%s",
                     rows[i].name);
}

/* A part in a mail with the header of a letter, at the end of what is looked at, and one byte beyond: there, only what
 * no letter has counts. */
Test(gate, parts_of_a_report)
{
    static const char header[] = LUNCH "Content-Type: multipart/mixed; boundary=b\n\n";
    static const struct {
        const char *type;
        bool far;
    } parts[] = {
        {"Message/Delivery-Status", true},
        {"message/global-delivery-status", true},
        {"message/feedback-report", true},
        {"message/disposition-notification", true},
        {"message/rfc822; x=delivery-status", false},
        {"message/external-body", false},
    };
    char mail[2 * LIMIT_GATE_BYTES];
    int at = LIMIT_GATE_BYTES - (int)strlen("Content-Type: message/");
    for (size_t i = 0; i < COUNT(parts); i++)
        for (int beyond = 0; beyond < 2; beyond++) {
            size_t n = (size_t)snprintf(mail, sizeof mail, "%s%*sContent-Type: %s\n\nx\n", header, at + beyond, "",
                                        parts[i].type);
            cr_expect_eq(parse_passes_gate(core_parser, mail, n), !beyond || parts[i].far, "%s, %d beyond",
                         parts[i].type, beyond);
        }
}

/* The same type in the middle of a text says nothing by itself: the mail is read, and found to be a letter. */
Test(gate, a_type_that_is_only_named)
{
    bounce_report *report = parse_mail(LUNCH "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
                                             "What is message/delivery-status?\n--b--\n");
    cr_expect_eq(bounce_report_kind(report), BOUNCE_KIND_NONE);
}

/* The body of a mail that does not pass is not read: neither for a report nor for
 * warnings, unless everything is to be read. */
Test(gate, the_body_is_not_read)
{
    static const char mail[] = LUNCH "Content-Type: text/plain; charset=x-nonsense\n\n"
                                     "This is an automatic reply to your message \xff\n";
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_READ_ALL, 1);
    bounce_parser *all = bounce_parser_new(core_rules, options);
    bounce_report *gated = parse_mail(mail), *read = NULL;
    cr_assert_eq(bounce_parse(all, mail, sizeof mail - 1, &read, NULL), BOUNCE_OK);
    core_keep(read);
    cr_expect_eq(bounce_report_kind(gated), BOUNCE_KIND_NONE);
    cr_expect_eq(bounce_report_warnings(gated), 0u);
    cr_expect_eq(bounce_report_kind(read), BOUNCE_KIND_AUTO_REPLY);
    cr_expect_gt(bounce_report_warnings(read), 0u);
    cr_expect_str_eq(bounce_report_string(gated, BOUNCE_REPORT_SUBJECT), "lunch");
    bounce_options_free(options);
    bounce_parser_free(all);
}
