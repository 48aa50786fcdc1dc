/* SPDX-License-Identifier: MIT */
/* test_event.c - recipients of reports as events. */
#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bounce_rules *rules;
static bounce_parser *parser;
static bounce_policy_event event;

enum { NOW = 1796000000 };

static void set_up(void)
{
    rules = bounce_rules_default();
    parser = bounce_parser_new(rules, NULL);
}

static void tear_down(void)
{
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

TestSuite(event, .init = set_up, .fini = tear_down);

static void read_event(bounce_report *report)
{
    cr_assert_eq(bounce_policy_event_from(report, 0, NOW, &event), BOUNCE_OK);
    cr_assert_eq(bounce_policy_event_from(report, 1000, NOW, &event), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_NOTHING);
    cr_assert_eq(bounce_policy_event_from(report, 0, NOW, &event), BOUNCE_OK);
    bounce_report_free(report);
}

static void read_mail(const char *mail)
{
    bounce_report *report;
    cr_assert_eq(bounce_parse(parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    read_event(report);
}

static void read_reply(const char *reply)
{
    bounce_report *report;
    cr_assert_eq(bounce_parse_reply(parser, reply, strlen(reply), NULL, &report, NULL), BOUNCE_OK);
    read_event(report);
}

static const char *report_of(const char *fields, const char *type, const char *part)
{
    static char mail[4096];
    snprintf(mail, sizeof mail,
             "From: MAILER-DAEMON@maple.example\nTo: bounces@ours.example\nSubject: report\n"
             "Date: Sun, 29 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
             "Content-Type: multipart/report; report-type=%s; boundary=b\n\n"
             "--b\nContent-Type: text/plain\n\nA report.\n--b\nContent-Type: message/%s\n\n%s\n"
             "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@ours.example>\nFrom: a@ours.example\n"
             "To: anna@maple.example\nSubject: x\n\n--b--\n",
             type, part, fields);
    return mail;
}

Test(event, a_bounce)
{
    read_mail(report_of("Reporting-MTA: dns; maple.example\n\nFinal-Recipient: rfc822; anna@maple.example\n"
                        "Action: failed\nStatus: 5.1.1\nLast-Attempt-Date: Sun, 29 Nov 2026 09:00:00 +0000\n"
                        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\n",
                        "delivery-status", "delivery-status"));
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_BOUNCE);
    cr_assert_eq(event.type, BOUNCE_TYPE_HARD);
    cr_assert_eq(event.reason, BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_eq(event.flags, BOUNCE_EVENT_PERMANENT);
    cr_assert_eq(event.time, 1795942800);
    cr_assert_eq(event.message, bounce_message_key("1@ours.example"));
}

Test(event, a_time_in_the_future)
{
    read_mail(report_of("Reporting-MTA: dns; maple.example\n\nFinal-Recipient: rfc822; anna@maple.example\n"
                        "Action: failed\nStatus: 5.1.1\nLast-Attempt-Date: Sun, 29 Nov 2099 09:00:00 +0000\n",
                        "delivery-status", "delivery-status"));
    cr_assert_eq(event.time, 1795946400); /* that of the report */
}

Test(event, delays_and_deliveries)
{
    static const struct {
        const char *action;
        bounce_happened happened;
        uint32_t flags;
    } rows[] = {{"delayed", BOUNCE_HAPPENED_DELAY, 0},
                {"delivered", BOUNCE_HAPPENED_DELIVERY, BOUNCE_EVENT_FINAL},
                {"relayed", BOUNCE_HAPPENED_DELIVERY, 0},
                {"expanded", BOUNCE_HAPPENED_DELIVERY, 0}};
    char fields[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(fields, sizeof fields,
                 "Reporting-MTA: dns; maple.example\n\nFinal-Recipient: rfc822; anna@maple.example\nAction: %s\n"
                 "Status: %s\n",
                 rows[i].action, i ? "2.0.0" : "4.4.1");
        read_mail(report_of(fields, "delivery-status", "delivery-status"));
        cr_assert_eq(event.happened, (int32_t)rows[i].happened, "%s", rows[i].action);
        cr_assert_eq(event.flags, rows[i].flags, "%s", rows[i].action);
    }
}

/* A filter accepts every mail, whether its recipient exists or not. */
Test(event, a_delivery_to_a_filter)
{
    read_mail(report_of("Reporting-MTA: dns; mx.ours.example\n\nFinal-Recipient: rfc822; anna@maple.example\n"
                        "Action: delivered\nStatus: 2.0.0\nRemote-MTA: dns; eu-smtp-inbound-1.mimecast.com\n",
                        "delivery-status", "delivery-status"));
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_DELIVERY);
    cr_assert_eq(event.flags & BOUNCE_EVENT_FINAL, 0);
}

Test(event, feedback)
{
    static const struct {
        const char *type;
        bounce_happened happened;
    } rows[] = {{"abuse", BOUNCE_HAPPENED_COMPLAINT},
                {"not-spam", BOUNCE_HAPPENED_NOT_SPAM},
                {"auth-failure", BOUNCE_HAPPENED_NOTHING},
                {"opt-out", BOUNCE_HAPPENED_UNSUBSCRIPTION}};
    char fields[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(fields, sizeof fields,
                 "Feedback-Type: %s\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <anna@maple.example>\n",
                 rows[i].type);
        read_mail(report_of(fields, "feedback-report", "feedback-report"));
        cr_assert_eq(event.happened, (int32_t)rows[i].happened, "%s", rows[i].type);
        cr_assert_eq(event.flags & BOUNCE_EVENT_CANDIDATE, 0);
        cr_assert_eq(event.message, bounce_message_key("1@ours.example"));
    }
}

Test(event, several_candidates)
{
    read_mail(report_of("Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <anna@maple.example>\n"
                        "Original-Rcpt-To: <otto@maple.example>\n",
                        "feedback-report", "feedback-report"));
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_COMPLAINT);
    cr_assert_neq(event.flags & BOUNCE_EVENT_CANDIDATE, 0);
}

Test(event, replies)
{
    read_reply("550 5.1.1 <anna@maple.example>: user unknown");
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_BOUNCE);
    cr_assert_eq(event.time, NOW);
    cr_assert_eq(event.flags, BOUNCE_EVENT_PERMANENT | BOUNCE_EVENT_TRUSTED);
    read_reply("450 4.2.0 <anna@maple.example>: greylisted, try again in 300 seconds");
    cr_assert_eq(event.happened, BOUNCE_HAPPENED_DELAY);
    cr_assert_eq(event.retry_at, NOW + 300);
}

/* They have no recipient, so there are no events. */
Test(event, automatic_replies)
{
    const char *mail = "From: anna@maple.example\nTo: list@ours.example\nSubject: Out of office\n"
                       "Auto-Submitted: auto-replied\n\nI am on holiday until Monday.\n";
    bounce_report *report;
    cr_assert_eq(bounce_parse(parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_report_kind(report), BOUNCE_KIND_AUTO_REPLY);
    cr_assert_eq(bounce_policy_event_from(report, 0, NOW, &event), BOUNCE_ERROR_ARGUMENT);
    bounce_report_free(report);
}

Test(event, nothing)
{
    cr_assert_eq(bounce_policy_event_from(NULL, 0, NOW, &event), BOUNCE_ERROR_ARGUMENT);
}
