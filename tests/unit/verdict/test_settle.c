/* SPDX-License-Identifier: MIT */
/* test_settle.c - what follows from a verdict (verdict/settle.c): who decided, advice, schedules, groups. */
#include "core_testing.h"
#include "rules/load.h"

TestSuite(settle, .init = core_set_up, .fini = core_tear_down);

#define HOUR_S 3600L

static bool advises(const bounce_recipient *r, bounce_advice advice)
{
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++)
        if (bounce_recipient_advice(r, i) == advice)
            return true;
    return false;
}

static const bounce_recipient *from_fields(const char *fields, const char *text)
{
    char all[2048];
    snprintf(all, sizeof all, "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\n%s",
             fields);
    return only(parse_mail(dsn_mail(text, all, NULL)), fields);
}

/* ---------------------------------------------------------------- schedules */

Test(settle, full_mailboxes_and_systems)
{
    static const char *const texts[] = {"552 5.2.2 Mailbox full", "452 4.2.2 Mailbox full",
                                        "452 4.3.1 Insufficient system storage"};
    static const long after_h[] = {24, 48, 72, 7 * 24};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const bounce_recipient *r = parse_reply(texts[i], BOUNCE_COMMAND_NONE, NULL);
        cr_assert_eq(bounce_recipient_retry_count(r), COUNT(after_h), "%s", texts[i]);
        for (size_t k = 0; k < COUNT(after_h); k++)
            cr_assert_eq((long)bounce_recipient_retry_after_s(r, k), after_h[k] * HOUR_S, "%s: %zu", texts[i], k);
        cr_assert_eq(bounce_recipient_retry_after_s(r, COUNT(after_h)), 0, "%s", texts[i]);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADVICE_THEN), "pause", "%s", texts[i]);
        cr_assert_str_eq(advice_of(r), "retry,contact-recipient", "%s", texts[i]);
    }
}

/* A recipient's own limit is retried after 6 hours; that of the sender has no schedule. */
Test(settle, rate_limits)
{
    static const struct {
        const char *text;
        bool own;
    } rows[] = {
        {"450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
         true},
        {"554 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour",
         true},
        {"421 4.7.0 Too many messages from your IP address, try again later", false},
        {"450 4.7.1 Error: too many recipients this hour", false},
        {"451 4.7.1 Rate limit exceeded", false},
        {"552 5.2.2 Submission quota exceeded", false},
        {"450 4.2.1 Your account sends too many messages", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, BOUNCE_COMMAND_NONE, NULL);
        cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_RATE_LIMITED, "%s: %s", rows[i].text,
                     bounce_reason_name(bounce_recipient_reason(r)));
        cr_assert_eq(bounce_recipient_group(r), rows[i].own ? BOUNCE_GROUP_RECIPIENT : BOUNCE_GROUP_SENDER, "%s",
                     rows[i].text);
        cr_assert_eq(bounce_recipient_retry_count(r), rows[i].own, "%s", rows[i].text);
        cr_assert_eq((long)bounce_recipient_retry_after_s(r, 0), rows[i].own ? 6 * HOUR_S : 0, "%s", rows[i].text);
        cr_assert(advises(r, BOUNCE_ADVICE_RETRY), "%s", rows[i].text);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADVICE_THEN), "-", "%s", rows[i].text);
    }
}

/* ------------------------------------------------------------------- advice */

Test(settle, advice_of_reasons)
{
    static const struct {
        const char *text, *advice;
    } rows[] = {
        {"550 5.1.1 User unknown", "suppress"},
        {"550 5.1.2 Host unknown", "suppress"},
        {"550 5.2.1 Mailbox disabled", "suppress,contact-recipient"},
        {"552 5.3.4 Message too large", "fix-message"},
        {"554 5.7.1 Relaying denied", "fix-config"},
        {"550 5.7.26 DMARC policy violation", "fix-sender"},
        {"550 5.7.25 no PTR record", "fix-config"},
        {"554 5.4.6 Too many hops", "fix-config"},
        {"450 4.7.1 Greylisted, please try again later", "retry"},
        {"550", "retry"},
        /* Not dead for good: not to be removed. */
        {"450 4.1.1 User unknown", "retry"},
        {"450 4.2.1 Mailbox disabled", "retry"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, BOUNCE_COMMAND_NONE, NULL);
        cr_assert_str_eq(advice_of(r), rows[i].advice, "%s", rows[i].text);
        cr_assert_neq(text_of(r, BOUNCE_RECIPIENT_ADVICE_TEXT)[0], '-', "%s", rows[i].text);
    }
}

/* Suppress is only for permanent failures of dead addresses. */
Test(settle, suppress_only_what_is_hard)
{
    static const char *const texts[] = {"450 4.1.1 User unknown", "451 4.1.2 Host unknown", "450 mailbox unavailable",
                                        "552 5.2.2 Mailbox full", "554 5.7.1 spam",         "zzz",
                                        "421 4.4.2 timeout"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const bounce_recipient *r = parse_reply(texts[i], BOUNCE_COMMAND_RCPT, NULL);
        cr_assert_eq(advises(r, BOUNCE_ADVICE_SUPPRESS), bounce_recipient_type(r) == BOUNCE_TYPE_HARD, "%s", texts[i]);
        cr_assert_eq(bounce_recipient_type(r), BOUNCE_TYPE_SOFT, "%s", texts[i]);
    }
}

/* Connection errors of Microsoft's mail clients: a wrong port, no login. */
Test(settle, microsoft_mail_clients)
{
    static const char *const texts[] = {
        "The connection to the server has failed. Account: 'mail', Server: 'smtp.example.org', Protocol: SMTP, Port: 25, "
        "Secure(SSL): No, Socket Error: 10060, Error Number: 0x800CCC0E",
        "Your server has unexpectedly terminated the connection. Protocol: SMTP, Port: 25, Error Number: 0x800CCC0F"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const bounce_recipient *r = parse_reply(texts[i], BOUNCE_COMMAND_NONE, NULL);
        cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_NETWORK_ERROR, "%s", texts[i]);
        cr_assert_eq(bounce_recipient_advice(r, 0), BOUNCE_ADVICE_FIX_CONFIG, "%s: %s", texts[i], advice_of(r));
        cr_assert_not_null(strstr(text_of(r, BOUNCE_RECIPIENT_ADVICE_TEXT), "587"), "%s", texts[i]);
    }
    /* A user cannot fix a connection error of a mail server. */
    const bounce_recipient *server =
        parse_reply("connect to mx.example.net[192.0.2.1]:25: Connection refused", BOUNCE_COMMAND_NONE, NULL);
    cr_assert_str_eq(advice_of(server), "retry");
}

/* The advice depends on what a rule says, not on its name. */
Test(settle, words_in_the_id_of_a_rule_mean_nothing)
{
    static const struct rule_text file = {
        "acme.rules",
        "rule acme/client-gone\nreason network-error\nphrase acme client gone\nwhy w\n"
        "example acme client gone\nnear acme\n"
        "rule acme/wire-cut\nreason network-error\nimplies mail-client\nphrase acme wire cut\nwhy w\n"
        "example acme wire cut\nnear acme\n"
        "rule acme/recipient-limit-of-us\nreason rate-limited\nphrase acme is tired of you\nwhy w\n"
        "example acme is tired of you\nnear acme\n"
        "rule acme/box-tired\nreason rate-limited\nimplies recipient-limit\nphrase acme box is tired\nwhy w\n"
        "example acme box is tired\nnear acme\n"};
    static const struct {
        const char *text, *advice;
        bounce_group group;
        size_t retries;
    } rows[] = {
        {"acme client gone", "retry", BOUNCE_GROUP_NETWORK, 0},
        {"acme wire cut", "fix-config,retry", BOUNCE_GROUP_NETWORK, 0},
        {"acme is tired of you", "retry", BOUNCE_GROUP_SENDER, 0},
        {"acme box is tired", "retry", BOUNCE_GROUP_RECIPIENT, 1},
    };
    bounce_rules *rules;
    bounce_error error;
    cr_assert_eq(ruleset_from_texts(NULL, &file, 1, NULL, NULL, &rules, &error), BOUNCE_OK, "%s", error.message);
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *report = NULL;
        bounce_parse_reply(parser, rows[i].text, strlen(rows[i].text), NULL, &report, NULL);
        const bounce_recipient *r = only(core_keep(report), rows[i].text);
        cr_expect_str_eq(advice_of(r), rows[i].advice, "%s: %s", rows[i].text, advice_of(r));
        cr_expect_eq(bounce_recipient_group(r), rows[i].group, "%s", rows[i].text);
        cr_expect_eq(bounce_recipient_retry_count(r), rows[i].retries, "%s", rows[i].text);
    }
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

/* The file or tag of a vague rule without a reason is not named if a code decides. */
Test(settle, evidence_of_a_code_is_of_that_code_alone)
{
    static const struct rule_text file = {
        "acme.rules", "rule acme/parrot\nreason unknown\ntier 5\ntag bird\nphrase parrot is gone\nwhy w\n"
                      "example 552 the parrot is gone\nnear parrot\n"};
    static const char text[] = "552 the parrot is gone";
    bounce_rules *rules;
    bounce_error error;
    cr_assert_eq(ruleset_from_texts(NULL, &file, 1, NULL, NULL, &rules, &error), BOUNCE_OK, "%s", error.message);
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    bounce_report *report = NULL;
    bounce_parse_reply(parser, text, strlen(text), NULL, &report, NULL);
    const bounce_recipient *r = only(core_keep(report), text);
    uint64_t line;
    cr_expect_str_eq(bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), "code/reply");
    cr_expect_null(bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE));
    cr_expect_null(bounce_recipient_string(r, BOUNCE_RECIPIENT_TAG));
    cr_expect_not(bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_LINE, &line));
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

/* ------------------------------------------------------------------- delays */

Test(settle, delays_are_never_permanent)
{
    static const char *const diagnostics[] = {"550 5.1.1 User unknown", "552 5.2.2 Mailbox full", "554 5.7.1 spam",
                                              "host unknown"};
    for (size_t i = 0; i < COUNT(diagnostics); i++) {
        char fields[256];
        snprintf(fields, sizeof fields, "Action: delayed\nStatus: 5.0.0\nDiagnostic-Code: smtp; %s\n", diagnostics[i]);
        const bounce_recipient *r = from_fields(fields, NULL);
        cr_assert_not(bounce_recipient_permanent(r), "%s", diagnostics[i]);
        cr_assert_eq(bounce_recipient_type(r), BOUNCE_TYPE_SOFT, "%s", diagnostics[i]);
        cr_assert_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_NOBODY, "%s", diagnostics[i]);
        cr_assert_not(advises(r, BOUNCE_ADVICE_SUPPRESS), "%s", diagnostics[i]);
    }
}

/* ------------------------------------------------------------------ success */

Test(settle, success_needs_nothing)
{
    static const char *const actions[] = {"delivered", "relayed", "expanded"};
    for (size_t i = 0; i < COUNT(actions); i++) {
        char fields[64];
        snprintf(fields, sizeof fields, "Action: %s\nStatus: 2.0.0\n", actions[i]);
        const bounce_recipient *r = from_fields(fields, "User unknown, mailbox full, rejected as spam.\n");
        cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_DELIVERED, "%s", actions[i]);
        cr_assert_eq(bounce_recipient_type(r), BOUNCE_TYPE_NONE, "%s", actions[i]);
        cr_assert_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_NOBODY, "%s", actions[i]);
        cr_assert_str_eq(advice_of(r), "none", "%s", actions[i]);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATUS), "2.0.0", "%s", actions[i]);
        cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_QUEUED_FOR_S), -1, "%s", actions[i]);
    }
}

/* ------------------------------------------------------------------ partial */

Test(settle, partial_failures_do_not_remove_the_alias)
{
    bounce_report *report =
        parse_mail(dsn_mail(NULL,
                            "Reporting-MTA: dns; mx.example.org\n\n"
                            "Original-Recipient: rfc822; team@example.net\nFinal-Recipient: rfc822; a@example.net\n"
                            "Action: failed\nStatus: 5.1.1\n\n"
                            "Original-Recipient: rfc822; team@example.net\nFinal-Recipient: rfc822; b@example.net\n"
                            "Action: delivered\nStatus: 2.0.0\n\n"
                            "Original-Recipient: rfc822; other@example.net\nFinal-Recipient: rfc822; c@example.net\n"
                            "Action: failed\nStatus: 5.1.1\n",
                            NULL));
    cr_assert_eq(bounce_report_recipients(report), 3);
    const bounce_recipient *a = bounce_report_recipient(report, 0), *c = bounce_report_recipient(report, 2);
    cr_assert(bounce_recipient_partial(a));
    cr_assert_not(advises(a, BOUNCE_ADVICE_SUPPRESS));
    cr_assert_not(bounce_recipient_partial(bounce_report_recipient(report, 1)));
    cr_assert_not(bounce_recipient_partial(c));
    cr_assert(advises(c, BOUNCE_ADVICE_SUPPRESS));
}

/* -------------------------------------------------------------- who decided */

Test(settle, who_decided)
{
    static const struct {
        const char *fields;
        bounce_decided_by who;
    } rows[] = {
        {"Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n",
         BOUNCE_DECIDED_BY_REMOTE},
        {"Action: failed\nStatus: 4.4.1\nDiagnostic-Code: smtp; connect to mx.example.net: Connection refused\n",
         BOUNCE_DECIDED_BY_REPORTER},
        {"Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; message could not be delivered for 5 days\n",
         BOUNCE_DECIDED_BY_REPORTER},
        {"Action: failed\nStatus: 4.2.2\nRemote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\n",
         BOUNCE_DECIDED_BY_REPORTER},
        {"Action: failed\nStatus: 5.4.4\nDiagnostic-Code: x-postfix; Host or domain name not found\n",
         BOUNCE_DECIDED_BY_REPORTER},
        /* A server of that name says so: we did not look it up. */
        {"Action: failed\nRemote-MTA: dns; MX1.example.net\nDiagnostic-Code: smtp; host MX1.example.net said: 521 5.3.2 Host does not accept mail\n",
         BOUNCE_DECIDED_BY_REMOTE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(bounce_recipient_decided_by(from_fields(rows[i].fields, NULL)), rows[i].who, "%s", rows[i].fields);
}

/* There is no time in the queue if a clock runs backwards. */
Test(settle, time_in_the_queue)
{
    char fields[512];
    static const struct {
        const char *arrival, *last;
        long queued_s;
    } rows[] = {
        {"Sat, 31 Jan 2026 10:00:00 +0000", "Sat, 31 Jan 2026 10:00:00 +0000", 0},
        {"Sat, 31 Jan 2026 10:00:00 +0000", "Sat, 31 Jan 2026 12:00:01 +0200", 1},
        {"Sat, 31 Jan 2026 10:00:00 +0000", "Sat, 31 Jan 2026 09:59:59 +0000", -1},
        {"nonsense", "Sat, 31 Jan 2026 10:00:00 +0000", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(fields, sizeof fields,
                 "Reporting-MTA: dns; mx.example.org\nArrival-Date: %s\n\nFinal-Recipient: rfc822; user@example.net\n"
                 "Action: failed\nLast-Attempt-Date: %s\n",
                 rows[i].arrival, rows[i].last);
        const bounce_recipient *r = only(parse_mail(dsn_mail(NULL, fields, NULL)), rows[i].last);
        cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_QUEUED_FOR_S), rows[i].queued_s, "%s to %s", rows[i].arrival,
                     rows[i].last);
    }
}

/* A loop that the server itself refuses, and one that the reporter noticed. */
Test(settle, who_found_the_loop)
{
    static const char fields[] = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\n"
                                 "Action: failed\nStatus: 5.4.6\nDiagnostic-Code: x-local; too many hops\n";
    const bounce_recipient *r = parse_reply("554 5.4.6 Too many hops", BOUNCE_COMMAND_NONE, NULL);
    cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_ROUTING_LOOP);
    cr_expect_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_REMOTE);
    r = only(parse_mail(dsn_mail(NULL, fields, NULL)), "local");
    cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_ROUTING_LOOP);
    cr_expect_eq(bounce_recipient_decided_by(r), BOUNCE_DECIDED_BY_REPORTER);
}
