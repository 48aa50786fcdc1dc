/* SPDX-License-Identifier: MIT */
/* test_trust.c - facts about the origin of a report: which are reported, and which stay open. */
#include "core_testing.h"

TestSuite(trust, .init = core_set_up, .fini = core_tear_down);

/* A report with more fields in front, another reporter, more fields of the recipient, and a returned part. */
static const char *mail_of(const char *front, const char *mta, const char *more, const char *returned)
{
    static char mail[8192];
    snprintf(mail, sizeof mail,
             "%sFrom: MAILER-DAEMON@mx.reporter.example\nTo: bounces@ours.example\nSubject: failure\n"
             "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
             "--b\n\nIt failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n\n"
             "Final-Recipient: rfc822; anna@mail.maple.example\n%sAction: failed\nStatus: 5.1.1\n\n%s--b--\n",
             front, mta, more, returned);
    return mail;
}

static const char *fact(bool known, bool value)
{
    return !known ? "null" : value ? "true" : "false";
}

static const char *flag_of(const bounce_report *r, bool (*get)(const bounce_report *, bool *))
{
    bool value = false, known = get(r, &value);
    return fact(known, value);
}

static const char *fact_of(const bounce_report *r, bool (*get)(const bounce_recipient *, bool *))
{
    bool value = false, known = get(only(r, "trust"), &value);
    return fact(known, value);
}

#define WHOLE "--b\nContent-Type: message/rfc822\n\nTo: anna@mail.maple.example\nSubject: x\n"
#define HEADERS "--b\nContent-Type: text/rfc822-headers\n\nTo: anna@mail.maple.example\nSubject: x\n"

Test(trust, what_came_back)
{
    static const struct {
        const char *part, *want;
    } rows[] = {
        {"", "none"},
        {HEADERS, "headers"},
        {WHOLE "\nHello\n", "full"},
        {WHOLE "\n", "headers"},
        {WHOLE, "headers"},
        {"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
         "VG86IGFubmFAbWFpbC5tYXBsZS5leGFtcGxlCgpIZWxsbwo=\n",
         "full"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_report *r = parse_mail(mail_of("", "mx.reporter.example", "", rows[i].part));
        cr_expect_str_eq(shown(bounce_report_trust(r, BOUNCE_TRUST_RETURNED)), rows[i].want, "%s", rows[i].part);
    }
}

Test(trust, what_came_back_in_the_text)
{
    static const char qmail[] = "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n"
                                "Hi. This is the qmail-send program at mx.example.org.\n"
                                "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
                                "<joe@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
                                "--- Below this line is a copy of the message.\n\n"
                                "Return-Path: <a@ours.example>\nFrom: a@ours.example\nTo: joe@example.net\n%s";
    char mail[2048];
    snprintf(mail, sizeof mail, qmail, "");
    cr_expect_str_eq(shown(bounce_report_trust(parse_mail(mail), BOUNCE_TRUST_RETURNED)), "headers");
    snprintf(mail, sizeof mail, qmail, "\nHello\n");
    const bounce_report *r = parse_mail(mail);
    cr_expect_str_eq(shown(bounce_report_trust(r, BOUNCE_TRUST_RETURNED)), "full");
    cr_expect_str_eq(fact_of(r, bounce_recipient_named_in_original), "true");
}

Test(trust, null_sender)
{
    static const struct {
        const char *front, *envelope, *want;
    } rows[] = {
        {"", NULL, "null"},
        {"Return-Path: <>\n", NULL, "true"},
        {"Return-Path:  < bob@evil.test>\n", NULL, "false"},
        {"Return-Path: <MAILER-DAEMON>\n", NULL, "true"}, /* Sendmail's name for it */
        {"Return-Path: <MAILER-DAEMON@mx.example>\n", NULL, "false"},
        {"Return-Path: <>\n", "bob@evil.test", "false"},
        {"", "", "true"},
        {"", "<>", "true"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_parser_set_envelope(core_parser, rows[i].envelope, NULL);
        const bounce_report *r = parse_mail(mail_of(rows[i].front, "mx.reporter.example", "", ""));
        cr_expect_str_eq(flag_of(r, bounce_report_null_sender), rows[i].want, "row %zu", i);
    }
}

Test(trust, related_reporter)
{
    static const struct {
        const char *mta, *to, *want;
    } rows[] = {
        {"mx2.maple.example", NULL, "true"},
        {"MX.MAPLE.EXAMPLE", NULL, "true"},
        {"mx.crabmaple.example", NULL, "false"},
        {"mx.maple.example.evil.test", NULL, "false"},
        {"mx.ours.example", NULL, "true"},
        {"mx.yours.example", NULL, "false"},
        {"mx.other.example", NULL, "false"},
        {"mx.other.example", "b@other.example", "true"},
        {"localhost", NULL, "false"}, /* then the From counts */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_parser_set_envelope(core_parser, NULL, rows[i].to);
        const bounce_report *r = parse_mail(mail_of("", rows[i].mta, "", ""));
        cr_expect_str_eq(flag_of(r, bounce_report_reporter_related), rows[i].want, "%s", rows[i].mta);
    }
}

Test(trust, named_in_original)
{
    static const struct {
        const char *fields, *want;
    } rows[] = {
        {"To: anna@mail.maple.example", "true"},
        {"To: \"Anna, B.\" <Anna@Mail.Maple.Example>, otto@example.org", "true"},
        {"To: otto@example.org\nCc: x@example.org,\n anna@mail.maple.example", "true"},
        {"To: otto@example.org\nResent-To: anna@mail.maple.example", "true"},
        {"To: otto@example.org", "false"},
        {"To: joanna@mail.maple.example", "false"},
        {"To: anna@mail.maple.example.org", "false"},
        {"To: list:;", "null"},
        {"Subject: x", "null"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char part[512];
        snprintf(part, sizeof part, "--b\nContent-Type: text/rfc822-headers\n\nFrom: a@ours.example\n%s\n\n",
                 rows[i].fields);
        const bounce_report *r = parse_mail(mail_of("", "mx.reporter.example", "", part));
        cr_expect_str_eq(fact_of(r, bounce_recipient_named_in_original), rows[i].want, "%s", rows[i].fields);
    }
    const bounce_report *r = parse_mail(mail_of("", "x.example", "Original-Recipient: rfc822; alias@example.org\n",
                                                "--b\nContent-Type: text/rfc822-headers\n\nTo: alias@example.org\n\n"));
    cr_expect_str_eq(fact_of(r, bounce_recipient_named_in_original), "true");
}

/* Twelve recipients are looked up in an index, two are compared: the same answers. */
Test(trust, several_recipients)
{
    for (int count = 2; count <= 12; count += 10) {
        char more[2048] = "Action: failed\n";
        for (int i = 1; i < count; i++) {
            const size_t n = strlen(more);
            snprintf(more + n, sizeof more - n, "\nFinal-Recipient: rfc822; r%d@example.org\nAction: failed\n", i);
        }
        const bounce_report *r = parse_mail(mail_of("", "x.example", more,
                                                    "--b\nContent-Type: text/rfc822-headers\n\n"
                                                    "To: r1@example.org, anna@mail.maple.example\n\n"));
        cr_assert_eq(bounce_report_recipients(r), (size_t)count);
        for (int i = 0; i < count; i++) {
            bool named = false;
            cr_expect(bounce_recipient_named_in_original(bounce_report_recipient(r, (size_t)i), &named));
            cr_expect_eq(named, i < 2, "%d of %d", i, count);
        }
    }
}

/* After a forward the recipient differs from that of VERP, which is the one that the sender knows. */
Test(trust, verp)
{
    static const struct {
        const char *to, *more, *want;
    } rows[] = {
        {NULL, "", "null"},
        {"bounces+anna=mail.maple.example@ours.example", "", "true"},
        {"bounces+otto=example.org@ours.example", "", "false"},
        {"bounces+otto=example.org@ours.example", "Original-Recipient: rfc822; otto@example.org\n", "true"},
        {"bounces+bk1ujsswgdxcblxhrz-anna=mail.maple.example@ours.example", "", "true"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_parser_set_envelope(core_parser, NULL, rows[i].to);
        const bounce_report *r = parse_mail(mail_of("", "mx.reporter.example", rows[i].more, ""));
        cr_expect_str_eq(fact_of(r, bounce_recipient_verp_matches), rows[i].want, "row %zu", i);
    }
}

Test(trust, authentication_results)
{
    static const char front[] = "Authentication-Results: mx.ours.example; spf=pass smtp.mailfrom=evil.test; "
                                "dmarc=fail header.from=reporter.example\nReceived: by mx.ours.example\n";
    const bounce_report *r = parse_mail(mail_of(front, "x.example", "", ""));
    cr_expect_null(bounce_report_trust(r, BOUNCE_TRUST_SPF)); /* nobody named a host */
    bounce_options *options = bounce_options_new();
    cr_expect_eq(bounce_options_set_authserv_id(options, "mx.ours.example"), BOUNCE_OK);
    cr_expect_eq(bounce_options_set_authserv_id(NULL, "x"), BOUNCE_ERROR_ARGUMENT);
    bounce_parser_free(core_parser);
    core_parser = bounce_parser_new(core_rules, options);
    bounce_options_free(options);
    r = parse_mail(mail_of(front, "x.example", "", ""));
    cr_expect_str_eq(shown(bounce_report_trust(r, BOUNCE_TRUST_SPF)), "pass");
    cr_expect_str_eq(shown(bounce_report_trust(r, BOUNCE_TRUST_DMARC)), "fail");
    cr_expect_null(bounce_report_trust(r, BOUNCE_TRUST_DKIM));
    cr_expect_null(bounce_report_trust(r, BOUNCE_TRUST_ARC));
    cr_expect_str_eq(shown(bounce_report_trust(r, BOUNCE_TRUST_OF)), "reporter.example");
    cr_expect_str_eq(advice_of(only(r, "auth")), "suppress"); /* a fact, not a verdict */
}

Test(trust, ordinary_mail_and_replies_have_none)
{
    const bounce_report *r = parse_mail("From: a@b.example\nSubject: lunch\n\nAt one?\n");
    cr_expect_eq(bounce_report_sent(r), BOUNCE_SENT_NOT_ASKED);
    cr_expect_null(bounce_report_trust(r, BOUNCE_TRUST_RETURNED));
    cr_expect_null(bounce_report_trust(r, BOUNCE_TRUST_SENT_WHY));
    cr_expect_not(bounce_report_null_sender(r, NULL));
    cr_expect_eq(bounce_report_sent(NULL), BOUNCE_SENT_NOT_ASKED);
    cr_expect_null(bounce_report_trust(NULL, BOUNCE_TRUST_RETURNED));
    cr_expect_null(bounce_report_trust(r, (bounce_trust_field)99));
    cr_expect_not(bounce_report_null_sender(NULL, NULL));
    cr_expect_not(bounce_report_reporter_related(NULL, NULL));
    cr_expect_not(bounce_recipient_named_in_original(NULL, NULL));
    cr_expect_not(bounce_recipient_verp_matches(NULL, NULL));
    const bounce_recipient *to = parse_reply("550 5.1.1 <a@b.example>: user unknown", BOUNCE_COMMAND_NONE, NULL);
    cr_expect_not(bounce_recipient_verp_matches(to, NULL));
    bounce_parser_set_envelope(NULL, "a", "b");
}
