/* SPDX-License-Identifier: MIT */
/* test_dsn.c - the fields of a delivery status (RFC 3464) in whole mails: what each states, and what is tolerated. */
#include "base/limits.h"
#include "core_testing.h"

#include <stdlib.h>

TestSuite(dsn, .init = core_set_up, .fini = core_tear_down);

#define PER_MESSAGE "Reporting-MTA: dns; mx.example.org\n\n"
#define FAILED_USER "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.1.1\n"

/* ------------------------------------------------------------- usual fields */

Test(dsn, fields_of_the_message)
{
    bounce_report *r =
        parse_mail(dsn_mail(NULL,
                            "Reporting-MTA: dns; mx.example.org (192.0.2.1)\n"
                            "Original-Envelope-Id: a+20b\n"
                            "Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000\n\n" FAILED_USER,
                            "Message-ID: <1@example.org>\nFrom: sender@example.org\nTo: user@example.net\n"
                            "Subject: lunch\nDate: Sat, 31 Jan 2026 09:59:00 +0000\n"
                            "List-Id: The list <list.example.org>\nFeedback-ID: 1:2:3\n"));
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_DSN);
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "mx.example.org");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ENVELOPE_ID), "a b"); /* xtext, RFC 3461 4 */
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ARRIVAL_DATE), "2026-01-31T10:00:00Z");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_DATE), "2026-01-31T12:00:00Z");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_TO), "sender@example.org");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID), "<1@example.org>");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_FROM), "sender@example.org");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_DATE), "2026-01-31T09:59:00Z");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_LIST_ID), "list.example.org");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_FEEDBACK_ID), "1:2:3");
    /* No last attempt: the time from the arrival to the date of the report. */
    cr_assert_eq(number_of(only(r, "message"), BOUNCE_RECIPIENT_QUEUED_FOR_S), 7200);
}

/* It is the sender's own text, not an address. */
Test(dsn, envelope_id)
{
    static const struct {
        const char *value, *want;
    } rows[] = {{"job 17 (retry) for anna@example.org.", "job 17 (retry) for anna@example.org."},
                {"  <1@example.org>", "<1@example.org>"},
                {"a;b", "a;b"},
                {"list+3D7+2B1", "list=7+1"},
                {"7+41", "7+41"},
                {"", "-"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields, "Reporting-MTA: dns; mx.example.org\nOriginal-Envelope-Id: %s\n\n" FAILED_USER,
                 rows[i].value);
        bounce_report *r = parse_mail(dsn_mail(NULL, fields, NULL));
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ENVELOPE_ID), rows[i].want, "%s", rows[i].value);
    }
}

Test(dsn, fields_of_a_recipient)
{
    bounce_report *report =
        parse_mail(dsn_mail(NULL,
                            "Reporting-MTA: dns; mx.example.org\nArrival-Date: Sat, 31 Jan 2026 10:00:00 +0000\n\n"
                            "Original-Recipient: rfc822; team@example.net\n"
                            "Final-Recipient: rfc822; user@example.net\n"
                            "Action: failed\nStatus: 5.2.2\n"
                            "Remote-MTA: dns; mx.example.net (192.0.2.9)\n"
                            "Diagnostic-Code: smtp; 552 5.2.2 <user@example.net>: mailbox\n full\n"
                            "Last-Attempt-Date: Sat, 31 Jan 2026 11:00:00 +0000\n",
                            NULL));
    const bounce_recipient *r = only(report, "recipient");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), "rfc822");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), "team@example.net");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), "5.2.2");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), "mx.example.net");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "smtp");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), "552 5.2.2 <user@example.net>: mailbox full");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_LAST_ATTEMPT), "2026-01-31T11:00:00Z");
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), 552);
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_QUEUED_FOR_S), 3600);
    cr_assert_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_REMOTE);
}

/* RFC 3464 2.1.1 allows comments in every field. */
Test(dsn, comments_before_values)
{
    bounce_report *report = parse_mail(dsn_mail(NULL,
                                                "Reporting-MTA: (c) dns; (d; e) mx.example.org\n"
                                                "Arrival-Date: (c) Sat, 31 Jan 2026 10:00:00 +0000\n\n"
                                                "Original-Recipient: (c) rfc822; (d) team@example.net\n"
                                                "Final-Recipient: (c) rfc822; (d) user@example.net\n"
                                                "Action: (not yet) delayed\nStatus: (full) 4.2.2\n"
                                                "Remote-MTA: (c) dns; (d) mx.example.net\n"
                                                "Diagnostic-Code: (c) SMTP; 452 4.2.2 mailbox full\n",
                                                NULL));
    const bounce_recipient *r = only(report, "comments");
    cr_expect_str_eq(report_text(report, BOUNCE_REPORT_REPORTING_MTA), "mx.example.org");
    cr_expect_str_eq(report_text(report, BOUNCE_REPORT_ARRIVAL_DATE), "2026-01-31T10:00:00Z");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), "team@example.net");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), "rfc822");
    cr_expect_eq(bounce_recipient_action(r), BOUNCE_ACTION_DELAYED);
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), "4.2.2");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), "mx.example.net");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "smtp");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), "452 4.2.2 mailbox full");
}

/* The time in the queue is not known if the clocks disagree. */
Test(dsn, arrival_after_the_report)
{
    static const struct {
        const char *arrival;
        long queued_for_s;
    } rows[] = {{"11:59:59", 1}, {"12:00:00", 0}, {"12:00:05", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields,
                 "Reporting-MTA: dns; mx.example.org\nArrival-Date: Sat, 31 Jan 2026 %s +0000\n\n" FAILED_USER,
                 rows[i].arrival);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].arrival);
        cr_expect_eq(number_of(r, BOUNCE_RECIPIENT_QUEUED_FOR_S), rows[i].queued_for_s, "%s", rows[i].arrival);
    }
}

Test(dsn, a_delay)
{
    bounce_report *report =
        parse_mail(dsn_mail(NULL,
                            PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: delayed\n"
                                        "Status: 4.4.1\nWill-Retry-Until: Tue, 3 Feb 2026 10:00:00 +0000\n"
                                        "X-Delivery-Attempts: 7\n",
                            NULL));
    const bounce_recipient *r = only(report, "delay");
    cr_assert_eq(bounce_recipient_action(r), BOUNCE_ACTION_DELAYED);
    cr_assert_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_NOBODY);
    cr_assert_not(bounce_recipient_permanent(r));
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_WILL_RETRY_UNTIL), "2026-02-03T10:00:00Z");
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_ATTEMPTS), 7);
}

Test(dsn, words_of_the_action)
{
    static const struct {
        const char *word;
        bounce_action action;
    } rows[] = {{"failed", BOUNCE_ACTION_FAILED},        {"Failed", BOUNCE_ACTION_FAILED},
                {"failure", BOUNCE_ACTION_FAILED},       {"delayed", BOUNCE_ACTION_DELAYED},
                {"delay", BOUNCE_ACTION_DELAYED},        {"delivered", BOUNCE_ACTION_DELIVERED},
                {"relayed", BOUNCE_ACTION_RELAYED},      {"expanded", BOUNCE_ACTION_EXPANDED},
                {"undeliverable", BOUNCE_ACTION_FAILED}, {"failed (bad host)", BOUNCE_ACTION_FAILED}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields, PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: %s\n",
                 rows[i].word);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].word);
        cr_assert_eq(bounce_recipient_action(r), rows[i].action, "%s", rows[i].word);
    }
}

/* RFC 3464 2.3.3 requires an Action; without one, the status decides. */
Test(dsn, missing_action)
{
    static const char failed[] = PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nStatus: 5.1.1\n";
    static const char served[] = PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nStatus: 2.1.5\n";
    cr_assert_eq(bounce_recipient_action(only(parse_mail(dsn_mail(NULL, failed, NULL)), "5.1.1")),
                 BOUNCE_ACTION_FAILED);
    cr_assert_eq(bounce_recipient_action(only(parse_mail(dsn_mail(NULL, served, NULL)), "2.1.5")),
                 BOUNCE_ACTION_DELIVERED);
}

/* --------------------------------------------------------------- tolerated */

/* Each names joe@example.net once, as failed. */
static const struct {
    const char *name, *fields;
} odd[] = {
    {"no field of the message", "Final-Recipient: rfc822; joe@example.net\nAction: failed\nStatus: 5.1.1\n"},
    {"one group for all",
     "Reporting-MTA: dns; mx.example.org\nFinal-Recipient: rfc822; joe@example.net\nAction: failed\n"},
    {"blank lines in front", "\n\n" PER_MESSAGE "Final-Recipient: rfc822; joe@example.net\nAction: failed\n"},
    {"a blank line inside", PER_MESSAGE "Final-Recipient: rfc822; joe@example.net\n\nAction: failed\nStatus: 5.1.1\n"},
    {"action before recipient",
     PER_MESSAGE "Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; joe@example.net\n"},
    {"names in capitals",
     "REPORTING-MTA: dns; mx.example.org\n\nFINAL-RECIPIENT: RFC822; joe@example.net\nACTION: FAILED\n"},
    {"no address type", PER_MESSAGE "Final-Recipient: joe@example.net\nAction: failed\n"},
    {"brackets", PER_MESSAGE "Final-Recipient: rfc822; <joe@example.net>\nAction: failed\n"},
    {"original alone", PER_MESSAGE "Original-Recipient: rfc822; joe@example.net\nAction: failed\n"},
    {"original is the same", PER_MESSAGE
     "Original-Recipient: rfc822; JOE@Example.NET\nFinal-Recipient: rfc822; joe@example.net\nAction: failed\n"},
    {"twice the same", PER_MESSAGE "Final-Recipient: rfc822; joe@example.net\nAction: failed\n\n"
                                   "Final-Recipient: rfc822; joe@example.net\nAction: failed\n"},
    {"lines that are no field",
     PER_MESSAGE "Final-Recipient: rfc822; joe@example.net\n*** hello ***\nAction: failed\n"},
    {"a comment", PER_MESSAGE "Final-Recipient: rfc822; joe@example.net (Joe)\nAction: failed\n"},
    {"Mimecast's type", PER_MESSAGE "Final-Recipient: rfc/822;joe@example.net\nAction: failed\n"},
    {"the action twice", PER_MESSAGE "Final-Recipient: rfc822; joe@example.net\nAction: failed\n\nAction: delayed\n"},
};

Test(dsn, odd_groups)
{
    for (size_t i = 0; i < COUNT(odd); i++) {
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, odd[i].fields, NULL)), odd[i].name);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "joe@example.net", "%s", odd[i].name);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), "rfc822", "%s", odd[i].name);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), "-", "%s", odd[i].name);
        cr_assert_eq(bounce_recipient_action(r), BOUNCE_ACTION_FAILED, "%s", odd[i].name);
    }
}

Test(dsn, odd_values_of_status)
{
    static const struct {
        const char *value, *stated;
        long code;
    } rows[] = {
        {"5.1.1", "5.1.1", -1},      {"5.1.1 (bad destination mailbox address)", "5.1.1", -1},
        {"\"5.1.1\"", "5.1.1", -1},  {"#5.1.1", "5.1.1", -1},
        {"550 5.1.1", "5.1.1", 550}, {"550", "-", 550},
        {"unknown", "-", -1},        {"", "-", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields,
                 PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: %s\n", rows[i].value);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].value);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), rows[i].stated, "Status: %s", rows[i].value);
        cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), rows[i].code, "Status: %s", rows[i].value);
    }
}

Test(dsn, diagnostic_type_is_split_off)
{
    static const struct {
        const char *value, *type, *diagnostic;
    } rows[] = {
        {"smtp; 550 no", "smtp", "550 no"},
        {"SMTP;550 no", "smtp", "550 no"},
        {"smtp  ;  550 no", "smtp", "550 no"},
        {"x-unix; 67", "x-unix", "67"},
        {"X-Postfix; connection refused; giving up", "x-postfix", "connection refused; giving up"},
        {"550 no; really", "-", "550 no; really"},
        {"no such user here; sorry", "-", "no such user here; sorry"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields, PER_MESSAGE FAILED_USER "Diagnostic-Code: %s\n", rows[i].value);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].value);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), rows[i].type, "%s", rows[i].value);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), rows[i].diagnostic, "%s", rows[i].value);
    }
}

/* A group that names nobody adds to the one before, and removes nothing from it. */
Test(dsn, groups_without_a_name)
{
    static const char second[] = "Action: delayed\nStatus: 4.2.2\nRemote-MTA: dns; two.example.net\n"
                                 "Diagnostic-Code: smtp; 452 4.2.2 Mailbox full\n";
    static const struct {
        const char *first;
        bounce_action action;
        const char *stated, *host, *type, *diagnostic;
    } rows[] = {
        {"Status: unknown\n", BOUNCE_ACTION_DELAYED, "4.2.2", "two.example.net", "smtp", "452 4.2.2 Mailbox full"},
        {"Action: failed\n", BOUNCE_ACTION_FAILED, "4.2.2", "two.example.net", "smtp", "452 4.2.2 Mailbox full"},
        {"Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; one.example.net\nDiagnostic-Code: x-unix; 67\n",
         BOUNCE_ACTION_FAILED, "5.1.1", "one.example.net", "x-unix", "67"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[512];
        snprintf(fields, sizeof fields, PER_MESSAGE "Final-Recipient: rfc822; user@example.net\n%s\n%s", rows[i].first,
                 second);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].first);
        cr_expect_eq(bounce_recipient_action(r), rows[i].action, "%s", rows[i].first);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), rows[i].stated, "%s", rows[i].first);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), rows[i].host, "%s", rows[i].first);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), rows[i].type, "%s", rows[i].first);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), rows[i].diagnostic, "%s", rows[i].first);
    }
}

Test(dsn, several_diagnostics_are_one_text)
{
    const bounce_recipient *r =
        only(parse_mail(dsn_mail(NULL,
                                 PER_MESSAGE FAILED_USER "Diagnostic-Code: smtp; 550-5.1.1 User\n"
                                                         "Diagnostic-Code: smtp;\nDiagnostic-Code: x-unix; unknown\n",
                                 NULL)),
             "several");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), "550-5.1.1 User unknown");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "smtp");
}

/* Words that some writers put into their own fields. */
Test(dsn, notes_are_judged)
{
    static const char *const names[] = {"X-Notes", "X-Failure-Reason", "X-Supplementary-Info", "X-Display-Text"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char fields[512];
        snprintf(fields, sizeof fields,
                 PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.0.0\n"
                             "%s: the mailbox is full\n",
                 names[i]);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), names[i]);
        cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_MAILBOX_FULL, "%s", names[i]);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE), names[i], "%s", names[i]);
    }
}

/* Sendmail: Final-Recipient is the alias, X-Actual-Recipient its target. */
Test(dsn, actual_recipient)
{
    const bounce_recipient *r = only(parse_mail(dsn_mail(NULL,
                                                         PER_MESSAGE "Final-Recipient: rfc822; alias@example.net\n"
                                                                     "X-Actual-Recipient: rfc822; joe@example.com\n"
                                                                     "Action: failed\nStatus: 5.1.1\n",
                                                         NULL)),
                                     "alias");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "joe@example.com");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), "alias@example.net");
}

Test(dsn, addresses_of_other_types)
{
    const bounce_recipient *r = only(parse_mail(dsn_mail(NULL,
                                                         PER_MESSAGE "Final-Recipient: utf-8; j\\x{F6}rg@example.net\n"
                                                                     "Action: failed\nStatus: 5.1.1\n",
                                                         NULL)),
                                     "utf-8");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "j\xc3\xb6rg@example.net"); /* RFC 6533 3 */
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), "utf-8");
}

Test(dsn, each_recipient_has_its_own_facts)
{
    bounce_report *report = parse_mail(dsn_mail(
        NULL,
        PER_MESSAGE
        "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        "Final-Recipient: rfc822; b@example.net\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\n\n"
        "Final-Recipient: rfc822; c@example.net\nAction: delivered\nStatus: 2.0.0\n",
        NULL));
    static const struct {
        const char *address;
        bounce_action action;
        bounce_reason reason;
        bounce_type type;
        const char *status;
    } want[] = {{"a@example.net", BOUNCE_ACTION_FAILED, BOUNCE_REASON_NO_SUCH_USER, BOUNCE_TYPE_HARD, "5.1.1"},
                {"b@example.net", BOUNCE_ACTION_DELAYED, BOUNCE_REASON_MAILBOX_FULL, BOUNCE_TYPE_SOFT, "4.2.2"},
                {"c@example.net", BOUNCE_ACTION_DELIVERED, BOUNCE_REASON_DELIVERED, BOUNCE_TYPE_NONE, "2.0.0"}};
    cr_assert_eq(bounce_report_recipients(report), COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), want[i].address);
        cr_assert_eq(bounce_recipient_action(r), want[i].action, "%s", want[i].address);
        cr_assert_eq(bounce_recipient_reason(r), want[i].reason, "%s", want[i].address);
        cr_assert_eq(bounce_recipient_type(r), want[i].type, "%s", want[i].address);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATUS), want[i].status, "%s", want[i].address);
    }
}

/* What the report does not state must not be shown as stated. */
Test(dsn, nothing_is_invented)
{
    const bounce_recipient *r = only(
        parse_mail(dsn_mail(NULL, PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: failed\n", NULL)),
        "bare");
    static const bounce_recipient_field fields[] = {BOUNCE_RECIPIENT_ORIGINAL,         BOUNCE_RECIPIENT_STATED_STATUS,
                                                    BOUNCE_RECIPIENT_REMOTE_MTA,       BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE,
                                                    BOUNCE_RECIPIENT_DIAGNOSTIC,       BOUNCE_RECIPIENT_LAST_ATTEMPT,
                                                    BOUNCE_RECIPIENT_WILL_RETRY_UNTIL, BOUNCE_RECIPIENT_TAG};
    for (size_t i = 0; i < COUNT(fields); i++)
        cr_assert_null(bounce_recipient_string(r, fields[i]), "field %d", fields[i]);
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), -1);
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_QUEUED_FOR_S), -1);
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_ATTEMPTS), -1);
    cr_assert_eq(bounce_recipient_command(r), BOUNCE_COMMAND_NONE);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATUS), "4.0.0"); /* judged: unknown, not permanent */
}

/* -------------------------------------------------------------------- caps */

/* Each in as few bytes as possible: the text of a part has its own cap. */
static bounce_report *parse_recipients(size_t count)
{
    static const char head[] = "From: mailer-daemon@mx.example.org\nSubject: Undelivered\n"
                               "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                               "--b\nContent-Type: message/delivery-status\n\n";
    char *mail = malloc(sizeof head + count * 32), *end = mail + sprintf(mail, "%s", head);
    for (size_t i = 0; i < count; i++)
        end += sprintf(end, "Final-Recipient:%zx@b.c\n\n", i);
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(core_parser, mail, (size_t)(end - mail), &report, NULL), BOUNCE_OK);
    free(mail);
    return core_keep(report);
}

/* A group that is left out since it names nobody leads to a warning, unless it states nothing. */
Test(dsn, a_group_that_names_nobody)
{
    static const struct {
        const char *fields;
        bool warned;
    } groups[] = {{"Action: failed\n", true},
                  {"Status: 5.1.1\n", true},
                  {"Diagnostic-Code: smtp; unknown\n", true},
                  {"X-Queue: 1\n", false},
                  {"", false}};
    for (size_t i = 0; i < COUNT(groups); i++) {
        char fields[200];
        snprintf(
            fields, sizeof fields,
            "Final-Recipient: rfc822;\n%s\nFinal-Recipient: rfc822; joe@example.net\nAction: failed\nStatus: 5.2.2\n",
            groups[i].fields);
        const bounce_report *r = parse_mail(dsn_mail("Failed.\n", fields, NULL));
        cr_expect_eq(bounce_report_recipients(r), 1u);
        cr_expect_eq(has_warning(r, "no-recipient"), groups[i].warned, "%s", groups[i].fields);
    }
}

Test(dsn, as_many_recipients_as_are_read)
{
    bounce_report *at = parse_recipients(LIMIT_RECIPIENTS);
    cr_assert_eq(bounce_report_recipients(at), LIMIT_RECIPIENTS);
    cr_assert_not(has_warning(at, "too-many-recipients"));
    bounce_report *beyond = parse_recipients(LIMIT_RECIPIENTS + 1);
    cr_assert_eq(bounce_report_recipients(beyond), LIMIT_RECIPIENTS);
    cr_assert(has_warning(beyond, "too-many-recipients"));
}

/* Somebody forwarded them: with a margin, or quotation marks at the beginning of lines. */
Test(dsn, fields_with_a_margin)
{
    static const char *const marks[] = {"    ", "> ", "\t"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        char status[300];
        (void)snprintf(status, sizeof status,
                       "%sReporting-MTA: dns; mx.example.org\n%s\n%sFinal-Recipient: rfc822; user@example.net\n"
                       "%sAction: failed\n%sStatus: 5.1.1\n",
                       marks[i], marks[i], marks[i], marks[i], marks[i]);
        bounce_report *r = parse_mail(dsn_mail(NULL, status, NULL));
        cr_assert_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "mx.example.org", "%zu", i);
        cr_assert_str_eq(text_of(only(r, marks[i]), BOUNCE_RECIPIENT_STATED_STATUS), "5.1.1", "%zu", i);
    }
}

Test(dsn, words_in_place_of_a_status)
{
    bounce_report *r = parse_mail(dsn_mail(NULL,
                                           PER_MESSAGE "Final-Recipient: rfc822; user@example.net\nAction: failed\n"
                                                       "Status: User unknown\n",
                                           NULL));
    cr_assert_eq(bounce_recipient_reason(only(r, "words")), BOUNCE_REASON_NO_SUCH_USER);
}
