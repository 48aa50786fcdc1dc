/* SPDX-License-Identifier: MIT */
/* test_reply.c - SMTP replies in texts: codes, quoted replies, commands, hosts, several lines. */
#include "smtp/reply.h"

#include "base/limits.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}
static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(reply, .init = set_up, .fini = tear_down);

static const char *shown(struct enhanced e)
{
    return e.class_ ? enhanced_format(&arena, e) : "";
}

/* -------------------------------------------------------------- the replies */

struct row {
    const char *text;
    int code;
    const char *status, *inner, *host; /* inner NULL: all of text; host NULL: none */
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reply r;
        reply_read(&arena, span_z(rows[i].text), &r);
        const char *inner = rows[i].inner ? rows[i].inner : rows[i].text;
        cr_assert_eq(r.code, rows[i].code, "%s: code %d", rows[i].text, r.code);
        cr_assert_str_eq(shown(r.status), rows[i].status, "%s: status %s", rows[i].text, shown(r.status));
        cr_assert_str_eq(arena_strndup(&arena, r.inner.s, r.inner.n), inner, "%s", rows[i].text);
        cr_assert_str_eq(r.host ? r.host : "", rows[i].host ? rows[i].host : "", "%s", rows[i].text);
    }
}

static const struct row forms[] = {
    {"550 5.1.1 User unknown", 550, "5.1.1", NULL, NULL},
    {"550 User unknown", 550, "", NULL, NULL},
    {"550-5.1.1 User unknown", 550, "5.1.1", NULL, NULL},
    {"550 #5.1.1 User unknown", 550, "5.1.1", NULL, NULL},
    {"550 (5.1.1) User unknown", 550, "5.1.1", NULL, NULL},
    {"#550 5.1.1 User unknown", 550, "5.1.1", "550 5.1.1 User unknown", NULL},
    {"550 User unknown (#5.1.1)", 550, "5.1.1", NULL, NULL},
    {"550 User unknown 5.1.1", 550, "5.1.1", NULL, NULL},
    {"550User unknown", 550, "", NULL, NULL},
    {"joe@example.net 550 User unknown", 550, "", "550 User unknown", NULL},
    {"sent to joe@example.net 550 times", 0, "", NULL, NULL},
    {"not recognized, c=SE;a=400NET;p=OAK", 0, "", NULL, NULL},
    {"550", 550, "", NULL, NULL},
    {"421 4.7.0 Try again later", 421, "4.7.0", NULL, NULL},
    {"250 2.1.5 Ok", 250, "2.1.5", NULL, NULL},
    {"5.1.1 User unknown", 0, "5.1.1", NULL, NULL},
    {"No mailbox here by that name. (#5.1.1)", 0, "5.1.1", "5.1.1)", NULL},
    {"571 Message refused", 571, "", NULL, NULL},
    /* Codes that nobody registered: the first digit counts. */
    {"498 No MX for example.com", 498, "", NULL, NULL},
    {"591 Your host is not allowed", 591, "", NULL, NULL},
    /* A status before the code. */
    {"5.3.0 - Other mail system problem 550-'Unknown user'", 550, "5.3.0", "550-'Unknown user'", NULL},
    /* A generic status gives way to a specific one further on. */
    {"550 5.0.0 refused (5.1.1)", 550, "5.1.1", NULL, NULL},
    /* Several lines: the status of a later one. */
    {"550-No such user here\n550 5.1.1 ask your administrator", 550, "5.1.1", NULL, NULL},
    /* A greeting that refuses. */
    {"220-mx.example.net 421 4.2.1 too busy", 421, "4.2.1", "421 4.2.1 too busy", NULL},
};

Test(reply, forms_of_a_reply)
{
    check(forms, COUNT(forms));
}

static const struct row not_replies[] = {
    {"", 0, "", NULL, NULL},
    {"User unknown", 0, "", NULL, NULL},
    {"We waited 550 seconds", 0, "", NULL, NULL},
    {"Call 555-0123 for help", 0, "", NULL, NULL},
    {"port 5501", 0, "", NULL, NULL},
    {"MSEXCH:IMS:CORP:HQ:EX55 0 (538F24E6) Unknown Recipient", 0, "", NULL, NULL},
    {"192.0.2.250 does not answer", 0, "", NULL, NULL},
    {"550.example.net does not answer", 0, "", NULL, NULL},
    {"550@example.net", 0, "", NULL, NULL},
    {"by mx.example.net. [2001:db8:400d:c03::1b].", 0, "", NULL, NULL},
    {"400d:c03::1b].", 0, "", NULL, NULL},
    {"2001:db8::550 does not answer", 0, "", NULL, NULL},
    {"size is 552.3 kB", 0, "", NULL, NULL},
    {"at 45%: 450% of the quota", 0, "", NULL, NULL},
    {"Postfix 2.5.1 wrote this", 0, "", NULL, NULL},
    {"version 5.1.1 of the server", 0, "", NULL, NULL},
    {"MIME-Version 2.0.0x", 0, "", NULL, NULL},
    {"connect to 5.1.1.7", 0, "", NULL, NULL},
    {"650 is no reply code", 0, "", NULL, NULL},
    {"399 nor is this", 0, "", NULL, NULL},
    {"beside 560 lines", 0, "", NULL, NULL},
    {"we sent 498 mails", 0, "", NULL, NULL},
    {"560", 0, "", NULL, NULL},
    {"id ab5.1.1", 0, "", NULL, NULL},
    {"<5.1.1@example.net>: Connection refused", 0, "", NULL, NULL},
    /* Exit statuses of a program or a library. */
    {"Command died with status 255", 0, "", NULL, NULL},
    {"exited with code 251", 0, "", NULL, NULL},
    {"the filter was terminated (exit status: 254)", 0, "", NULL, NULL},
    {"unknown mailer error 250", 0, "", NULL, NULL},
    {"local delivery failed: error 221", 0, "", NULL, NULL},
};

Test(reply, numbers_that_are_no_codes)
{
    check(not_replies, COUNT(not_replies));
}

/* Codes at all positions of the sixteen bytes that are read at once. */
Test(reply, codes_at_every_position)
{
    static const struct {
        const char *text;
        int code;
        const char *status;
    } wanted[] = {{"550 5.1.1 User unknown", 550, "5.1.1"},
                  {"421", 421, ""},
                  {"5.7.26", 0, "5.7.26"},
                  {"(#4.2.2)", 0, "4.2.2"},
                  {"x550 no", 0, ""},
                  {"a_550 no", 0, ""},
                  {"1452 no", 0, ""},
                  {"v5.1.1", 0, ""},
                  {"250", 250, ""}};
    static const char front[] = "said by mx.example.net in its own words, which are many and long enough";
    for (size_t at = 0; at < 70; at++) {
        for (size_t i = 0; i < COUNT(wanted); i++) {
            char text[200];
            int n = snprintf(text, sizeof text, "%.*s: %s", (int)at, front, wanted[i].text);
            struct reply r;
            char *exact = malloc((size_t)n);
            memcpy(exact, text, (size_t)n);
            reply_read(&arena, span_of(exact, (size_t)n), &r);
            cr_assert_eq(r.code, wanted[i].code, "%s: code %d", text, r.code);
            cr_assert_str_eq(shown(r.status), wanted[i].status, "%s: status %s", text, shown(r.status));
            free(exact);
        }
    }
}

/* The status is that of the last code, which is beyond the limit in the second text. */
Test(reply, codes_have_a_limit)
{
    for (size_t more = 0; more < 2; more++) {
        struct strbuf b;
        struct reply r;
        strbuf_init(&b, &arena);
        for (size_t i = 0; i + 1 < LIMIT_REPLY_CODES + more; i++)
            strbuf_puts(&b, "550 no\n");
        strbuf_puts(&b, "550 5.1.1 no\n");
        reply_read(&arena, span_of(b.s, b.n), &r);
        cr_assert_str_eq(shown(r.status), more ? "" : "5.1.1", "%zu beyond", more);
    }
}

static const struct row quoted[] = {
    {"host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)", 550, "5.1.1",
     "550 5.1.1 User unknown (in reply to RCPT TO command)", "mx.example.net"},
    {"450 4.0.0 host mx.example.net said: 550 5.2.2 mailbox full", 550, "5.2.2", "550 5.2.2 mailbox full",
     "mx.example.net"},
    {"554 5.4.0 relay refused: remote server said: 452 4.2.2 over quota", 452, "4.2.2", "452 4.2.2 over quota", NULL},
    /* The same server continues: nothing is quoted. */
    {"550 5.1.1 unknown; see also 550 5.7.1 policy", 550, "5.1.1", NULL, NULL},
    {"SMTP error from remote mail server after RCPT TO:<joe@example.net>: host mx.example.net [192.0.2.1]: "
     "550 no such user",
     550, "", "550 no such user", "mx.example.net"},
    {"192.0.2.1 does not like recipient. Remote host said: 550 sorry", 550, "", "550 sorry", NULL},
    /* The reply continues in its next line, unless that line is announced as a quotation. */
    {"550-5.7.60 SMTP; Client does not have permissions\n550 5.7.60 to send as this sender", 550, "5.7.60", NULL, NULL},
    {"554-Message rejected: Account has been 554 paused", 554, "", NULL, NULL},
    {"450-4.1.7 <me@example.com>: Sender rejected: connect to mx.example.net[192.0.2.1]:25:\n450 4.1.7 timed out", 450,
     "4.1.7", NULL, NULL},
    {"550-Verification failed for <joe@example.net>\n550-The mail server responded with:\n550 5.1.1 no such user", 550,
     "5.1.1", "550 5.1.1 no such user", NULL},
    /* Quotation marks around it are not part of it. */
    {"Remote Server returned '550 5.1.1 no such user'", 550, "5.1.1", "550 5.1.1 no such user", NULL},
    {"Remote Server returned '550 5.1.1 no such user", 550, "5.1.1", "550 5.1.1 no such user", NULL},
    {"Remote Server said: \"550 no 'such' user'\"", 550, "", "550 no 'such' user'", NULL},
};

Test(reply, quoted_replies)
{
    check(quoted, COUNT(quoted));
}

/* ------------------------------------------------------ commands and origin */

static const struct {
    const char *text;
    bounce_command command;
    bool from_remote;
} commands[] = {
    {"550 no (in reply to RCPT TO command)", BOUNCE_COMMAND_RCPT, true},
    {"550 no (in reply to MAIL FROM command)", BOUNCE_COMMAND_MAIL, true},
    {"552 no (in reply to end of DATA command)", BOUNCE_COMMAND_DATA, true},
    {"550 no (in reply to HELO command)", BOUNCE_COMMAND_EHLO, true},
    {"550 no (in reply to EHLO command)", BOUNCE_COMMAND_EHLO, true},
    {"454 no (in reply to STARTTLS command)", BOUNCE_COMMAND_STARTTLS, true},
    {"535 no (in reply to AUTH command)", BOUNCE_COMMAND_AUTH, true},
    {"SMTP error from remote mail server after end of data: 554 no", BOUNCE_COMMAND_DATA, true},
    {"SMTP error from remote mail server after MAIL FROM:<a@example.org>: 550 no", BOUNCE_COMMAND_MAIL, true},
    {"550 no (state 14)", BOUNCE_COMMAND_RCPT, false},
    /* The word alone does not say which command failed. */
    {"550 the recipient could not be found in the data", BOUNCE_COMMAND_NONE, false},
    {"550 User unknown", BOUNCE_COMMAND_NONE, false},
    {"host mx.example.net said: 550 no", BOUNCE_COMMAND_NONE, true},
};

Test(reply, commands_and_servers)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        struct reply r;
        reply_read(&arena, span_z(commands[i].text), &r);
        cr_assert_eq(r.command, commands[i].command, "%s: %s", commands[i].text, bounce_command_name(r.command));
        cr_assert_eq(r.from_remote, commands[i].from_remote, "%s", commands[i].text);
    }
}

/* ------------------------------------------------------------ several lines */

static const struct {
    const char *text, *want;
} joined[] = {
    {"550-No such\n550 user", "550-No such\nuser"},
    {"550-5.1.1 No such\n550 5.1.1 user", "550-5.1.1 No such\n user"}, /* one space too many does no harm */
    /* Another code belongs to another reply. */
    {"550-No such\n450 user", "550-No such\n450 user"},
    /* A status that only the later line has is kept. */
    {"550-No such\n550 5.1.1 user", "550-No such\n5.1.1 user"},
    {"550 alone", "550 alone"},
    {"no code 550 here", "no code 550 here"},
    /* A number inside a word does not begin a line of the reply. */
    {"550 box x550 -550-", "550 box x550 -550-"},
};

Test(reply, joins_the_lines_of_one_reply)
{
    for (size_t i = 0; i < COUNT(joined); i++) {
        struct span got = reply_join_lines(&arena, span_z(joined[i].text));
        cr_assert_str_eq(arena_strndup(&arena, got.s, got.n), joined[i].want, "%s", joined[i].text);
    }
}

/* If joining lines changes a text, reading it must have reported that it has lines. */
Test(reply, knows_whether_there_are_lines)
{
    static const char letters[] = "550 -.1x\n";
    unsigned seed = 1;
    for (size_t i = 0; i < 200000; i++) {
        char text[40] = "550";
        size_t n = i % 2 ? 3 : 0;
        for (size_t last = n + i % (sizeof text - n - 1); n < last; n++)
            text[n] = letters[(seed = seed * 1103515245u + 12345u) / 65536 % (sizeof letters - 1)];
        text[n] = '\0';
        struct reply r;
        reply_read_parts(&arena, span_of(text, n), 0, &r);
        struct span got = reply_join_lines(&arena, span_of(text, n));
        cr_assert(r.has_lines || (got.n == n && memcmp(got.s, text, n) == 0), "%s", text);
        arena_reset(&arena);
    }
}

/* ------------------------------------------------------------ hostile input */

/* Texts at the very end of their blocks: a sanitizer notices any read beyond. */
Test(reply, reads_nothing_beyond_the_text)
{
    static const char *const texts[] = {"5",       "55",       "550",       "550-",     "550 5",    "550 5.",
                                        "550 5.1", "550 5.1.", "550 5.1.1", "x 5.1.1-", "550-'",    "#550",
                                        "5.1.1.",  "host ",    "by <",      "550 [",    "550-550-", "said: 550"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t n = strlen(texts[i]);
        char *exact = malloc(n);
        memcpy(exact, texts[i], n);
        struct reply r;
        reply_read(&arena, span_of(exact, n), &r);
        reply_join_lines(&arena, span_of(exact, n));
        free(exact);
    }
    struct reply r;
    reply_read(&arena, span_of(NULL, 0), &r);
    cr_assert_eq(r.code, 0);
}

static const char *repeated(const char *unit, size_t bytes)
{
    struct strbuf b;
    strbuf_init(&b, &arena);
    while (b.n < bytes)
        strbuf_puts(&b, unit);
    return b.s;
}

/* Quadratic work on half a megabyte would exceed the time limit of the suite. */
Test(reply, long_texts_cost_linear_time)
{
    static const struct {
        const char *unit;
        int code;
        const char *status;
    } rows[] = {{"550 ", 550, ""}, {"550-", 550, ""}, {"5.1.1 ", 0, "5.1.1"},  {"host ", 0, ""},
                {"[", 0, ""},      {"after ", 0, ""}, {"said: 550 ", 550, ""}, {"550-5.1.1 x\n", 550, "5.1.1"},
                {"x", 0, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span text = span_z(repeated(rows[i].unit, 512 * 1024));
        struct reply r;
        reply_read(&arena, text, &r);
        cr_expect_eq(r.code, rows[i].code, "%s: %d", rows[i].unit, r.code);
        cr_expect_str_eq(shown(r.status), rows[i].status, "%s: %s", rows[i].unit, shown(r.status));
        const struct span one_line = reply_join_lines(&arena, text);
        cr_expect(one_line.n && one_line.n <= text.n, "%s: %zu bytes", rows[i].unit, one_line.n);
    }
}

/* What precedes the text says nothing about it. */
Test(reply, nothing_before_the_text_counts)
{
    static const char *const texts[] = {" -5.1.1 x", "x-5.1.1 x", " 5.1.1 x", "a5.1.1 x", " 550 x", "4550 x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reply inside, alone;
        char *copy = arena_strdup(&arena, texts[i] + 1);
        reply_read(&arena, span_of(texts[i] + 1, strlen(texts[i]) - 1), &inside);
        reply_read(&arena, span_z(copy), &alone);
        cr_expect_eq(inside.code, alone.code, "%s", texts[i]);
        cr_expect_str_eq(shown(inside.status), shown(alone.status), "%s", texts[i]);
    }
}
