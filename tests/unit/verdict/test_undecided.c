/* SPDX-License-Identifier: MIT */
/* test_undecided.c - what texts may still decide if not all expressions could be tried in them. */
#include "core_testing.h"
#include "match/tables.h"
#include "rules_testing.h"

#define RUN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

/* An expression whose cost doubles every few letters, among the built-in rules. */
static bounce_parser *costly_parser(uint64_t text_steps, uint64_t message_steps)
{
    bounce_rules *rules = rules_of(&bounce_builtin_layer, "rule mine/bomb\nreason policy\ntier 1\n"
                                                          "match zzzz (?:a|aa){1,60}\\d\nneed zzzz\nwhy w\n"
                                                          "example zzzz a1\nnear zzzz\n");
    bounce_options *options = bounce_options_new();
    cr_assert_eq(bounce_options_set(options, BOUNCE_OPTION_MAX_TEXT_STEPS, text_steps), BOUNCE_OK);
    cr_assert_eq(bounce_options_set(options, BOUNCE_OPTION_MAX_MESSAGE_STEPS, message_steps), BOUNCE_OK);
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_rules_unref(rules);
    return parser;
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && !strcmp(text + strlen(text) - strlen(end), end);
}

static const struct {
    const char *text;
    bounce_type type;
    const char *reason;
    bool undecided;
} rows[] = {
    {"550 5.1.1 zzzz aaa1", BOUNCE_TYPE_SOFT, "policy", false},
    {"550 5.1.1 zzzz aaa", BOUNCE_TYPE_HARD, "no-such-user", false},
    {"550 5.1.1 zzzz " RUN, BOUNCE_TYPE_SOFT, "no-such-user", true},
    {"550 5.1.1 user unknown zzzz " RUN, BOUNCE_TYPE_HARD, "no-such-user", true},
    {"450 4.1.1 zzzz " RUN, BOUNCE_TYPE_SOFT, "no-such-user", true},
};

Test(undecided, only_definite_words_make_a_recipient_hard)
{
    bounce_parser *parser = costly_parser(100000, 1000000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *report = NULL;
        cr_assert_eq(bounce_parse_reply(parser, rows[i].text, strlen(rows[i].text), NULL, &report, NULL), BOUNCE_OK);
        const bounce_recipient *r = bounce_report_recipient(report, 0);
        cr_expect_eq(bounce_recipient_type(r), rows[i].type, "%s", rows[i].text);
        cr_expect_str_eq(bounce_reason_name(bounce_recipient_reason(r)), rows[i].reason, "%s", rows[i].text);
        cr_expect_eq(bounce_report_warnings(report), rows[i].undecided, "%s", rows[i].text);
        if (rows[i].undecided)
            cr_expect(ends_with(bounce_report_warning_text(report, 0), "not decided: those of mine/bomb"));
        if (rows[i].undecided && rows[i].type == BOUNCE_TYPE_SOFT)
            cr_expect_eq(bounce_recipient_advice(r, 0), BOUNCE_ADVICE_RETRY, "%s", rows[i].text);
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
}

/* One recipient uses up its share, and the other still has its own. */
Test(undecided, recipients_share_the_account_of_a_message)
{
    static const char mail[] = "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure\n"
                               "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                               "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
                               "\nFinal-Recipient: rfc822; a@example.net\nAction: failed\n"
                               "Diagnostic-Code: smtp; 550 5.1.1 zzzz " RUN "\n"
                               "\nFinal-Recipient: rfc822; b@example.net\nAction: failed\n"
                               "Diagnostic-Code: smtp; 550 5.1.1 zzzz aaa1\n\n--b--\n";
    bounce_parser *parser = costly_parser(1000000, 20000);
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(parser, mail, strlen(mail), &report, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_report_recipients(report), 2u);
    const bounce_recipient *a = bounce_report_recipient(report, 0), *b = bounce_report_recipient(report, 1);
    cr_expect_eq(bounce_recipient_type(a), BOUNCE_TYPE_SOFT);
    cr_expect_eq(bounce_recipient_reason(a), BOUNCE_REASON_NO_SUCH_USER);
    cr_expect_eq(bounce_recipient_reason(b), BOUNCE_REASON_POLICY, "its expression was decided");
    cr_expect_eq(bounce_report_warnings(report), 1u);
    bounce_report_free(report);
    bounce_parser_free(parser);
}
