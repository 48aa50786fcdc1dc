/* SPDX-License-Identifier: MIT */
/* test_blocks.c - recipients and their texts from free text of an unknown writer (reading/blocks.c,
 * reading/block_texts.c, reading/free_text.c). */
#include "core_testing.h"

#include <stdlib.h>

TestSuite(blocks, .init = core_set_up, .fini = core_tear_down);

/* "a@x b@x": the addresses of a report, in order. */
static const char *addresses_of(const bounce_report *r)
{
    static char list[1024];
    list[0] = '\0';
    for (size_t i = 0; i < bounce_report_recipients(r); i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? " " : "",
                 text_of(bounce_report_recipient(r, i), BOUNCE_RECIPIENT_ADDRESS));
    }
    return list;
}

static const struct {
    const char *name, *text, *want;
} finding[] = {
    {"alone in brackets", "Not delivered:\n\n<joe@example.net>\n\nUser unknown\n", "joe@example.net"},
    {"alone with a colon", "<joe@example.net>:\nUser unknown\n", "joe@example.net"},
    {"leads its line", "Sorry.\n\njoe@example.net: User unknown\n", "joe@example.net"},
    {"a display name", "Your mail failed.\n\nJoe User <joe@example.net>\n    User unknown\n", "joe@example.net"},
    {"a display name and a date",
     "These could not be reached:\n\n  Joe User <joe@example.net> on 11/17/2015 10:00 AM\n    User unknown\n",
     "joe@example.net"},
    {"in a sentence that began above",
     "Your mail was not delivered to the person called\njoe@example.net because of this:\n\nUser unknown\n",
     "joe@example.net"},
    {"a label", "Your mail failed.\n\nRecipient: joe@example.net\nReason: User unknown\n", "joe@example.net"},
    {"the same again, twice", "These failed:\n\njoe@example.net (joe@example.net)<mailto:joe@example.net>\n\nGone\n",
     "joe@example.net"},
    {"a display name in front of a link",
     "These failed:\n\nJoe User (joe@example.net)<mailto:joe@example.net>\n\nGone\n", "joe@example.net"},
    {"square brackets", "These failed:\n\n[joe@example.net]\nJoe User [ann@example.net]\n\nGone\n",
     "joe@example.net ann@example.net"},
    {"a type", "These failed:\n\nrfc822; joe@example.net\nSMTP;ann@example.net\n\nGone\n",
     "joe@example.net ann@example.net"},
    {"a number in parentheses", "These failed:\n\n(1) joe@example.net\n#2 ann@example.net\n\nGone\n",
     "joe@example.net ann@example.net"},
    {"a bullet beyond ASCII", "These failed:\n\n\xe2\x80\xa2 joe@example.net\n\xe2\x86\x92 ann@example.net\n\nGone\n",
     "joe@example.net ann@example.net"},
    {"quotes beyond ASCII", "These failed:\n\n\xe2\x80\x9ejoe@example.net\xe2\x80\x9c\n\nGone\n", "joe@example.net"},
    {"a bullet", "These failed:\n\n * joe@example.net\n\nUser unknown\n", "joe@example.net"},
    {"a number", "These failed:\n\n1. joe@example.net\n2. ann@example.net\n\nUser unknown\n",
     "joe@example.net ann@example.net"},
    {"in a sentence", "The mail to joe@example.net could not be delivered: User unknown\n", "joe@example.net"},
    {"in a reply", "The server said:\n\n550 5.1.1 <joe@example.net> User unknown\n", "joe@example.net"},
    {"several", "<a@example.net>: User unknown\n\n<b@example.net>: Mailbox full\n", "a@example.net b@example.net"},
    {"several in one line", "These failed: a@example.net, b@example.net\n\nUser unknown\n",
     "a@example.net b@example.net"},
    {"an abuse desk among several",
     "Your mail could not be delivered to: a@example.net, abuse@example.net\n\nUser unknown\n",
     "a@example.net abuse@example.net"},
    {"names with addresses in parentheses",
     "Not delivered to:\n\n  Joe User (joe@example.net)\n  Ann Lee (ann@example.net)\n\nUser unknown\n",
     "joe@example.net ann@example.net"},
    {"twice the same", "<joe@example.net>: User unknown\n\n<Joe@Example.net>: User unknown\n", "joe@example.net"},
    {"a plus", "<joe+tag@example.net>: User unknown\n", "joe+tag@example.net"},
    {"UTF-8", "<j\xc3\xb6rg@ex\xc3\xa4mple.test>: User unknown\n", "j\xc3\xb6rg@ex\xc3\xa4mple.test"},
    {"called contact", "The mail to contact@example.net could not be delivered: User unknown\n", "contact@example.net"},
    {"called questions", "<questions@example.net>\n\nUser unknown\n", "questions@example.net"},
    {"at a host of that name", "<joe@contact.example>: connect to contact.example: timed out\n", "joe@contact.example"},
    {"called abuse", "Your mail was not delivered to abuse@example.net: User unknown\n", "abuse@example.net"},
    {"a mail system", "<postmaster@example.net>: User unknown\n", "postmaster@example.net"},
    {"a mail system, in a sentence", "Your mail could not be delivered to noreply@example.net: User unknown\n",
     "noreply@example.net"},
    {"a mail system beside others", "<noreply@example.net>: User unknown\n\n<joe@example.net>: User unknown\n",
     "noreply@example.net joe@example.net"},
    {"to oneself", "<sender@example.org>: User unknown\n", "sender@example.org"},
    {"to oneself, beside others", "<sender@example.org>: User unknown\n\n<joe@example.net>: User unknown\n",
     "sender@example.org joe@example.net"},
    {"to oneself, called a recipient", "The server rejected recipient <sender@example.org>: User unknown\n",
     "sender@example.org"},
    {"to oneself, in a session", ">>> RCPT To:<sender@example.org>\n<<< 550 5.1.1 User unknown\n",
     "sender@example.org"},
    {"to oneself, in Sendmail's words",
     "550 <sender@example.org>... User unknown\n554 <joe@example.net>... Host unknown\n",
     "sender@example.org joe@example.net"},
    {"a local name in quotes", "The user \"joe.smith\" is unknown\n", "joe.smith"},
    {"a local name after a code", "550 jsmith... User unknown\n", "jsmith"},
    {"a local name", "The following recipients could not be reached:\n\n    joe\n\nUser unknown\n", "joe"},
};

Test(blocks, finds_recipients)
{
    for (size_t i = 0; i < COUNT(finding); i++) {
        bounce_report *r = parse_mail(notice_mail(finding[i].text));
        cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_NDR, "%s: %s", finding[i].name,
                     bounce_kind_name(bounce_report_kind(r)));
        cr_assert_str_eq(addresses_of(r), finding[i].want, "%s", finding[i].name);
    }
}

/* Besides the failed joe@example.net, each names somebody who is not a recipient. */
static const struct {
    const char *name, *text;
} others[] = {
    {"a list's footer", "<joe@example.net>: User unknown\n_______________________________________________\n"
                        "Gardening mailing list\ngardening@lists.example.org\n"},
    {"a group's footer", "<joe@example.net>: User unknown\n\n-- \nYou are subscribed to this group.\n"
                         "To unsubscribe, send mail to: <leave@lists.example.org>\n"},
    {"a legal notice", "<joe@example.net>: User unknown\n\nIf you are not the intended recipient, tell\n"
                       "<legal@example.org>\n"},
    {"its own reader in a quoted reply",
     "550 <joe@example.net>... User unknown\n<<< 501 <sender@example.org>... no access\n"},
    {"its own reader in a sentence",
     "<joe@example.net>: User unknown\n\nThe message from sender@example.org failed.\n"},
    {"somebody to ask", "<joe@example.net>: User unknown\n\nFor further assistance contact <help@mx.example.org>.\n"},
    {"the postmaster", "<joe@example.net>: User unknown\n\nPlease write to postmaster@mx.example.org.\n"},
    {"the writer", "<joe@example.net>: User unknown\n\nThis is mailer-daemon@mx.example.org.\n"},
    {"the sender", "<joe@example.net>: User unknown\n\nYour mail from sender@example.org was not delivered.\n"},
    {"a From line", "From: someone@example.com\nRecipient: joe@example.net\nUser unknown\n"},
    {"a message id", "<joe@example.net>: User unknown\n\nMessage-ID: <123@example.org>\n"},
    {"a URL", "<joe@example.net>: User unknown\n\nSee http://help@example.com/why\n"},
    {"mail from", "<joe@example.net>: not accepting mail from ann@example.com\n"},
    {"mail from, in a sentence",
     "The mail to joe@example.net could not be delivered: it takes no mail from ann@example.com\n"},
};

Test(blocks, names_nobody_else)
{
    for (size_t i = 0; i < COUNT(others); i++)
        cr_assert_str_eq(addresses_of(parse_mail(notice_mail(others[i].text))), "joe@example.net", "%s",
                         others[i].name);
}

/* ------------------------------------------------------ texts of each one */

Test(blocks, each_recipient_gets_its_own_text)
{
    bounce_report *r = parse_mail(notice_mail("Some mail could not be delivered.\n\n"
                                              "<a@example.net>:\n    550 5.1.1 User unknown\n\n"
                                              "<b@example.net>:\n    552 5.2.2 Mailbox full\n\n"
                                              "<c@example.net>:\n    Connection refused\n"));
    static const struct {
        bounce_reason reason;
        long code;
        const char *stated;
    } want[] = {{BOUNCE_REASON_NO_SUCH_USER, 550, "5.1.1"},
                {BOUNCE_REASON_MAILBOX_FULL, 552, "5.2.2"},
                {BOUNCE_REASON_NETWORK_ERROR, -1, "-"}};
    cr_assert_str_eq(addresses_of(r), "a@example.net b@example.net c@example.net");
    for (size_t i = 0; i < COUNT(want); i++) {
        const bounce_recipient *to = bounce_report_recipient(r, i);
        cr_assert_eq(bounce_recipient_reason(to), want[i].reason, "%zu: %s", i,
                     bounce_reason_name(bounce_recipient_reason(to)));
        cr_assert_eq(number_of(to, BOUNCE_RECIPIENT_REPLY_CODE), want[i].code, "%zu", i);
        cr_assert_str_eq(text_of(to, BOUNCE_RECIPIENT_STATED_STATUS), want[i].stated, "%zu", i);
    }
}

/* What a line says about another recipient does not count for the one in whose block it is, however little there is. */
Test(blocks, text_about_another)
{
    bounce_report *r = parse_mail(notice_mail("<a@example.net>: 552 5.2.2 Mailbox full\n\n"
                                              "<b@example.net>: 554 5.7.1 Access denied\n\n"
                                              "Please note that <a@example.net> has been\n"
                                              "disabled: User unknown\n"));
    cr_assert_str_eq(addresses_of(r), "a@example.net b@example.net");
    cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 0)), BOUNCE_REASON_MAILBOX_FULL);
    cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 1)), BOUNCE_REASON_POLICY);
}

/* A sender who wrote to himself and to another recipient: the other one's result is no worse. */
Test(blocks, mail_to_oneself_and_to_another)
{
    static const char *const texts[] = {
        "<ann@example.net>:\nSorry, something went wrong.\n\n<sender@example.org>:\nUser unknown.\n",
        "These failed:\n\nann@example.net\nsender@example.org\n\nann@example.net: try again later\n"
        "sender@example.org: User unknown\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        bounce_report *r = parse_mail(notice_mail(texts[i]));
        cr_assert_str_eq(addresses_of(r), "ann@example.net sender@example.org", "%zu", i);
        cr_expect_neq(bounce_recipient_type(bounce_report_recipient(r, 0)), BOUNCE_TYPE_HARD, "%zu", i);
        cr_expect_eq(bounce_recipient_reason(bounce_report_recipient(r, 1)), BOUNCE_REASON_NO_SUCH_USER, "%zu", i);
    }
}

/* Names without a domain each have their own text. */
Test(blocks, local_names)
{
    bounce_report *r = parse_mail(
        notice_mail("The following recipients failed:\n\n   bob\n   ann\n\nbob: user unknown\nann: mailbox full\n"));
    cr_assert_str_eq(addresses_of(r), "bob ann");
    cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 0)), BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 1)), BOUNCE_REASON_MAILBOX_FULL);
    r = parse_mail(notice_mail("The following recipients failed:\n\nhttps://www.example.net/list\n"));
    cr_assert_null(strstr(addresses_of(r), "https"), "a link is no name");
}

/* A bare list: the text after it is about all of them. */
Test(blocks, a_list_shares_the_text_after_it)
{
    bounce_report *r =
        parse_mail(notice_mail("These failed:\n\n<a@example.net>\n<b@example.net>\n\n550 5.2.2 Mailbox full\n"));
    cr_assert_eq(bounce_report_recipients(r), 2);
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, i)), BOUNCE_REASON_MAILBOX_FULL, "%zu", i);
}

/* One line about two recipients with different results. */
Test(blocks, clauses_of_a_line)
{
    static const char *const lines[] = {
        "Not delivered: user a@example.net is unknown, and the mailbox of b@example.net is full.\n",
        "Not delivered: user a@example.net is unknown. The mailbox of b@example.net is full.\n",
        "Not delivered to a@example.net (no such user) and b@example.net (mailbox full).\n",
        "Not delivered: user a@example.net is unknown and the mailbox of b@example.net is full.\n"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        bounce_report *r = parse_mail(notice_mail(lines[i]));
        cr_assert_str_eq(addresses_of(r), "a@example.net b@example.net", "%zu", i);
        cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 0)), BOUNCE_REASON_NO_SUCH_USER, "%zu", i);
        cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, 1)), BOUNCE_REASON_MAILBOX_FULL, "%zu", i);
    }
}

/* What is above a list is also about its last name, if only a courtesy follows it. */
Test(blocks, a_list_shares_the_line_above_it)
{
    bounce_report *r = parse_mail(notice_mail("The following addresses were unknown:\n\n<a@example.net>\n"
                                              "<b@example.net>\n\nPlease reply to us if you feel this to be wrong.\n"));
    cr_assert_eq(bounce_report_recipients(r), 2);
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(bounce_recipient_reason(bounce_report_recipient(r, i)), BOUNCE_REASON_NO_SUCH_USER, "%zu", i);
}

Test(blocks, transcripts_by_recipient)
{
    bounce_report *r = parse_mail(notice_mail("   ----- The following addresses had permanent fatal errors -----\n"
                                              "<a@example.net>\n<b@example.net>\n\n"
                                              "   ----- Transcript of session follows -----\n"
                                              "... while talking to mx.example.net.:\n"
                                              ">>> RCPT To:<a@example.net>\n<<< 550 5.1.1 User unknown\n"
                                              ">>> RCPT To:<b@example.net>\n<<< 552 5.2.2 Mailbox full\n"));
    cr_assert_str_eq(addresses_of(r), "a@example.net b@example.net");
    const bounce_recipient *a = bounce_report_recipient(r, 0), *b = bounce_report_recipient(r, 1);
    cr_assert_eq(bounce_recipient_reason(a), BOUNCE_REASON_NO_SUCH_USER);
    cr_assert_eq(bounce_recipient_reason(b), BOUNCE_REASON_MAILBOX_FULL);
    cr_assert_eq(bounce_recipient_command(a), BOUNCE_COMMAND_RCPT);
    cr_assert_eq(bounce_recipient_decided_by(b), BOUNCE_DECIDED_BY_REMOTE);
}

Test(blocks, another_name_of_the_mailbox)
{
    const bounce_recipient *r = only(
        parse_mail(notice_mail("<joe@example.net> (expanded from: <team@example.org>): User unknown\n")), "expanded");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ORIGINAL), "team@example.org");
}

/* If the text names nobody, the To: of the returned message does. */
Test(blocks, recipient_of_the_returned_message)
{
    static const char mail[] =
        "From: mailer-daemon@mx.example.org\nTo: sender@example.org\nSubject: Undelivered mail\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe recipient's mailbox is full.\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: sender@example.org\nTo: Joe <joe@example.net>\nSubject: x\n\nx\n--b--\n";
    const bounce_recipient *r = only(parse_mail(mail), "returned");
    cr_assert_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_MAILBOX_FULL);
}

/* The returned message does not say why it was returned. */
Test(blocks, returned_text_is_not_judged)
{
    static const char mail[] =
        "From: mailer-daemon@mx.example.org\nTo: sender@example.org\nSubject: Undelivered mail\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<joe@example.net>: Connection refused\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: sender@example.org\nTo: joe@example.net\nSubject: x\n\n"
        "550 5.2.2 <ann@example.com>: Mailbox full\n--b--\n";
    const bounce_recipient *r = only(parse_mail(mail), "returned text");
    cr_assert_eq(bounce_recipient_reason(r), BOUNCE_REASON_NETWORK_ERROR);
    cr_assert_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), -1);
}

/* ---------------------------------------------------------- hostile input */

static char *crowd(char *end, char form, size_t count)
{
    for (size_t k = 0; k < count; k++)
        switch (form) {
        case 'r': end += sprintf(end, "<u%zu@b.test>: 550 User unknown\n", k); break;
        case 'a': end += sprintf(end, "<u%zu@b.test>\n", k); break;
        case 'b': end += sprintf(end, "<u%zu@b.test>\n550 no\n\n", k); break;
        case 'x': end += sprintf(end, "<u%zu@b.test>: see u@b.test u@b.test\n", k); break;
        }
    return end;
}

/* The cost of a report must grow with its size, not with recipients times
 * lines: that would exceed the suite's time limit. */
static void check_crowd(char form)
{
    enum { MANY = 2000 };
    char *mail = malloc(1024 + MANY * 64);
    char *end = crowd(mail + sprintf(mail, "%s", notice_mail("These recipients failed:\n\n")), form, MANY);
    bounce_report *report = NULL;
    cr_assert_eq(bounce_parse(core_parser, mail, (size_t)(end - mail), &report, NULL), BOUNCE_OK);
    free(mail);
    cr_assert_eq(bounce_report_recipients(core_keep(report)), MANY, "%zu", bounce_report_recipients(report));
}

Test(blocks, many_replies_cost_linear_time)
{
    check_crowd('r');
}
Test(blocks, many_bare_addresses_cost_linear_time)
{
    check_crowd('a');
}
Test(blocks, many_blocks_cost_linear_time)
{
    check_crowd('b');
}
Test(blocks, many_mentions_cost_linear_time)
{
    check_crowd('x');
}
