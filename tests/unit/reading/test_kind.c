/* SPDX-License-Identifier: MIT */
/* test_kind.c - what a message is (reading/kind.c), and where its recipients come from. */
#include "core_testing.h"

#include <stdlib.h>

TestSuite(kinds, .init = core_set_up, .fini = core_tear_down);

#define FROM_DAEMON "From: MAILER-DAEMON@mx.example.org\nTo: sender@example.org\n"
#define FROM_PERSON "From: Ann <ann@example.org>\nTo: bob@example.net\n"
#define FIELDS \
    "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.1.1\n"

/* ---------------------------------------------------------- ordinary mail */

Test(kinds, ordinary_mail)
{
    static const struct {
        const char *name, *mail;
    } rows[] = {
        {"empty", ""},
        {"one byte", "x"},
        {"blank lines", "\n\n\n"},
        {"no header", "just some words\n"},
        {"header only", "Subject: x\n"},
        {"a letter", FROM_PERSON "Subject: lunch\n\nAt noon?\n"},
        {"a letter about a bounce",
         FROM_PERSON "Subject: Re: lunch\n\nI got this: 550 5.1.1 <user@example.net>: User unknown\n"},
        {"a quoted report", FROM_PERSON
         "Subject: Re: Undelivered Mail\n\n> <user@example.net>: host mx.example.net said: 550 User unknown\n"},
        {"a list's footer", FROM_PERSON "Subject: [list] failure notice\n\n<user@example.net>: User unknown\n"},
        {"a postmaster's letter",
         "From: postmaster@example.org\nTo: bob@example.net\nSubject: maintenance\n\nWe are down on Sunday.\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = parse_mail(rows[i].mail);
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_NONE, "%s: %s", rows[i].name,
                     bounce_kind_name(bounce_report_kind(r)));
        cr_assert_eq(bounce_report_recipients(r), 0, "%s", rows[i].name);
        cr_assert_null(bounce_report_string(r, BOUNCE_REPORT_SOFTWARE), "%s", rows[i].name);
    }
}

/* ----------------------------------------------------- disposition (MDN) */

static const char *disposition_mail(const char *text, const char *disposition)
{
    static char mail[4096];
    snprintf(mail, sizeof mail,
             "From: user@example.net\nTo: sender@example.org\nSubject: Read: lunch\n"
             "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
             "--b\n\n%s\n--b\nContent-Type: message/disposition-notification\n\n"
             "Reporting-UA: mail.example.net; Program 1.0\nFinal-Recipient: rfc822; user@example.net\n%s\n--b--\n",
             text, disposition);
    return mail;
}

Test(kinds, read_receipts_have_no_recipients)
{
    static const char *const dispositions[] = {"Disposition: manual-action/MDN-sent-manually; displayed\n",
                                               "Disposition: automatic-action/MDN-sent-automatically; processed\n",
                                               "Disposition: manual-action/MDN-sent-manually; deleted\n",
                                               "Disposition: automatic-action/MDN-sent-automatically; dispatched\n",
                                               ""};
    for (size_t i = 0; i < COUNT(dispositions); i++) {
        bounce_report *r = parse_mail(disposition_mail("Your message was displayed.", dispositions[i]));
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_MDN, "%s", dispositions[i]);
        cr_assert_eq(bounce_report_recipients(r), 0, "%s", dispositions[i]);
    }
}

/* Sieve and Dovecot refuse mail with one. */
Test(kinds, rejections_in_the_form_of_a_receipt)
{
    bounce_report *r =
        parse_mail(disposition_mail("Your message was automatically rejected:\nThe mailbox is over quota.",
                                    "Disposition: automatic-action/MDN-sent-automatically; deleted\n"));
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_MDN);
    const bounce_recipient *to = only(r, "rejected");
    cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_ADDRESS), "user@example.net");
    cr_assert_eq(bounce_recipient_action(to), BOUNCE_ACTION_FAILED);
    cr_assert_eq(bounce_recipient_reason(to), BOUNCE_REASON_MAILBOX_FULL);
    cr_assert_eq(bounce_recipient_decided_by(to), BOUNCE_DECIDED_BY_REPORTER);
}

/* ------------------------------------------- automatic replies, challenges */

Test(kinds, automatic_replies)
{
    static const struct {
        const char *name, *mail;
    } rows[] = {
        {"vacation",
         "From: user@example.net\nTo: sender@example.org\nSubject: Out of office: lunch\nAuto-Submitted: auto-replied\n\n"
         "I am out of the office until Monday.\n"},
        {"names a colleague",
         "From: user@example.net\nTo: sender@example.org\nSubject: Out of office\nAuto-Submitted: auto-replied (vacation)\n\n"
         "I am out of the office. Please write to <other@example.net>.\n"},
        {"a daemon writes it", FROM_DAEMON
         "Subject: Delivery report\nAuto-Submitted: auto-replied (vacation)\n\nI am on holiday until Monday.\n"},
        {"an acknowledgement quotes a report",
         "Return-Path: <>\nFrom: desk@example.net\nTo: sender@example.org\nPrecedence: bulk\n"
         "Subject: [Ticket#1] Mail delivery failed (Ticket created)\nAuto-Submitted: auto-generated\n\n"
         "Your request has been received under the number 1.\n\n"
         "> This message was created automatically by mail delivery software.\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = parse_mail(rows[i].mail);
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_AUTO_REPLY, "%s", rows[i].name);
        cr_assert_eq(bounce_report_recipients(r), 0, "%s", rows[i].name);
    }
}

Test(kinds, challenges)
{
    bounce_report *r =
        parse_mail("From: Joe <joe@example.net>\nTo: sender@example.org\nSubject: Please confirm your message\n"
                   "Auto-Submitted: auto-replied\n\n"
                   "This message was created automatically by mail delivery software (TMDA).\n"
                   "To release your message for delivery, please reply to this request.\n");
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_CHALLENGE);
    const bounce_recipient *to = only(r, "challenge");
    cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
    cr_assert_eq(bounce_recipient_reason(to), BOUNCE_REASON_CHALLENGE);
    cr_assert_eq(bounce_recipient_type(to), BOUNCE_TYPE_NONE);
    cr_assert_not(bounce_recipient_permanent(to));
    r = parse_mail("From: Joe <joe-dated-1097373604.a1b2c3@example.net>\nTo: sender@example.org\n"
                   "Subject: Please confirm your message\nAuto-Submitted: auto-replied\n\n"
                   "This message was created automatically by mail delivery software (TMDA).\n");
    cr_assert_str_eq(text_of(only(r, "dated"), BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
}

/* ------------------------------------------------- where the fields are */

Test(kinds, fields_of_a_delivery_status)
{
    static const struct {
        const char *name, *mail;
    } rows[] = {
        {"a part", FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                               "--b\n\nhello\n--b\nContent-Type: message/delivery-status\n\n" FIELDS "\n--b--\n"},
        {"multipart/mixed",
         FROM_DAEMON "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
                     "--b\n\nhello\n--b\nContent-Type: message/delivery-status\n\n" FIELDS "\n--b--\n"},
        {"global",
         FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                     "--b\n\nhello\n--b\nContent-Type: message/global-delivery-status\n\n" FIELDS "\n--b--\n"},
        {"base64", FROM_DAEMON
         "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
         "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
         "UmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlLm9yZwoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IHVzZXJAZXhhbXBsZS5uZXQK"
         "QWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo=\n--b--\n"},
        {"the mail itself", FROM_DAEMON "Subject: x\nContent-Type: message/delivery-status\n\n" FIELDS},
        {"CRLF", NULL},
        {"no end", FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                               "--b\nContent-Type: message/delivery-status\n\n" FIELDS},
        {"boundary never shows",
         FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=zzz\n\n"
                     "--b\nContent-Type: message/delivery-status\n\n" FIELDS "\n--b--\n"},
        {"no boundary",
         FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status\n\n" FIELDS},
        {"plain text", FROM_DAEMON "Subject: Undelivered mail\n\nThe mail could not be delivered.\n\n" FIELDS},
        {"attached text",
         FROM_DAEMON "Subject: Undelivered mail\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee details.\n"
                     "--b\nContent-Type: application/octet-stream; name=details.txt\n"
                     "Content-Disposition: attachment; filename=details.txt\n\n" FIELDS "\n--b--\n"},
        {"a blank line in front",
         "\n" FROM_DAEMON "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
         "--b\nContent-Type: message/delivery-status\n\n" FIELDS "\n--b--\n"},
    };
    char crlf[4096], *end = crlf;
    for (const char *c = rows[0].mail; *c; c++) {
        if (*c == '\n')
            *end++ = '\r';
        *end++ = *c;
    }
    *end = '\0';
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = parse_mail(rows[i].mail ? rows[i].mail : crlf);
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_DSN, "%s: %s", rows[i].name,
                     bounce_kind_name(bounce_report_kind(r)));
        const bounce_recipient *to = only(r, rows[i].name);
        cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_ADDRESS), "user@example.net", "%s", rows[i].name);
        cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_STATED_STATUS), "5.1.1", "%s", rows[i].name);
        cr_assert_str_eq(report_text(r, BOUNCE_REPORT_REPORTING_MTA), "mx.example.org", "%s", rows[i].name);
    }
}

/* A blank line cuts the header in two; what only its upper part states, here the
 * date, is lost. */
Test(kinds, header_that_begins_anew)
{
    bounce_report *r = parse_mail(
        "Received: by mx.example.org\nDate: Mon, 16 Aug 2010 13:45:00 +0100\n\n" FROM_DAEMON
        "Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nArrival-Date: Mon, 16 Aug 2010 12:45:00 +0100\n" FIELDS
        "\n--b--\n");
    cr_assert_str_eq(report_text(r, BOUNCE_REPORT_DATE), "-");
    cr_assert_eq(number_of(only(r, "begins anew"), BOUNCE_RECIPIENT_QUEUED_FOR_S), -1);
}

/* A report that a person forwards, or that is inside another returned message. */
Test(kinds, fields_that_do_not_count)
{
    bounce_report *person = parse_mail(FROM_PERSON "Subject: what is this?\n\nI got:\n\n" FIELDS);
    cr_assert_eq(bounce_report_kind(person), BOUNCE_KIND_NONE);
    bounce_report *nested = parse_mail(
        FROM_DAEMON "Subject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
                    "Final-Recipient: rfc822; outer@example.net\nAction: failed\nStatus: 5.2.2\n"
                    "--b\nContent-Type: message/rfc822\n\nFrom: mailer-daemon@example.com\n"
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=i\n\n"
                    "--i\nContent-Type: message/delivery-status\n\n" FIELDS "\n--i--\n--b--\n");
    cr_assert_str_eq(text_of(only(nested, "nested"), BOUNCE_RECIPIENT_ADDRESS), "outer@example.net");
}

/* ------------------------------------------------------------- recipients */

Test(kinds, recipient_from_elsewhere)
{
    static const char bare[] = "Reporting-MTA: dns; mx.example.org\n\nAction: failed\nStatus: 5.2.2\n";
    /* The text names it; otherwise the returned message. */
    cr_assert_str_eq(text_of(only(parse_mail(dsn_mail("Not delivered:\n\n<joe@example.net>\n", bare, NULL)), "text"),
                             BOUNCE_RECIPIENT_ADDRESS),
                     "joe@example.net");
    cr_assert_str_eq(
        text_of(only(parse_mail(dsn_mail("Not delivered.\n", bare, NULL)), "returned"), BOUNCE_RECIPIENT_ADDRESS),
        "user@example.net");
}

Test(kinds, failed_recipients_of_the_header)
{
    bounce_report *r = parse_mail(
        FROM_DAEMON "Subject: Mail delivery failed: returning message to sender\n"
                    "X-Failed-Recipients: a@example.net, b@example.net\n\nA message could not be delivered.\n");
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_NDR);
    cr_assert_eq(bounce_report_recipients(r), 2);
    cr_assert_str_eq(text_of(bounce_report_recipient(r, 1), BOUNCE_RECIPIENT_ADDRESS), "b@example.net");
}

static const bounce_recipient *verp_recipient(const char *pattern, const char *to, const char *final)
{
    char mail[2048];
    snprintf(mail, sizeof mail,
             "From: mailer-daemon@mx.example.org\nTo: <%s>\nSubject: Undelivered mail\n"
             "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
             "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
             "Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n--b--\n",
             to, final);
    bounce_options *options = bounce_options_new();
    cr_assert_eq(bounce_options_set_verp(options, pattern), BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(core_rules, options);
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    bounce_parser_free(parser);
    bounce_options_free(options);
    return only(core_keep(report), to);
}

/* The address to which we sent, if the report names the one after a forward. */
Test(kinds, verp_tells_the_original_recipient)
{
    static const struct {
        const char *pattern, *to, *final, *original;
    } rows[] = {
        {NULL, "list-bounces+user=example.net@list.example", "joe@forwarded.example", "user@example.net"},
        {NULL, "list-bounces+user=example.net@list.example", "user@example.net", "-"}, /* no other name */
        {NULL, "list-bounces@list.example", "joe@forwarded.example", "-"},
        {"r-{local}-at-{domain}@list.example", "r-user-at-example.net@list.example", "joe@forwarded.example",
         "user@example.net"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = verp_recipient(rows[i].pattern, rows[i].to, rows[i].final);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), rows[i].final, "%s", rows[i].to);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), rows[i].original, "%s", rows[i].to);
    }
}

/* ---------------------------------------------------------- hostile input */

/* Every beginning of a report, and bytes that are not text: no crash, one report, valid strings. */
Test(kinds, cut_anywhere)
{
    const char *whole = dsn_mail("The mail to <user@example.net> failed:\n550 5.1.1 User unknown\n", FIELDS, NULL);
    size_t n = strlen(whole);
    for (size_t length = 0; length <= n; length++) {
        char *exact = malloc(length ? length : 1);
        memcpy(exact, whole, length);
        bounce_report *report = NULL;
        cr_assert_eq(bounce_parse(core_parser, exact, length, &report, NULL), BOUNCE_OK);
        free(exact);
        cr_assert_leq(bounce_report_recipients(report), 1, "%zu bytes", length);
        bounce_report_free(report);
    }
}

Test(kinds, any_bytes)
{
    unsigned seed = 1;
    for (int round = 0; round < 300; round++) {
        char mail[4096];
        strcpy(mail, dsn_mail("<user@example.net>: 550 5.1.1 User unknown\n", FIELDS, NULL));
        size_t n = strlen(mail);
        for (int k = 0; k < 40; k++) {
            seed = seed * 1103515245u + 12345u;
            mail[(seed >> 8) % n] = (char)(seed >> 24);
        }
        bounce_report *report = NULL;
        const char *json;
        cr_assert_eq(bounce_parse(core_parser, mail, n, &report, NULL), BOUNCE_OK);
        cr_assert_eq(bounce_report_json(report, NULL, &json, NULL), BOUNCE_OK);
        cr_assert(is_utf8(json), "round %d", round);
        bounce_report_free(report);
    }
}
