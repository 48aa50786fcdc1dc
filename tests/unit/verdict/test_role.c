/* SPDX-License-Identifier: MIT */
/* test_role.c - about whom the words of a clause are. */
#include "verdict/role.h"

#include "core_testing.h"
#include "match/ruleset.h"
#include "text/normal.h"

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
    core_set_up();
}

static void tear_down(void)
{
    core_tear_down();
    arena_free(&arena);
}

TestSuite(role, .init = set_up, .fini = tear_down);

static struct role_people people(void)
{
    return (struct role_people){
        .words = ruleset_words(core_rules),
        .recipients = {span_z("joe@example.net"), span_z("sales@example.net")},
        .senders = {span_z("rfc822; me@example.org"), span_z("News <news@example.org>, info@example.org")}};
}

static const char *by(struct role role)
{
    static const char *const signs[] = {"nothing", "code",    "status", "command",
                                        "login",   "address", "word",   "supposition"};
    static char all[64];
    snprintf(all, sizeof all, "%s by %s", role.of_sender ? "sender" : "recipient", signs[role.sign]);
    return all;
}

/* In the texts, brackets mark the words whose role is to be found. */
static struct role role_in(const char *marked, const struct role_people *known)
{
    char text[1024];
    const char *open = strchr(marked, '['), *close = strchr(marked, ']');
    cr_assert(open && close, "%s", marked);
    size_t start = (size_t)(open - marked), n = (size_t)(close - open) - 1;
    snprintf(text, sizeof text, "%.*s%.*s%s", (int)start, marked, (int)n, open + 1, close + 1);
    struct norm_text norm, front;
    text_normalise(&arena, span_z(text), sizeof text, &norm);
    text_normalise(&arena, span_of(text, start + n), sizeof text, &front);
    const char *words = text_fold(&arena, span_of(open + 1, n));
    return role_of_words(known, span_of(norm.folded, norm.folded_length), front.folded_length - strlen(words),
                         front.folded_length);
}

Test(role, of_words)
{
    static const struct {
        const char *text, *by;
    } rows[] = {
        /* Nothing says who. */
        {"550 5.1.1 [User unknown]", "recipient by nothing"},
        {"[mailbox full]", "recipient by nothing"},
        {"550 <ann@example.com>: [User unknown]", "recipient by nothing"},
        {"host mx.example.net[192.0.2.1] said: 550 [User unknown] (in reply to RCPT TO command)",
         "recipient by nothing"},
        {"<x>... [User unknown]", "recipient by nothing"},
        /* Addresses. */
        {"550 <joe@example.net>: [User unknown]", "recipient by address"},
        {"550 <sales@example.net>: [User unknown]", "recipient by address"},
        {"550 <JOE@Example.NET>... [User unknown]", "recipient by address"},
        {"550 [User unknown]: joe@example.net", "recipient by address"},
        {"550 <me@example.org>: [User unknown]", "sender by address"},
        {"550 'news@example.org' [does not exist]", "sender by address"},
        {"550 [no such user] info@example.org.", "sender by address"},
        {"Mail from me@example.org to joe@example.net failed: [user unknown]", "recipient by address"},
        {"to joe@example.net, from me@example.org: [account disabled]", "sender by address"},
        {"550 <not-me@example.org>: [User unknown]", "recipient by nothing"},
        {"550 <me@example.org>: ok. <ann@example.com>: [User unknown]", "recipient by nothing"},
        /* Words. */
        {"550 Sender address rejected: [User unknown]", "sender by word"},
        {"550 <ann@example.com>: Sender address rejected: [User unknown]", "sender by word"},
        {"550 Recipient address rejected: [User unknown]", "recipient by word"},
        {"550 <joe@example.net>: your [account is disabled]", "sender by word"},
        {"550-Sender verify failed [user unknown]", "sender by word"},
        {"550-Sender verify failed, mx said: 550-[user unknown]", "sender by word"},
        {"550 <joe@example.net>: your account is [disabled]", "sender by word"},
        {"550 5.7.1 your mailbox is [full]", "sender by word"},
        {"Submission [quota exceeded]", "sender by word"},
        {"[Submission quota exceeded]", "sender by word"},
        {"outgoing mail of this [account is suspended]", "sender by word"},
        {"message sending for this [account is disabled]", "sender by word"},
        {"Return-Path [does not exist]", "sender by word"},
        {"HELO name is an [unknown domain]", "sender by word"},
        {"MAIL FROM: [unknown user]", "sender by word"},
        {"the client host is an [unknown host]", "sender by word"},
        {"Relay quota: [over quota]", "sender by word"},
        {"Sender accepted, recipient refused: [no such user]", "recipient by word"},
        {"Recipient accepted, but the sender: [no such user]", "sender by word"},
        {"Returned to sender: [user unknown]", "recipient by word"},
        {"your message to that [user is unknown]", "recipient by word"},
        {"The sender is known. [User unknown]", "recipient by nothing"},
        {"The sender is known! [User unknown]", "recipient by nothing"},
        /* Names are not words. */
        {"<sender@example.com>: [user unknown]", "recipient by nothing"},
        {"<your.sender@example.com>: [user unknown]", "recipient by nothing"},
        {"host sender.example.com: [user unknown]", "recipient by nothing"},
        {"http://example.com/sender [user unknown]", "recipient by nothing"},
        {"resender [user unknown]", "recipient by nothing"},
        /* Only suppositions. */
        {"Check whether the [user is unknown]", "recipient by supposition"},
        {"This does not mean that the recipient [does not exist]", "recipient by supposition"},
        {"Ask if the [account at example.net is closed]", "recipient by supposition"},
        {"If you think that this is wrong, write to us: [user unknown]", "recipient by nothing"},
        {"If the user moved, the recipient [is unknown]", "recipient by word"},
        {"Check whether you typed it right - [user unknown]", "recipient by nothing"},
        {"If this helps. [User unknown]", "recipient by nothing"},
        {"We tried to find out whether host mx said: [user unknown]", "recipient by nothing"},
        /* Logging in. */
        {"SASL authentication failed: [account disabled]", "sender by login"},
        {"535 [account disabled], username and password not accepted", "sender by login"},
        {"550 <joe@example.net>: authentication required, [user unknown]", "sender by login"},
        {"Could not authenticate. [Account disabled]", "sender by login"},
        {"Could not authenticate. Sorry. [Account disabled]", "recipient by nothing"},
        {"Could not authenticate. <joe@example.net>: [Account disabled]", "recipient by address"},
        /* Quotes. */
        {"Sender address rejected: host mx.example.org said: 550 [User unknown]", "sender by word"},
        {"<me@example.org>: undeliverable: host mx.example.org said: 550 Sorry. [No such user]", "sender by address"},
        {"SASL authentication failed; server mx.example.org said: 5.7.0 [account disabled]", "sender by login"},
        {"Sender check: host a said: 550 host b said: 550 [User unknown]", "sender by word"},
        {"Sender address ok. host a said: 550 [User unknown]", "recipient by nothing"},
        {"Sender check: host a said: recipient: [User unknown]", "recipient by word"},
        /* Other languages. */
        {"550 Absenderadresse abgelehnt: [unbekannt]", "sender by word"},
        {"550 Empf\xc3\xa4nger [unbekannt]", "recipient by word"},
        {"Ihr Postfach ist [voll]", "sender by word"},
        {"L'adresse de l'exp\xc3\xa9"
         "diteur est [inconnue]",
         "sender by word"},
        {"Votre bo\xc3\xaete est [pleine]", "sender by word"},
        {"Le destinataire est [inconnu]", "recipient by word"},
        {"El remitente [no existe]", "sender by word"},
        {"Destinat\xc3\xa1rio [desconhecido]", "recipient by word"},
        {"Il mittente [non esiste]", "sender by word"},
        {"afzender [onbekend]", "sender by word"},
        {"Nadawca [nieznany]", "sender by word"},
        {"\xd0\x9e\xd1\x82\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xb8\xd1\x82\xd0\xb5\xd0\xbb\xd1\x8c [unknown]",
         "sender by word"},
        {"\xe5\x8f\x91\xe4\xbb\xb6\xe4\xba\xba[unknown]", "sender by word"},
        {"\xe6\x94\xb6\xe4\xbb\xb6\xe4\xba\xba[unknown]", "recipient by word"},
        {"\xe5\x8f\x91\xe4\xbb\xb6\xe4\xba\xba\xe3\x80\x82[unknown]", "recipient by nothing"},
        {"\xe9\x80\x81\xe4\xbf\xa1\xe8\x80\x85[unknown]", "sender by word"},
    };
    const struct role_people known = people();
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(by(role_in(rows[i].text, &known)), rows[i].by, "%s: %s", rows[i].text,
                         by(role_in(rows[i].text, &known)));
}

/* The role of a code is that of the text after it. */
Test(role, of_codes)
{
    static const struct {
        const char *text, *by;
    } rows[] = {
        {"550 5.1.1", "recipient by nothing"},
        {"", "recipient by nothing"},
        {"550 5.1.1 <joe@example.net> rejected by sender", "recipient by address"},
        {"550 5.1.1 <me@example.org> rejected by recipient", "sender by address"},
        {"550 5.2.2 Submission quota", "sender by word"},
        {"550 5.1.1 recipient of sender", "recipient by word"},
        {"550 5.1.1 No. The sender is known", "recipient by nothing"},
        {"550 5.1.1 <joe@example.net> authentication required", "sender by login"},
    };
    const struct role_people known = people();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct norm_text norm;
        text_normalise(&arena, span_z(rows[i].text), 1024, &norm);
        struct role role = role_of_code(&known, span_of(norm.folded, norm.folded_length));
        cr_expect_str_eq(by(role), rows[i].by, "%s: %s", rows[i].text, by(role));
    }
}

/* Mail to oneself: the address says nothing. */
Test(role, of_a_sender_who_is_the_recipient)
{
    struct role_people both = people();
    both.senders[2] = span_z("Joe <joe@example.net>");
    cr_expect_str_eq(by(role_in("<joe@example.net>: [User unknown]", &both)), "recipient by nothing");
    cr_expect_str_eq(by(role_in("<joe@example.net>: Sender rejected: [User unknown]", &both)), "sender by word");
    cr_expect_str_eq(by(role_in("<me@example.org>: [User unknown]", &both)), "sender by address");
}

/* However long a text is, only words nearby count. */
Test(role, of_words_in_a_long_text)
{
    const struct role_people known = people();
    char text[20000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text, "sender ", 7);
    memcpy(text + 10000, " unknown ", 9);
    struct role role = role_of_words(&known, span_z(text), 10001, 10008);
    cr_expect_str_eq(by(role), "recipient by nothing");
    memcpy(text + 9800, " sender ", 8);
    role = role_of_words(&known, span_z(text), 10001, 10008);
    cr_expect_str_eq(by(role), "sender by word");
    cr_expect_eq(role.text.s, text + 9801);
}

/* ------------------------------------------------------------ what follows from roles */

static const char *reply_reason(const char *text)
{
    return bounce_reason_name(bounce_recipient_reason(parse_reply(text, BOUNCE_COMMAND_NONE, NULL)));
}

Test(role, of_the_sender_is_no_word_about_the_recipient)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"550 5.1.1 <joe@example.net>: User unknown", "no-such-user"},
        {"550 5.1.1 sender user unknown", "sender-rejected"},
        {"550 5.1.1 Your mailbox does not exist here", "sender-rejected"},
        {"550 5.2.1 Your account has been disabled", "sender-rejected"},
        {"552 5.2.2 Your mailbox is over quota", "rate-limited"},
        {"552 5.2.2 Submission quota exceeded", "rate-limited"},
        {"550 5.1.2 helo mail.example.org: Host unknown", "sender-rejected"},
        {"535 5.2.1 mailbox disabled", "auth-required"},
        {"550 5.7.8 no such user", "auth-required"},
        {"535 5.1.1", "auth-required"},
        {"525 5.7.13 User account disabled", "auth-required"}, /* RFC 5248: also a reply to AUTH */
        {"525 account is inactive", "mailbox-disabled"},
        {"550 5.2.1 password expired, account is locked", "auth-required"},
        {"550 5.7.1 sender is not in the recipient's list of allowed senders", "recipient-refused"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(reply_reason(rows[i].text), rows[i].reason, "%s: %s", rows[i].text,
                         reply_reason(rows[i].text));
}

/* Before RCPT, nobody was named to whom it could refer. */
Test(role, of_a_reply_to_mail)
{
    static const struct {
        const char *text;
        bounce_command command;
        const char *reason;
    } rows[] = {
        {"550 5.1.1 User unknown", BOUNCE_COMMAND_MAIL, "sender-rejected"},
        {"550 5.1.1 User unknown", BOUNCE_COMMAND_RCPT, "no-such-user"},
        {"550 5.1.1 User unknown", BOUNCE_COMMAND_DATA, "no-such-user"},
        {"550 5.2.1", BOUNCE_COMMAND_MAIL, "sender-rejected"},
        {"550 account disabled", BOUNCE_COMMAND_AUTH, "auth-required"},
        {"556 5.1.10 example.net accepts no mail", BOUNCE_COMMAND_MAIL, "no-mail-service"},
        {"550 5.1.1 User unknown (in reply to MAIL FROM command)", BOUNCE_COMMAND_NONE, "sender-rejected"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, rows[i].command, NULL);
        const char *reason = bounce_reason_name(bounce_recipient_reason(r));
        cr_expect_str_eq(reason, rows[i].reason, "%s: %s", rows[i].text, reason);
    }
}

static const bounce_recipient *from_diagnostic(const char *words, const char *per_message)
{
    char fields[1024];
    snprintf(fields, sizeof fields,
             "Reporting-MTA: dns; mx.example.org\n%s\nFinal-Recipient: rfc822; user@example.net\n"
             "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; %s\n",
             per_message, words);
    return only(parse_mail(dsn_mail(NULL, fields, NULL)), words);
}

/* The sender is known from the report: To, From of the returned message, X-Postfix-Sender. */
Test(role, of_addresses_that_a_report_knows)
{
    static const struct {
        const char *words, *per_message, *reason;
    } rows[] = {
        {"550 5.1.1 <user@example.net>: User unknown", "", "no-such-user"},
        {"550 5.1.1 <sender@example.org>: User unknown", "", "sender-rejected"},
        {"550 5.1.1 <bounce@example.org>: User unknown", "", "no-such-user"},
        {"550 5.1.1 <bounce@example.org>: User unknown", "X-Postfix-Sender: rfc822; bounce@example.org\n",
         "sender-rejected"},
        {"550 5.1.1 <sender@example.org>", "", "sender-rejected"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *reason =
            bounce_reason_name(bounce_recipient_reason(from_diagnostic(rows[i].words, rows[i].per_message)));
        cr_expect_str_eq(reason, rows[i].reason, "%s: %s", rows[i].words, reason);
    }
}

Test(role, of_an_address_that_a_front_names)
{
    static const struct {
        const char *front, *text;
        bool same;
    } rows[] = {
        {"<me@example.org>: sender address rejected: host mx said", "550 <me@example.org>: user unknown", true},
        {"<me@example.org>, that is me@example.org, said", "550 <ME@example.org>: user unknown", true},
        {"<me@example.org>: sender address rejected: host mx said", "550 <joe@example.net>: user unknown", false},
        {"<me@example.org>: sender address rejected: host mx said", "550 user unknown", false},
        {"from me@example.org to joe@example.net: host mx said", "550 <joe@example.net>: user unknown", false},
        {"host mx said", "550 <joe@example.net>: user unknown", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(role_names_same(span_z(rows[i].front), span_z(rows[i].text)), rows[i].same, "%s", rows[i].front);
}
