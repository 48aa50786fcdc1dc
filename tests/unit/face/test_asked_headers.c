/* SPDX-License-Identifier: MIT */
/* test_asked_headers.c - header fields of the returned message that the caller requests. */
#include "core_testing.h"

#include "base/limits.h"

TestSuite(asked_headers, .init = core_set_up, .fini = core_tear_down);

static bounce_report *ask(const char *original, const char *const *names, size_t count)
{
    static char mail[65536];
    bounce_options *options = bounce_options_new();
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(bounce_options_add_header(options, names[i]), BOUNCE_OK, "%s", names[i]);
    bounce_parser *parser = bounce_parser_new(core_rules, options);
    bounce_options_free(options);
    snprintf(mail, sizeof mail,
             "From: MAILER-DAEMON@example.net\nTo: news@example.org\nSubject: Undelivered\n"
             "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n"
             "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
             "Final-Recipient: rfc822; joe@example.net\nAction: failed\nStatus: 5.1.1\n\n"
             "--b\nContent-Type: text/rfc822-headers\n\n%s\n--b--\n",
             original);
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    bounce_parser_free(parser); /* the report keeps the names */
    return core_keep(report);
}

Test(asked_headers, values)
{
    static const char *const names[] = {"x-campaign", "Received", "X-Nowhere", "Subject"};
    bounce_report *r = ask("Received: by a\n\twith SMTP\nReceived: by b\nFrom: news@example.org\nTo: joe@example.net\n"
                           "Subject: =?utf-8?q?Caf=C3=A9?=\nX-Campaign:   spring \n",
                           names, COUNT(names));
    cr_assert_eq(bounce_report_headers(r), COUNT(names));
    cr_expect_str_eq(bounce_report_header_name(r, 0), "x-campaign", "the name is as requested");
    cr_expect_eq(bounce_report_header_count(r, 0), 1);
    cr_expect_str_eq(shown(bounce_report_header(r, 0, 0)), "spring");
    cr_expect_null(bounce_report_header(r, 0, 1));
    cr_assert_eq(bounce_report_header_count(r, 1), 2);
    cr_expect_str_eq(bounce_report_header(r, 1, 0), "by a with SMTP");
    cr_expect_str_eq(bounce_report_header(r, 1, 1), "by b");
    cr_expect_eq(bounce_report_header_count(r, 2), 0);
    cr_expect_str_eq(bounce_report_header(r, 3, 0), "Café");
    cr_expect_null(bounce_report_header_name(r, 4));
    const char *json;
    cr_assert_eq(bounce_report_json(r, NULL, &json, NULL), BOUNCE_OK);
    cr_expect(strstr(json, "\"feedback_id\":null,\"headers\":{\"x-campaign\":[\"spring\"],\"Received\":[\"by a with "
                           "SMTP\",\"by b\"],\"X-Nowhere\":null,\"Subject\":[\"Café\"]}}"),
              "%s", json);
}

/* Ordinary mail and replies return no message. */
Test(asked_headers, nothing_returned)
{
    bounce_options *options = bounce_options_new();
    bounce_options_add_header(options, "Subject");
    bounce_parser *parser = bounce_parser_new(core_rules, options);
    static const char mail[] = "From: a@example.org\nTo: b@example.net\nSubject: lunch\n\nAt noon?\n";
    bounce_report *r = NULL;
    cr_assert_eq(bounce_parse(parser, mail, sizeof mail - 1, &r, NULL), BOUNCE_OK);
    cr_expect_eq(bounce_report_headers(core_keep(r)), 1);
    cr_expect_eq(bounce_report_header_count(r, 0), 0);
    cr_assert_eq(bounce_parse_reply(parser, "550 no", 6, NULL, &r, NULL), BOUNCE_OK);
    cr_expect_eq(bounce_report_headers(core_keep(r)), 1);
    bounce_parser_free(parser);
    bounce_options_free(options);
    cr_expect_eq(bounce_report_headers(parse_mail(mail)), 0, "nothing was requested");
}

Test(asked_headers, names)
{
    static const char *const bad[] = {NULL, "", "X Campaign", "X-Campaign:", "X-Caf\xc3\xa9", "a\tb", "a\x7f"};
    bounce_options *options = bounce_options_new();
    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect_eq(bounce_options_add_header(options, bad[i]), BOUNCE_ERROR_ARGUMENT, "row %zu", i);
    cr_expect_eq(bounce_options_add_header(NULL, "Subject"), BOUNCE_ERROR_ARGUMENT);
    char name[LIMIT_HEADER_NAME_BYTES + 2];
    memset(name, 'x', sizeof name);
    name[LIMIT_HEADER_NAME_BYTES + 1] = '\0';
    cr_expect_eq(bounce_options_add_header(options, name), BOUNCE_ERROR_LIMIT);
    name[LIMIT_HEADER_NAME_BYTES] = '\0';
    cr_expect_eq(bounce_options_add_header(options, name), BOUNCE_OK);
    for (int i = 1; i < LIMIT_ASKED_HEADERS; i++) {
        snprintf(name, sizeof name, "X-%d", i);
        cr_expect_eq(bounce_options_add_header(options, name), BOUNCE_OK, "%s", name);
    }
    cr_expect_eq(bounce_options_add_header(options, "x-1"), BOUNCE_OK, "it was requested already");
    cr_expect_eq(bounce_options_add_header(options, "X-One-More"), BOUNCE_ERROR_LIMIT);
    bounce_options_free(options);
}

Test(asked_headers, many_fields_of_a_name)
{
    static const char *const names[] = {"X-Tag"};
    static char original[4096] = "From: news@example.org\nTo: joe@example.net\nSubject: news\n";
    for (int i = 0; i < LIMIT_ASKED_FIELDS; i++)
        strcat(original, "X-Tag: a\n");
    bounce_report *r = ask(original, names, 1);
    cr_expect_eq(bounce_report_header_count(r, 0), LIMIT_ASKED_FIELDS);
    cr_expect_not(has_warning(r, "too-many-fields"));
    strcat(original, "X-Tag: a\n");
    r = ask(original, names, 1);
    cr_expect_eq(bounce_report_header_count(r, 0), LIMIT_ASKED_FIELDS);
    cr_expect(has_warning(r, "too-many-fields"));
}

/* A report without a part for it may have the header in its text. */
Test(asked_headers, from_the_text)
{
    bounce_options *options = bounce_options_new();
    bounce_options_add_header(options, "X-Campaign");
    bounce_parser *parser = bounce_parser_new(core_rules, options);
    static const char mail[] = "Return-Path: <>\nFrom: MAILER-DAEMON@example.net\nTo: news@example.org\n"
                               "Subject: failure notice\n\nHi. This is the qmail-send program at example.net.\n\n"
                               "<joe@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
                               "--- Below this line is a copy of the message.\n\n"
                               "Return-Path: <news@example.org>\nFrom: news@example.org\nTo: joe@example.net\n"
                               "Subject: news\nX-Campaign: 42\n\nhello\n";
    bounce_report *r = NULL;
    cr_assert_eq(bounce_parse(parser, mail, sizeof mail - 1, &r, NULL), BOUNCE_OK);
    cr_expect_str_eq(shown(bounce_report_header(core_keep(r), 0, 0)), "42");
    bounce_parser_free(parser);
    bounce_options_free(options);
}
