/* SPDX-License-Identifier: MIT */
/* test_doubt.c - advice if a report may be forged: backscatter, unverified, or as usual. */
#include "core_testing.h"

TestSuite(doubt, .init = core_set_up, .fini = core_tear_down);

static const char ours[] = "Return-Path: <a@ours.example>\nReceived: from x by mx.ours.example\n"
                           "From: a@ours.example\nTo: user@example.net\nMessage-ID: <1@ours.example>\n";
static const char foreign[] =
    "Return-Path: <a@evil.test>\nReceived: from x by mx.evil.test\nDKIM-Signature: d=evil.test\n"
    "From: a@evil.test\nTo: user@example.net\nMessage-ID: <1@evil.test>\n";

static void know(const char *domain, const char *id)
{
    bounce_sent *sent = bounce_sent_new();
    bounce_options *options = bounce_options_new();
    cr_assert_eq(bounce_sent_add_domain(sent, domain), BOUNCE_OK);
    if (id)
        cr_assert_eq(bounce_sent_add_id(sent, id), BOUNCE_OK);
    bounce_options_set_sent(options, sent);
    bounce_sent_unref(sent);
    bounce_parser_free(core_parser);
    core_parser = bounce_parser_new(core_rules, options);
    bounce_options_free(options);
}

static const char *advice_text(const bounce_report *r)
{
    return text_of(bounce_report_recipient(r, 0), BOUNCE_RECIPIENT_ADVICE_TEXT);
}

static bounce_report *report_with(int recipients, const char *original)
{
    char fields[16384] = "Reporting-MTA: dns; mx.example.org\n";
    for (int i = 0; i < recipients; i++) {
        const size_t n = strlen(fields);
        snprintf(fields + n, sizeof fields - n,
                 "\nFinal-Recipient: rfc822; user%d@example.net\nAction: failed\nStatus: 5.1.1\n"
                 "Diagnostic-Code: smtp; 550 5.1.1 user unknown\n",
                 i);
    }
    return parse_mail(dsn_mail(NULL, fields, original));
}

Test(doubt, what_is_not_ours_is_backscatter)
{
    know("ours.example", NULL);
    const bounce_report *r = report_with(1, foreign);
    const bounce_recipient *to = only(r, "foreign");
    cr_expect_eq(bounce_report_sent(r), BOUNCE_SENT_NO);
    cr_expect_eq(bounce_recipient_type(to), BOUNCE_TYPE_HARD); /* what the report says stays */
    cr_expect_eq(bounce_recipient_reason(to), BOUNCE_REASON_NO_SUCH_USER);
    cr_expect_str_eq(advice_of(to), "");
    cr_expect_eq(bounce_recipient_retry_count(to), 0);
    cr_expect_eq(strncmp(advice_text(r), "Backscatter: ", 13), 0, "%s", advice_text(r));
}

Test(doubt, advice_is_as_usual_for_what_may_be_ours)
{
    const bounce_report *plain = report_with(1, ours);
    cr_expect_str_eq(advice_of(only(plain, "plain")), "suppress");
    know("ours.example", NULL);
    const bounce_report *r = report_with(1, ours);
    cr_expect_eq(bounce_report_sent(r), BOUNCE_SENT_UNKNOWN);
    cr_expect_str_eq(advice_of(only(r, "ours")), "suppress");
    cr_expect_str_eq(advice_text(r), advice_text(plain));
}

Test(doubt, many_recipients_are_unverified)
{
    cr_expect_null(strstr(advice_text(report_with(20, ours)), "Unverified"));
    const bounce_report *r = report_with(21, ours);
    cr_expect_str_eq(advice_of(bounce_report_recipient(r, 20)), "suppress");
    cr_expect_not_null(strstr(advice_text(r), ". Unverified: "), "%s", advice_text(r));
    /* made once, not for each recipient */
    cr_expect_eq(bounce_recipient_string(bounce_report_recipient(r, 0), BOUNCE_RECIPIENT_ADVICE_TEXT),
                 bounce_recipient_string(bounce_report_recipient(r, 20), BOUNCE_RECIPIENT_ADVICE_TEXT));
    know("ours.example", "<1@ours.example>");
    cr_expect_null(strstr(advice_text(report_with(21, ours)), "Unverified"));
}

Test(doubt, who_lists_ids_learns_which_are_not_listed)
{
    know("ours.example", "<2@ours.example>");
    cr_expect_not_null(strstr(advice_text(report_with(1, ours)), "Unverified: "));
    know("ours.example", "<1@ours.example>");
    const bounce_report *r = report_with(1, ours);
    cr_expect_eq(bounce_report_sent(r), BOUNCE_SENT_YES);
    cr_expect_null(strstr(advice_text(r), "Unverified"));
}

/* A complaint from somebody. */
static const char *complaint(const char *front, const char *from)
{
    static char mail[4096];
    snprintf(mail, sizeof mail,
             "%sFrom: %s\nTo: abuse@ours.example\nSubject: complaint\nMIME-Version: 1.0\n"
             "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nx\n"
             "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n"
             "Original-Rcpt-To: user@example.net\n\n--b\nContent-Type: message/rfc822\n\n%s\nx\n--b--\n",
             front, from, ours);
    return mail;
}

Test(doubt, complaints_of_strangers_are_unverified)
{
    static const struct {
        const char *from;
        bool known;
    } rows[] = {{"feedback@evil.test", false},
                {"x@yahoo.com.evil.test", false},
                {"staff@hotmail.com", true},
                {"feedback@arf.mail.yahoo.com", true},
                {"x@mx.example.net", true}, /* the recipient's own */
                {"nobody", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_report *r = parse_mail(complaint("", rows[i].from));
        cr_expect_eq(bounce_report_kind(r), BOUNCE_KIND_ARF);
        cr_expect_str_eq(advice_of(only(r, rows[i].from)), "suppress");
        cr_expect_eq(strstr(advice_text(r), "Unverified: ") == NULL, rows[i].known, "%s", rows[i].from);
    }
}

/* Whoever sent it, it is not who it claims to be. */
Test(doubt, a_known_name_that_failed_is_a_stranger)
{
    bounce_options *options = bounce_options_new();
    bounce_options_set_authserv_id(options, "mx.ours.example");
    bounce_parser_free(core_parser);
    core_parser = bounce_parser_new(core_rules, options);
    bounce_options_free(options);
    const char *front = "Authentication-Results: mx.ours.example; dmarc=fail header.from=hotmail.com\n";
    cr_expect_not_null(strstr(advice_text(parse_mail(complaint(front, "staff@hotmail.com"))), "Unverified: "));
    front = "Authentication-Results: mx.ours.example; dmarc=pass header.from=hotmail.com\n";
    cr_expect_null(strstr(advice_text(parse_mail(complaint(front, "staff@hotmail.com"))), "Unverified: "));
}
