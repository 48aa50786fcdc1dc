/* SPDX-License-Identifier: MIT */
/* test_verdict.c - which fact decides (verdict/verdict.c): texts and codes by tier, permanence, type, status, cause. */
#include "base/limits.h"
#include "core_testing.h"
#include "rules_testing.h"
#include "smtp/reasons.h"

TestSuite(verdict, .init = core_set_up, .fini = core_tear_down);

#define NONE BOUNCE_COMMAND_NONE
#define RCPT BOUNCE_COMMAND_RCPT
#define MAIL BOUNCE_COMMAND_MAIL
#define DATA BOUNCE_COMMAND_DATA

/* ------------------------------------------------------------ the deciding fact */

struct row {
    const char *text;
    bounce_command command;
    const char *reason, *status, *stated;
    bool permanent;
    bounce_type type;
    long tier; /* 0: any; -1: nothing decided */
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, rows[i].command, NULL);
        const char *name = rows[i].text;
        cr_assert_str_eq(bounce_reason_name(bounce_recipient_reason(r)), rows[i].reason, "%s: reason", name);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATUS), rows[i].status, "%s: status", name);
        cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), rows[i].stated, "%s: stated", name);
        cr_assert_eq(bounce_recipient_permanent(r), rows[i].permanent, "%s: permanent", name);
        cr_assert_eq(bounce_recipient_type(r), rows[i].type, "%s: type", name);
        long tier = number_of(r, BOUNCE_RECIPIENT_EVIDENCE_TIER);
        if (rows[i].tier)
            cr_assert_eq(tier, rows[i].tier, "%s: tier %ld", name, tier);
    }
}

/* Definite words outrank a code that disagrees with them. */
static const struct row text_outranks_code[] = {
    {"550 5.1.1 <joe@example.net>: mailbox full", NONE, "mailbox-full", "5.2.2", "5.1.1", true, BOUNCE_TYPE_SOFT, 3},
    {"550 5.7.1 No such user!", NONE, "no-such-user", "5.1.1", "5.7.1", true, BOUNCE_TYPE_HARD, 0},
    {"550 5.2.1 User unknown", NONE, "no-such-user", "5.1.1", "5.2.1", true, BOUNCE_TYPE_HARD, 3},
    {"554 5.0.0 User unknown", DATA, "no-such-user", "5.1.1", "5.0.0", true, BOUNCE_TYPE_HARD, 3},
    {"450 4.1.1 User unknown", NONE, "no-such-user", "4.1.1", "4.1.1", false, BOUNCE_TYPE_SOFT, 3},
    {"450 4.7.1 Greylisted, please try again later", NONE, "greylisted", "4.7.1", "4.7.1", false, BOUNCE_TYPE_SOFT, 3},
};

Test(verdict, words_outrank_codes)
{
    check(text_outranks_code, COUNT(text_outranks_code));
}

/* Without definite words: specific code, vague words, reply code at its command, subject, nothing. */
static const struct row codes[] = {
    {"550 5.1.1", NONE, "no-such-user", "5.1.1", "5.1.1", true, BOUNCE_TYPE_HARD, 4},
    {"552 5.2.2", NONE, "mailbox-full", "5.2.2", "5.2.2", true, BOUNCE_TYPE_SOFT, 4},
    {"550 5.7.25", NONE, "ptr-missing", "5.7.25", "5.7.25", true, BOUNCE_TYPE_SOFT, 4},
    {"451 4.4.4", NONE, "network-error", "4.4.4", "4.4.4", false, BOUNCE_TYPE_SOFT, 4},
    {"521 5.3.2", NONE, "no-mail-service", "5.3.2", "5.3.2", true, BOUNCE_TYPE_HARD, 4},
    {"550", RCPT, "no-such-user", "5.1.1", "-", true, BOUNCE_TYPE_HARD, 6},
    {"550", MAIL, "sender-rejected", "5.1.8", "-", true, BOUNCE_TYPE_SOFT, 6},
    {"552", DATA, "message-too-large", "5.3.4", "-", true, BOUNCE_TYPE_SOFT, 6},
    {"556", NONE, "no-mail-service", "5.1.10", "-", true, BOUNCE_TYPE_HARD, 6},
    {"550 5.7.1", RCPT, "policy", "5.7.1", "5.7.1", true, BOUNCE_TYPE_SOFT, 6},
    {"550 5.7.1", NONE, "policy", "5.7.1", "5.7.1", true, BOUNCE_TYPE_SOFT, 6},
    {"550", NONE, "unknown", "5.0.0", "-", true, BOUNCE_TYPE_SOFT, -1},
    {"554 5.0.0", NONE, "unknown", "5.0.0", "5.0.0", true, BOUNCE_TYPE_SOFT, -1},
    {"450 4.2.0", NONE, "unknown", "4.2.0", "4.2.0", false, BOUNCE_TYPE_SOFT, -1},
    {"", NONE, "unknown", "4.0.0", "-", false, BOUNCE_TYPE_SOFT, -1},
    {"zzz", NONE, "unknown", "4.0.0", "-", false, BOUNCE_TYPE_SOFT, -1},
};

Test(verdict, codes_where_no_words_speak)
{
    check(codes, COUNT(codes));
}

/* A status that is not registered, or does not fit the reason, is stated but not judged. */
static const struct row odd_codes[] = {
    {"550 5.1.10 RESOLVER.ADR.RecipientNotFound", NONE, "no-such-user", "5.1.1", "5.1.10", true, BOUNCE_TYPE_HARD, 1},
    {"550 5.0.0 mailbox full", NONE, "mailbox-full", "5.2.2", "5.0.0", true, BOUNCE_TYPE_SOFT, 3},
    {"550 5.9.9 zzz", NONE, "unknown", "5.0.0", "5.9.9", true, BOUNCE_TYPE_SOFT, -1},
    {"550 5.1.99 User unknown", NONE, "no-such-user", "5.1.1", "5.1.99", true, BOUNCE_TYPE_HARD, 3},
    {"452 4.2.2 over quota", NONE, "mailbox-full", "4.2.2", "4.2.2", false, BOUNCE_TYPE_SOFT, 3},
    /* A success code beside words of failure is not the status of a failure. */
    {"550 2.1.1 User unknown", NONE, "no-such-user", "5.1.1", "2.1.1", true, BOUNCE_TYPE_HARD, 3},
};

Test(verdict, odd_codes_are_stated_but_not_judged)
{
    check(odd_codes, COUNT(odd_codes));
}

/* Without a reply code the class of a specific status counts, otherwise the reason's default. */
static const struct row permanence[] = {
    {"5.1.1 User unknown", NONE, "no-such-user", "5.1.1", "5.1.1", true, BOUNCE_TYPE_HARD, 3},
    {"4.1.1 User unknown", NONE, "no-such-user", "4.1.1", "4.1.1", false, BOUNCE_TYPE_SOFT, 3},
    {"4.0.0 User unknown", NONE, "no-such-user", "5.1.1", "4.0.0", true, BOUNCE_TYPE_HARD, 3},
    {"User unknown", NONE, "no-such-user", "5.1.1", "-", true, BOUNCE_TYPE_HARD, 3},
    {"Mailbox full", NONE, "mailbox-full", "5.2.2", "-", true, BOUNCE_TYPE_SOFT, 3},
    {"Connection refused", NONE, "network-error", "4.4.1", "-", false, BOUNCE_TYPE_SOFT, 3},
    /* The reply code outweighs the status beside it. */
    {"450 5.1.1 User unknown", NONE, "no-such-user", "5.1.1", "5.1.1", false, BOUNCE_TYPE_SOFT, 3},
};

Test(verdict, permanence_and_type)
{
    check(permanence, COUNT(permanence));
}

/* A refusal because of sender, message, network or system is soft, however permanent its code. */
Test(verdict, only_dead_addresses_are_hard)
{
    static const char *const texts[] = {"554 5.7.1 This message looks like spam",
                                        "552 5.3.4 Message too large",
                                        "554 5.7.1 Relaying denied",
                                        "550 5.7.26 DMARC policy violation",
                                        "554 5.4.6 Too many hops",
                                        "550 5.7.1 Your IP address is blacklisted",
                                        "550 5.2.2 Mailbox is over quota"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const bounce_recipient *r = parse_reply(texts[i], NONE, NULL);
        cr_assert(bounce_recipient_permanent(r), "%s", texts[i]);
        cr_assert_eq(bounce_recipient_type(r), BOUNCE_TYPE_SOFT, "%s", texts[i]);
    }
}

/* ------------------------------------------------------------ order of texts */

/* The reply that is quoted inside comes before what the other server made of it. */
Test(verdict, innermost_reply_first)
{
    const bounce_recipient *r =
        parse_reply("554 5.7.1 Relaying denied: host mx.example.net said: 550 5.1.1 User unknown", NONE, NULL);
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), "5.1.1");
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), 550);
}

/* Prose counts only if the diagnostic says nothing. */
Test(verdict, diagnostic_before_prose)
{
    static const char said[] =
        "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\nAction: failed\n"
        "Diagnostic-Code: smtp; 552 Mailbox full\n";
    static const char silent[] =
        "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\nAction: failed\n";
    static const char prose[] = "<user@example.net>: User unknown\n";
    const bounce_recipient *r = only(parse_mail(dsn_mail(prose, said, NULL)), "said");
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_MAILBOX_FULL);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE), "Diagnostic-Code");
    r = only(parse_mail(dsn_mail(prose, silent, NULL)), "silent");
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_NO_SUCH_USER);
}

/* "Undeliverable: <the sender's own subject>" must not be judged. */
Test(verdict, returned_subject_is_not_judged)
{
    static const char mail[] =
        "From: mailer-daemon@mx.example.org\nSubject: Undeliverable: Message could not be delivered for 5 days\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        "Final-Recipient: rfc822; user@example.net\nAction: failed\nStatus: 5.1.1\n"
        "--b\nContent-Type: text/rfc822-headers\n\nSubject: Message could not be delivered for 5 days\n--b--\n";
    cr_assert_eq(bounce_recipient_reason(only(parse_mail(mail), "subject")), BOUNCE_REASON_NO_SUCH_USER);
}

/* The subject of the report is judged if it does not repeat the sender's. */
Test(verdict, own_subject_is_judged)
{
    static const char *const originals[] = {"Subject: lunch\n", "To: user@example.net\n",
                                            "Subject: Message could not be delivered for 5 days\n"};
    static const bounce_reason reasons[] = {BOUNCE_REASON_EXPIRED, BOUNCE_REASON_EXPIRED, BOUNCE_REASON_UNKNOWN};
    for (size_t i = 0; i < COUNT(originals); i++) {
        char mail[1024];
        snprintf(
            mail, sizeof mail,
            "From: mailer-daemon@mx.example.org\nSubject: Undeliverable: Message could not be delivered for 5 days\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
            "Final-Recipient: rfc822; user@example.net\nAction: failed\n"
            "--b\nContent-Type: text/rfc822-headers\n\n%s--b--\n",
            originals[i]);
        cr_expect_eq(bounce_recipient_reason(only(parse_mail(mail), "subject")), reasons[i], "%s", originals[i]);
    }
}

/* The hosts of a scope: the remote one, and the domain of the recipient. */
Test(verdict, scope_by_the_recipients_domain)
{
    static const struct {
        const char *text, *host, *reason;
    } rows[] = {
        {"550 <joe@example.net>: zebra crossing", NULL, "policy"},
        {"550 <joe@EXAMPLE.NET>: zebra crossing", "mx.example.org", "policy"},
        {"550 <joe@example.org>: zebra crossing", "example.net", "policy"},
        {"550 <joe@example.org>: zebra crossing", "mx.example.org", "unknown"},
        {"550 <joe@notexample.net>: zebra crossing", NULL, "unknown"},
        {"550 zebra crossing", NULL, "unknown"},
    };
    bounce_rules *rules =
        rules_of(NULL, "rule a\nreason policy\ntier 2\nphrase zebra crossing\nscope host example.net\n"
                       "why w\nexample 550 zebra crossing\nnear 550 zebra\n");
    bounce_parser_free(core_parser);
    core_parser = bounce_parser_new(rules, NULL);
    bounce_rules_unref(rules);
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(bounce_reason_name(bounce_recipient_reason(parse_reply(rows[i].text, NONE, rows[i].host))),
                         rows[i].reason, "%s at %s", rows[i].text, shown(rows[i].host));
}

/* ------------------------------------------------------------------- expiry */

Test(verdict, expired_and_its_cause)
{
    static const struct {
        const char *text, *reason, *cause;
    } rows[] = {
        {"Message could not be delivered for 5 days", "expired", "-"},
        {"Message could not be delivered for 5 days: connection timed out", "expired", "network-error"},
        {"Message could not be delivered for 5 days. The last error was: 452 4.2.2 mailbox full", "expired",
         "mailbox-full"},
        /* A permanent refusal ended it, not the queue. */
        {"550 5.1.1 User unknown. Message could not be delivered for 5 days", "no-such-user", "-"},
        {"Connection timed out", "network-error", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, NONE, NULL);
        bounce_reason cause = BOUNCE_REASON_UNKNOWN;
        bool has_cause = bounce_recipient_cause(r, &cause);
        cr_assert_str_eq(bounce_reason_name(bounce_recipient_reason(r)), rows[i].reason, "%s", rows[i].text);
        cr_assert_str_eq(has_cause ? bounce_reason_name(cause) : "-", rows[i].cause, "%s", rows[i].text);
    }
}

/* ------------------------------------------------------------------- status */

static bool is_registered(const char *status)
{
    static const unsigned highest_detail[] = {0, 10, 4, 6, 7, 6, 10, 30};
    unsigned class_, subject, detail;
    char end;
    return sscanf(status, "%u.%u.%u%c", &class_, &subject, &detail, &end) == 3 &&
           (class_ == 2 || class_ == 4 || class_ == 5) && subject < COUNT(highest_detail) &&
           detail <= highest_detail[subject];
}

/* Whatever code is stated with whatever words: the judged one is registered,
 * belongs to the reason, and is one of a failure. */
Test(verdict, judged_status_is_always_registered)
{
    static const char *const words[] = {"",         "User unknown", "Mailbox full", "spam", "Connection refused",
                                        "rejected", "zzz"};
    static const unsigned details[] = {0, 1, 2, 5, 9, 10, 11, 29, 30, 31, 122, 705, 999};
    char text[128];
    for (unsigned class_ = 2; class_ <= 5; class_++)
        for (unsigned subject = 0; subject <= 9; subject++)
            for (size_t d = 0; d < COUNT(details); d++)
                for (size_t w = 0; w < COUNT(words) && class_ != 3; w++) {
                    core_tear_down(); /* thousands of reports: one at a time */
                    core_set_up();
                    snprintf(text, sizeof text, "%u50 %u.%u.%u %s", class_ == 2 ? 5 : class_, class_, subject,
                             details[d], words[w]);
                    const bounce_recipient *r = parse_reply(text, NONE, NULL);
                    const char *status = text_of(r, BOUNCE_RECIPIENT_STATUS);
                    unsigned s[3];
                    cr_assert(is_registered(status), "%s: %s", text, status);
                    sscanf(status, "%u.%u.%u", &s[0], &s[1], &s[2]);
                    struct enhanced e = {(uint16_t)s[0], (uint16_t)s[1], (uint16_t)s[2]};
                    cr_assert_neq(s[0], 2, "%s: %s", text, status);
                    bounce_reason reason = bounce_recipient_reason(r);
                    cr_assert(!reason || reason_has_code(reason, e), "%s: %s for %s", text, status,
                              bounce_reason_name(reason));
                }
}

/* What the text does not state is not shown as stated. */
Test(verdict, nothing_is_invented)
{
    const bounce_recipient *r = parse_reply("User unknown", NONE, NULL);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_STATED_STATUS), "-");
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), -1);
    cr_assert_eq(bounce_recipient_command(r), BOUNCE_COMMAND_NONE);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "-");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), "-");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), "-");
}

/* ----------------------------------------------------------------- evidence */

Test(verdict, evidence_of_a_rule)
{
    static const char text[] = "550 5.1.1 <joe@example.net>: User unknown in table";
    const bounce_recipient *r = parse_reply(text, NONE, NULL);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE), "reply");
    cr_assert_not_null(strstr(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT), "User unknown"));
    cr_assert_not_null(strchr(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), '/'));
    cr_assert_not_null(strstr(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_FILE), ".rules"));
    cr_assert_gt(number_of(r, BOUNCE_RECIPIENT_EVIDENCE_LINE), 0);
    long offset = number_of(r, BOUNCE_RECIPIENT_EVIDENCE_OFFSET);
    cr_assert_eq(&text[offset], strstr(text, text_of(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT)));
}

Test(verdict, evidence_of_a_code)
{
    const bounce_recipient *r = parse_reply("550 5.1.1", NONE, NULL);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), "code/enhanced");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT), "5.1.1");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_FILE), "-");
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_EVIDENCE_LINE), -1);
    r = parse_reply("550", RCPT, NULL);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_RULE), "code/reply");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT), "550 at RCPT");
}

Test(verdict, same_input_same_verdict)
{
    static const char text[] = "550 5.7.1 rejected: mailbox unavailable, user unknown, over quota, spam";
    const bounce_recipient *first = parse_reply(text, NONE, NULL);
    for (int i = 0; i < 5; i++) {
        const bounce_recipient *again = parse_reply(text, NONE, NULL);
        cr_assert_str_eq(text_of(again, BOUNCE_RECIPIENT_EVIDENCE_RULE),
                         text_of(first, BOUNCE_RECIPIENT_EVIDENCE_RULE));
    }
}

/* ------------------------------------------------------------------ replies */

/* The address of a reply is that of the recipient, never that of the sender. */
Test(verdict, address_that_a_reply_names)
{
    static const struct {
        const char *text, *address;
    } rows[] = {
        {"550 5.1.1 <joe@example.net>: User unknown", "joe@example.net"},
        {"550 User unknown", "-"},
        {"550 <postmaster@example.net> knows more", "-"},
        {"550 5.1.1 <joe@example.net>... <joe@example.net> unknown", "joe@example.net"},
        {"550 5.1.8 <sender@example.org>: Sender address rejected: Domain not found", "-"},
        {"553 sorry, your envelope sender <sender@example.org> is denied", "-"},
        {"550 <joe@example.net>: rejected because of <sender@example.org>", "-"}, /* not just one */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_str_eq(text_of(parse_reply(rows[i].text, NONE, NULL), BOUNCE_RECIPIENT_ADDRESS), rows[i].address,
                         "%s", rows[i].text);
}

Test(verdict, what_the_caller_knows_outweighs_the_text)
{
    const bounce_recipient *r = parse_reply("550 no (in reply to MAIL FROM command)", RCPT, "mx.example.net");
    cr_assert_eq(bounce_recipient_command(r), BOUNCE_COMMAND_RCPT);
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), "mx.example.net");
}

Test(verdict, replies_of_success)
{
    const bounce_recipient *r = parse_reply("250 2.1.5 Ok", RCPT, NULL);
    cr_assert_eq(bounce_recipient_action(r), BOUNCE_ACTION_DELIVERED);
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_DELIVERED);
    cr_assert_eq(bounce_recipient_type(r), BOUNCE_TYPE_NONE);
    cr_assert_not(bounce_recipient_permanent(r));
}

/* Every string that is returned is UTF-8, whatever bytes came in. */
Test(verdict, strings_are_utf8)
{
    bounce_context *context = bounce_context_new();
    bounce_context_set_host(context, "mx\xff.example.net");
    bounce_context_set_recipient(context, "j\xfcrgen@example.net");
    bounce_report *report = NULL;
    static const char text[] = "550 5.1.1 Empf\xe4nger \x00 unbekannt \xff\xfe";
    cr_assert_eq(bounce_parse_reply(core_parser, text, sizeof text - 1, context, &report, NULL), BOUNCE_OK);
    bounce_context_free(context);
    const bounce_recipient *r = bounce_report_recipient(core_keep(report), 0);
    for (int field = 0; field <= BOUNCE_RECIPIENT_TAG; field++) {
        const char *s = bounce_recipient_string(r, (bounce_recipient_field)field);
        cr_assert(!s || is_utf8(s), "field %d: %s", field, shown(s));
    }
    const char *json;
    cr_assert_eq(bounce_report_json(report, NULL, &json, NULL), BOUNCE_OK);
    cr_assert(is_utf8(json));
}

/* ------------------------------------------------------------------ explain */

static const bounce_recipient *explained_by(const char *text, bool is_mail)
{
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    bounce_parser *parser = bounce_parser_new(core_rules, options);
    bounce_report *report = NULL;
    bounce_status status = is_mail ? bounce_parse(parser, text, strlen(text), &report, NULL)
                                   : bounce_parse_reply(parser, text, strlen(text), NULL, &report, NULL);
    cr_assert_eq(status, BOUNCE_OK);
    bounce_parser_free(parser);
    bounce_options_free(options);
    return bounce_report_recipient(core_keep(report), 0);
}

static const bounce_recipient *explained(const char *reply)
{
    return explained_by(reply, false);
}

static bool tells(const bounce_recipient *r, const char *words)
{
    for (size_t i = 0; i < bounce_recipient_explain_count(r); i++)
        if (strstr(bounce_recipient_explain(r, i), words))
            return true;
    return false;
}

Test(verdict, the_account_names_what_decided_and_what_lost)
{
    const bounce_recipient *r = explained("550 5.7.1 <joe@example.net>: mailbox full, rejected");
    cr_assert(tells(r, "decided: "));
    cr_assert(tells(r, "lost: "));
    cr_assert(tells(r, text_of(r, BOUNCE_RECIPIENT_EVIDENCE_RULE)));
    cr_assert(tells(r, "stated status 5.7.1 (in the reply)"));
    cr_assert(tells(explained("550 5.1.1 mailbox full"), "definite words outrank codes"));
    cr_assert(tells(explained("zzz"), "nothing decided"));
    /* The classes of a phrase, each with its member in the text, whole words before parts of them. */
    cr_assert(tells(explained("550 5.1.1 no such mailbox here"), "{sort}: \"such\"; {nobody}: \"mailbox\""));
    cr_assert(tells(explained("552 Das Postfach von J\xc3\xb6rg ist voll"),
                    "{de-mailbox}: \"Postfach\"; {de-full}: \"voll\""));
    /* Even if something between them is masked. */
    cr_assert(tells(explained("550 the requested user un.known@example.org was not found"),
                    "{nobody}: \"user\"; {not}: \"not\"; {found}: \"found\""));
}

/* About whom each text was taken to be, and why. */
Test(verdict, the_account_tells_who_is_meant)
{
    static const struct {
        const char *reply, *line;
    } rows[] = {
        {"550 user unknown", "said of the recipient: nothing says otherwise"},
        {"550 Sender user unknown", "said of the sender: by the words \"sender\""},
        {"550 Sender check: host mx.example.org said: 550 user unknown",
         "said of the sender: by the words \"sender\", in front of what it quotes"},
        {"550 Sender user unknown", "not of the recipient: no-such-user/"},
        {"535 mailbox disabled", "said of the sender: it answers the command AUTH"},
        {"550 login failed: mailbox disabled", "said of the sender: it is about logging in: \"login failed\""},
        {"550 user unknown (in reply to MAIL FROM command)",
         "said of the sender: no recipient was named before the command"},
        {"550 5.2.1 sender", "code 5.2.1 is not of the recipient:"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect(tells(explained(rows[i].reply), rows[i].line), "%s", rows[i].reply);
    static const char fields[] =
        "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\n"
        "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 <user@example.net>: no such user\n";
    cr_expect(tells(explained_by(dsn_mail(NULL, fields, NULL), true),
                    "said of the recipient: it names the address \"user@example.net\""));
}

/* Texts of the report come after those of the recipient. */
Test(verdict, the_account_has_the_texts_that_are_judged_last)
{
    static const char fields[] = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; user@example.net\n"
                                 "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 mailbox full\n";
    const bounce_recipient *r = explained_by(dsn_mail("The user is unknown here.\n", fields, NULL), true);
    cr_assert(tells(r, "text (diagnostic") || tells(r, "text (reply"));
    cr_assert(tells(r, "text (prose, Subject): Delivery report"));
    cr_assert(tells(r, "The user is unknown here."));
}

/* Long texts are cut, and never in the middle of a character. */
Test(verdict, the_account_is_utf8)
{
    char text[4096];
    for (size_t shift = 0; shift < 4; shift++) {
        size_t n = (size_t)sprintf(text, "550 %.*s", (int)shift, "xxx");
        while (n < sizeof text - 8) /* U+1F600: four bytes */
            n += (size_t)sprintf(text + n, "\xf0\x9f\x98\x80");
        const bounce_recipient *r = explained(text);
        for (size_t i = 0; i < bounce_recipient_explain_count(r); i++) {
            const char *line = bounce_recipient_explain(r, i);
            cr_assert(is_utf8(line), "shift %zu: %s", shift, line);
        }
    }
}

/* --------------------------------------------------------------------- caps */

Test(verdict, texts_longer_than_rules_are_searched_in)
{
    static char text[LIMIT_SEARCHED_BYTES + 64];
    static const size_t sizes[] = {LIMIT_SEARCHED_BYTES, LIMIT_SEARCHED_BYTES + 1};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        memset(text, 'x', sizes[i]);
        memcpy(text, "550 ", 4);
        bounce_report *report = NULL;
        cr_assert_eq(bounce_parse_reply(core_parser, text, sizes[i], NULL, &report, NULL), BOUNCE_OK);
        cr_assert_eq(has_warning(core_keep(report), "long-subject"), i == 1, "%zu bytes", sizes[i]);
    }
}
