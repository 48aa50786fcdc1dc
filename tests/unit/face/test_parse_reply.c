/* SPDX-License-Identifier: MIT */
/* test_parse_reply.c - what is read from a single SMTP reply (parse_reply.c), before it is judged. */
#include "core_testing.h"

TestSuite(parse_reply, .init = core_set_up, .fini = core_tear_down);

#define NONE BOUNCE_COMMAND_NONE

/* RFC 5321 4.3.2: 250, 251, 252; a status counts only if there is no code. */
Test(parse_reply, success)
{
    static const struct {
        const char *text;
        bounce_action action;
    } rows[] = {
        {"250 2.1.5 OK", BOUNCE_ACTION_DELIVERED},
        {"251 will forward", BOUNCE_ACTION_DELIVERED},
        {"252 cannot verify", BOUNCE_ACTION_DELIVERED},
        {"2.1.5 Recipient OK", BOUNCE_ACTION_DELIVERED},
        {"1.1.1 no class", BOUNCE_ACTION_FAILED},
        {"4.2.2 over quota", BOUNCE_ACTION_DELAYED},
        {"452 over quota", BOUNCE_ACTION_DELAYED},
        {"550 2.1.5 User unknown", BOUNCE_ACTION_FAILED},
        {"220 mx.example.net", BOUNCE_ACTION_FAILED},
        {"OK", BOUNCE_ACTION_FAILED},
        {"", BOUNCE_ACTION_FAILED},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(bounce_recipient_action(parse_reply(rows[i].text, NONE, NULL)), rows[i].action, "%s",
                     rows[i].text);
}

/* The only address in brackets, if it can be the recipient's; or the only address, if the recipient is at fault. */
Test(parse_reply, address)
{
    static const struct {
        const char *text, *address;
    } rows[] = {
        {"550 5.1.1 <joe@example.net>: User unknown", "joe@example.net"},
        {"550 5.1.1 <JOE@Example.Net>: no <joe@example.net> here, User unknown", "JOE@Example.Net"},
        {"550 5.1.1 <joe@example.net>: User unknown, try <ann@example.net>", "-"},
        {"550 5.1.1 joe@example.net: User unknown", "joe@example.net"},
        {"550 5.1.1 Recipient joe@example.net not found", "joe@example.net"},
        {"550 mailbox joe@example.net unknown", "joe@example.net"},
        {"550 5.1.1 [joe@example.net] User unknown", "joe@example.net"},
        {"550 User (joe@example.net) unknown", "joe@example.net"},
        {"550 5.1.1 <postmaster@example.net>: User unknown", "postmaster@example.net"},
        {"550 5.1.1 User unknown, contact joe@example.net", "-"},
        {"550 5.1.1 User unknown, spam goes to abuse@example.net", "-"},
        {"550 5.1.1 no such user here: joe@example.net ann@example.net", "-"},
        {"550 5.7.1 joe@example.net: access denied", "-"},
        {"550 5.1.1 <joe@example.net>: User unknown, ask <postmaster@example.net>", "joe@example.net"},
        {"550 5.1.1 mail from <ann@example.org> to <joe@example.net>: User unknown", "joe@example.net"},
        {"550 5.1.1 User unknown", "-"},
        /* The server refuses the sender. */
        {"550 5.1.8 <ann@example.org>: Sender address rejected: Domain not found", "-"},
        {"550 5.7.26 <ann@example.org>: DMARC policy violation", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].text, NONE, NULL);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), rows[i].address, "%s", rows[i].text);
        cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS_TYPE), rows[i].address[0] == '-' ? "-" : "rfc822", "%s",
                         rows[i].text);
    }
}

/* As in a Diagnostic-Code field. */
Test(parse_reply, type_in_front)
{
    const bounce_recipient *r = parse_reply(" SMTP; 550 5.1.1 User unknown ", NONE, NULL);
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC), "550 5.1.1 User unknown");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "smtp");
    cr_expect_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), 550);
    r = parse_reply("550 5.1.1 User unknown", NONE, NULL);
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "-");
}

/* A program's exit status is not a reply code, and so not a success. */
Test(parse_reply, exit_status)
{
    static const char *const texts[] = {"X-Unix; 255",
                                        "X-Unix; 250",
                                        "exit status 250",
                                        "Command died with status 255",
                                        "the filter exited with code 251",
                                        "pipe returned 255"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const bounce_recipient *r = parse_reply(texts[i], NONE, NULL);
        cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_MAILER_ERROR, "%s: %s", texts[i],
                     bounce_reason_name(bounce_recipient_reason(r)));
        cr_expect_eq(bounce_recipient_action(r), BOUNCE_ACTION_FAILED, "%s", texts[i]);
        cr_expect_eq(number_of(r, BOUNCE_RECIPIENT_REPLY_CODE), -1, "%s", texts[i]);
    }
    const bounce_recipient *r = parse_reply("x-unix; 67", NONE, NULL);
    cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_NO_SUCH_USER);
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE), "x-unix");
    cr_expect_str_eq(text_of(parse_reply("x-unix; 550 no", NONE, NULL), BOUNCE_RECIPIENT_DIAGNOSTIC), "550 no");
}

/* A server that refuses temporarily may quote one that refused permanently: a later try may succeed. */
Test(parse_reply, refusal_for_good_within_one_for_now)
{
    static const char inner[] = "host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown";
    char text[200];
    snprintf(text, sizeof text, "450 4.1.1 <joe@example.net>: undeliverable address: %s", inner);
    const bounce_recipient *r = parse_reply(text, NONE, NULL);
    cr_expect_eq(bounce_recipient_reason(r), BOUNCE_REASON_NO_SUCH_USER);
    cr_expect_not(bounce_recipient_permanent(r));
    cr_expect_eq(bounce_recipient_type(r), BOUNCE_TYPE_SOFT);
    text[0] = '5';
    cr_expect(bounce_recipient_permanent(parse_reply(text, NONE, NULL)));
    cr_expect(bounce_recipient_permanent(parse_reply(inner, NONE, NULL)));
}

/* Wherever a byte that is not ASCII is, and however long the text is. */
Test(parse_reply, bytes_of_no_charset)
{
    char text[80], want[80];
    for (size_t n = 1; n <= 70; n++)
        for (size_t at = 0; at < n; at++) {
            bounce_report *report = NULL;
            memset(text, 'x', n);
            text[at] = '\xe9';
            snprintf(want, sizeof want, "%.*s\xc3\xa9%.*s", (int)at, text, (int)(n - at - 1), text + at + 1);
            cr_assert_eq(bounce_parse_reply(core_parser, text, n, NULL, &report, NULL), BOUNCE_OK);
            cr_assert_str_eq(text_of(only(report, want), BOUNCE_RECIPIENT_DIAGNOSTIC), want, "%zu of %zu", at, n);
            bounce_report_free(report);
        }
}

/* What the caller states is believed, and is UTF-8 in the report. */
Test(parse_reply, context)
{
    bounce_context *context = bounce_context_new();
    bounce_context_set_host(context, "m\xfcx.example.net");
    bounce_context_set_recipient(context, "j\xf6rg@example.net");
    bounce_context_set_command(context, BOUNCE_COMMAND_DATA);
    bounce_report *report = NULL;
    static const char text[] = "550 5.1.1 <joe@example.org>: User unknown (in reply to RCPT TO command)";
    cr_assert_eq(bounce_parse_reply(core_parser, text, sizeof text - 1, context, &report, NULL), BOUNCE_OK);
    const bounce_recipient *r = only(core_keep(report), "context");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "j\xc3\xb6rg@example.net");
    cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_REMOTE_MTA), "m\xc3\xbcx.example.net");
    cr_expect_eq(bounce_recipient_command(r), BOUNCE_COMMAND_DATA);
    bounce_context_free(context);
    r = parse_reply(text, NONE, NULL);
    cr_expect_eq(bounce_recipient_command(r), BOUNCE_COMMAND_RCPT);
}

/* A byte order mark is not an address; a recipient that the caller states remains if the sender is rejected. */
Test(parse_reply, stated_recipient)
{
    static const struct {
        const char *stated, *text;
    } cases[] = {{"\xef\xbb\xbf", "552 5.2.2 mailbox of <joe@example.net> is over quota"},
                 {"joe@example.net", "550 5.1.8 <ann@example.org>: Sender address rejected: Domain not found"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        bounce_context *context = bounce_context_new();
        bounce_context_set_recipient(context, cases[i].stated);
        bounce_report *report = NULL;
        cr_assert_eq(bounce_parse_reply(core_parser, cases[i].text, strlen(cases[i].text), context, &report, NULL),
                     BOUNCE_OK);
        cr_expect_str_eq(text_of(only(core_keep(report), cases[i].text), BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
        bounce_context_free(context);
    }
}
