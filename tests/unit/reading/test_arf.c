/* SPDX-License-Identifier: MIT */
/* test_arf.c - complaints: RFC 5965 feedback, Hotmail's junk mail reports, Amazon SES notifications. */
#include "core_testing.h"

TestSuite(arf, .init = core_set_up, .fini = core_tear_down);

static const char *feedback_mail(const char *fields, const char *original)
{
    static char mail[8192];
    snprintf(mail, sizeof mail,
             "From: <feedback@provider.example>\nTo: abuse@example.org\nSubject: complaint\n"
             "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
             "--b\n\nThis is an abuse report.\n"
             "--b\nContent-Type: message/feedback-report\n\n%s\n"
             "--b\nContent-Type: message/rfc822\n\n%s\n\nHello\n--b--\n",
             fields, original ? original : "From: news@example.org\nTo: user@example.net\nSubject: news");
    return mail;
}

#define ABUSE "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"

Test(arf, fields_of_the_feedback)
{
    bounce_report *r = parse_mail(
        feedback_mail(ABUSE "Original-Mail-From: <bounces@example.org>\nOriginal-Rcpt-To: <user@example.net>\n"
                            "Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000\nSource-IP: 192.0.2.1\n"
                            "Reporting-MTA: dns; mail.provider.example\n",
                      NULL));
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_ARF);
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_TYPE), "abuse");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_USER_AGENT), "SomeGenerator/1.0");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_SOURCE_IP), "192.0.2.1");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM), "bounces@example.org");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "mail.provider.example");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ARRIVAL_DATE), "2026-01-31T10:00:00Z");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_SUBJECT), "news");
    const bounce_recipient *to = only(r, "abuse");
    cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_assert_eq(bounce_recipient_action(to), BOUNCE_ACTION_COMPLAINT);
    cr_assert_eq(bounce_recipient_reason(to), BOUNCE_REASON_COMPLAINT);
    cr_assert_eq(bounce_recipient_type(to), BOUNCE_TYPE_NONE);
    cr_assert_not(bounce_recipient_permanent(to));
    cr_assert_eq(bounce_recipient_decided_by(to), BOUNCE_DECIDED_BY_NOBODY);
    cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_STATUS), "-");
}

/* Feedback that is not a complaint of the recipient must not end a subscription. */
Test(arf, which_types_advise_suppress)
{
    static const struct {
        const char *type, *shown, *advice;
    } rows[] = {{"abuse", "abuse", "suppress"},
                {"fraud", "fraud", "suppress"},
                {"virus", "virus", "suppress"},
                {"opt-out", "opt-out", "suppress"},
                {"other", "other", "suppress"},
                {"not-spam", "not-spam", "none"},
                {"Not-Spam", "not-spam", "none"},
                {"auth-failure", "auth-failure", "none"},
                {"AUTH-FAILURE (dmarc)", "auth-failure", "none"},
                {"(he was wrong) not-spam", "not-spam", "none"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fields[256];
        snprintf(fields, sizeof fields, "Feedback-Type: %s\nVersion: 1\nOriginal-Rcpt-To: user@example.net\n",
                 rows[i].type);
        bounce_report *r = parse_mail(feedback_mail(fields, NULL));
        cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_TYPE), rows[i].shown, "%s", rows[i].type);
        cr_assert_str_eq(advice_of(only(r, rows[i].type)), rows[i].advice, "%s", rows[i].type);
    }
}

/* RFC 5965 3.1 allows comments before values. */
Test(arf, comments_before_values)
{
    bounce_report *r = parse_mail(feedback_mail("Feedback-Type: (c) abuse\nVersion: 1\nSource-IP: (c) 192.0.2.1\n"
                                                "Reporting-MTA: (c) dns; (d) mail.provider.example\n",
                                                NULL));
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_TYPE), "abuse");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_SOURCE_IP), "192.0.2.1");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "mail.provider.example");
}

Test(arf, recipients)
{
    static const struct {
        const char *name, *fields, *original;
        size_t count;
        const char *first;
    } rows[] = {
        {"stated twice", ABUSE "Original-Rcpt-To: a@example.net\nOriginal-Rcpt-To: b@example.net\n", NULL, 2,
         "a@example.net"},
        {"the same twice", ABUSE "Original-Rcpt-To: a@example.net\nOriginal-Rcpt-To: <A@Example.net>\n", NULL, 1,
         "a@example.net"},
        {"of the returned message", ABUSE, NULL, 1, "user@example.net"},
        {"hidden", ABUSE "Original-Rcpt-To: [redacted]\n", NULL, 1, "user@example.net"},
        {"removal", ABUSE "Removal-Recipient: c@example.net\n", NULL, 1, "c@example.net"},
        {"several in To", ABUSE, "From: news@example.org\nTo: a@example.net, Bob <b@example.net>\nSubject: news", 2,
         "a@example.net"},
        {"nobody", ABUSE, "From: news@example.org\nSubject: news", 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = parse_mail(feedback_mail(rows[i].fields, rows[i].original));
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_ARF, "%s", rows[i].name);
        cr_assert_eq(bounce_report_recipients(r), rows[i].count, "%s: %zu", rows[i].name, bounce_report_recipients(r));
        if (rows[i].count)
            cr_assert_str_eq(text_of(bounce_report_recipient(r, 0), BOUNCE_RECIPIENT_ADDRESS), rows[i].first, "%s",
                             rows[i].name);
    }
}

/* ------------------------------------------------------- Hotmail's reports */

Test(arf, junk_mail_reports_of_hotmail)
{
    static const char mail[] =
        "From: staff@hotmail.com\nTo: abuse@example.org\nSubject: complaint about message from 192.0.2.1\n"
        "X-HmXmrOriginalRecipient: user@example.net\nContent-Type: text/plain\n\nHello\n";
    bounce_report *r = parse_mail(mail);
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_ARF);
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_TYPE), "abuse");
    cr_assert_str_eq(text_of(only(r, "jmrp"), BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_assert_str_eq(advice_of(only(r, "jmrp")), "suppress");
}

/* Anybody can write that field: without Hotmail's own sender it means nothing. */
Test(arf, junk_mail_reports_of_others_are_none)
{
    static const char mail[] = "From: eve@example.org\nTo: abuse@example.org\nSubject: hello\n"
                               "X-HmXmrOriginalRecipient: user@example.net\n\nHello\n";
    bounce_report *r = parse_mail(mail);
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_NONE);
    cr_assert_eq(bounce_report_recipients(r), 0);
}

/* ----------------------------------------------------- SES notifications */

static const char *notification_mail(const char *json)
{
    static char mail[8192];
    snprintf(mail, sizeof mail,
             "From: AWS Notifications <no-reply@sns.amazonaws.com>\nTo: ops@example.org\n"
             "Subject: Amazon SES Email Event Notification\nContent-Type: text/plain; charset=UTF-8\n\n%s\n",
             json);
    return mail;
}

Test(arf, notification_of_a_bounce)
{
    bounce_report *r = parse_mail(notification_mail(
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"feedbackId\":\"1\",\"bounceType\":\"Permanent\",\"bouncedRecipients\":["
        "{\"emailAddress\":\"user@example.net\",\"action\":\"failed\",\"status\":\"5.1.1\","
        "\"diagnosticCode\":\"smtp; 550 5.1.1 user \\\"unknown\\\"\"},"
        "{\"emailAddress\":\"b@example.net\",\"status\":\"5.2.2\"}],"
        "\"reportingMTA\":\"dns; a1.smtp-out.example.com\"},\"mail\":{\"destination\":[\"other@example.net\"]}}"));
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_NDR);
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_SOFTWARE), "amazon-ses");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "a1.smtp-out.example.com");
    cr_assert_eq(bounce_report_recipients(r), 2);
    const bounce_recipient *a = bounce_report_recipient(r, 0), *b = bounce_report_recipient(r, 1);
    cr_assert_str_eq(text_of(a, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_assert_str_eq(text_of(a, BOUNCE_RECIPIENT_DIAGNOSTIC), "550 5.1.1 user \"unknown\"");
    cr_assert_str_eq(text_of(a, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "smtp");
    cr_assert_eq(bounce_recipient_action(a), BOUNCE_ACTION_FAILED);
    cr_assert_eq(bounce_recipient_reason(a), BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_eq(bounce_recipient_reason(b), BOUNCE_REASON_MAILBOX_FULL);
    cr_assert_str_eq(text_of(b, BOUNCE_RECIPIENT_DIAGNOSTIC), "-"); /* that of the first recipient is not its own */
}

Test(arf, notification_of_a_complaint)
{
    static const struct {
        const char *type, *advice;
    } rows[] = {{"abuse", "suppress"}, {"not-spam", "none"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[512];
        snprintf(
            json, sizeof json,
            "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"user@example.net\"}],"
            "\"complaintFeedbackType\":\"%s\"}}",
            rows[i].type);
        bounce_report *r = parse_mail(notification_mail(json));
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_ARF);
        cr_assert_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_TYPE), rows[i].type);
        cr_assert_str_eq(advice_of(only(r, rows[i].type)), rows[i].advice);
    }
}

Test(arf, notification_of_a_delivery)
{
    bounce_report *r = parse_mail(notification_mail(
        "{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":[\"a@example.net\",\"b@example.net\"],"
        "\"smtpResponse\":\"250 2.0.0 OK\",\"reportingMTA\":\"a1.example.com\"}}"));
    cr_assert_eq(bounce_report_recipients(r), 2);
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(bounce_recipient_action(bounce_report_recipient(r, i)), BOUNCE_ACTION_DELIVERED);
}

/* Mail programs fold such bodies, so that they are not valid JSON any more. */
Test(arf, notifications_that_are_cut_or_broken)
{
    static const char *const bodies[] = {
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"user@example.net\"",
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\n\"user@example.net\",\"diagnosticCode\":\"550 User\nunknown",
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"user@example.net\",\"status\":\"\\u00"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const bounce_recipient *to = only(parse_mail(notification_mail(bodies[i])), bodies[i]);
        cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    }
    /* A mail whose subject mentions it is not one. */
    cr_assert_eq(
        bounce_report_recipients(parse_mail(notification_mail("Have you seen \"emailAddress\":\"user@example.net\"?"))),
        0);
}

/* What the report leaves out is taken from the returned header, and marked. */
static const char *inferred_of(const bounce_report *r)
{
    static char list[256];
    list[0] = '\0';
    for (size_t i = 0; i < bounce_report_inferred_count(r); i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? "," : "", bounce_report_inferred(r, i));
    }
    return list;
}

#define PEOPLE "From: News <news@example.org>\nTo: user@example.net\nSubject: news"

Test(arf, inferred_from_the_returned_header)
{
    static const struct {
        const char *fields, *original, *ip, *sender, *arrival, *inferred;
    } rows[] = {
        {ABUSE, PEOPLE, "-", "news@example.org", "-", "original_mail_from,recipients"},
        {ABUSE "Source-IP: 192.0.2.9\nOriginal-Mail-From: <b@example.org>\nOriginal-Rcpt-To: user@example.net\n"
               "Arrival-Date: Sat, 31 Jan 2026 10:00:00 +0000\n",
         "Return-Path: <x@example.org>\nReceived: from a.example.org ([198.51.100.7]) by mx.example.net; Sat, 31 Jan "
         "2026 11:00:00 +0000\n" PEOPLE,
         "192.0.2.9", "b@example.org", "2026-01-31T10:00:00Z", ""},
        {ABUSE "Original-Mail-From: <>\nOriginal-Rcpt-To: user@example.net\n", "Return-Path: <x@example.org>\n" PEOPLE,
         "-", "-", "-", ""},
        /* Neither the hops inside the provider nor private addresses count. */
        {ABUSE,
         "Received: from in.example.net (in.example.net [203.0.113.1]) by store.example.net; Sat, 31 Jan 2026 "
         "10:00:09 +0000\nReceived: from relay (unknown [10.0.0.7]) by in.example.net; Sat, 31 Jan 2026 10:00:08 "
         "+0000\nReceived: from out.example.org (out.example.org [IPv6:2001:db8::25])\n\tby mx.example.net (Postfix); "
         "Sat, 31 Jan 2026 10:00:07 +0000\nReceived: from desk ([198.51.100.9]) by out.example.org; Sat, 31 Jan 2026 "
         "10:00:01 +0000\nReturn-Path: <b+1@example.org>\n" PEOPLE,
         "2001:db8::25", "b+1@example.org", "2026-01-31T10:00:07Z",
         "source_ip,original_mail_from,arrival_date,recipients"},
        /* Two organisations below the same country's "co". */
        {ABUSE,
         "Received: from mail.sender.co.uk (mail.sender.co.uk [203.0.113.5]) by mx.provider.co.uk; Sat, 31 Jan 2026 "
         "10:00:07 +0000\nReceived: from desk (desk.sender.co.uk [198.51.100.9]) by mail.sender.co.uk; Sat, 31 Jan "
         "2026 10:00:01 +0000\nReturn-Path: <b@sender.co.uk>\n" PEOPLE,
         "203.0.113.5", "b@sender.co.uk", "2026-01-31T10:00:07Z",
         "source_ip,original_mail_from,arrival_date,recipients"},
        {ABUSE,
         "Received-SPF: pass (example.net: domain of b@example.org designates 192.0.2.4 as permitted sender) "
         "client-ip=192.0.2.5; envelope-from=b2@example.org;\n" PEOPLE,
         "192.0.2.5", "b2@example.org", "-", "source_ip,original_mail_from,recipients"},
        {ABUSE,
         "Authentication-Results: spf=pass (sender IP is 192.0.2.6) smtp.mailfrom=b3@example.org; dkim=pass\n" PEOPLE,
         "192.0.2.6", "b3@example.org", "-", "source_ip,original_mail_from,recipients"},
        {ABUSE, "X-Forefront-Antispam-Report: CIP:192.0.2.8;CTRY:DE\n" PEOPLE, "192.0.2.8", "news@example.org", "-",
         "source_ip,original_mail_from,recipients"},
        {ABUSE, "Received-SPF: pass client-ip=999.0.2.5;\n" PEOPLE, "-", "news@example.org", "-",
         "original_mail_from,recipients"},
        {ABUSE,
         "From: n@example.org\nTo: undisclosed-recipients:;\nX-Apparently-To: user@example.net via 192.0.2.1\n"
         "Subject: x",
         "-", "n@example.org", "-", "original_mail_from,recipients"},
        {"", PEOPLE, "-", "news@example.org", "-", "original_mail_from,recipients"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = parse_mail(feedback_mail(rows[i].fields, rows[i].original));
        cr_expect_eq(bounce_report_kind(r), BOUNCE_KIND_ARF, "row %zu", i);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_SOURCE_IP), rows[i].ip, "row %zu", i);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM), rows[i].sender, "row %zu", i);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ARRIVAL_DATE), rows[i].arrival, "row %zu", i);
        cr_expect_str_eq(inferred_of(r), rows[i].inferred, "row %zu", i);
        cr_expect_str_eq(text_of(only(r, rows[i].original), BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    }
}
