/* SPDX-License-Identifier: MIT */
/* test_paragraphs.c - which paragraphs are read for a reply, and the command that a transcript shows before it. */
#include "reading/paragraphs.h"

#include "core_testing.h"

/* Whatever makes a reply useful must be noticed beforehand, or the reply is lost. */
Test(paragraphs, no_useful_reply_is_missed)
{
    static const char letters[] = "4455501. -#(a:";
    char text[16];
    uint32_t state = 5;
    size_t useful = 0, spared = 0;
    struct arena a;
    arena_init(&a);
    for (size_t round = 0; round < 200000; round++) {
        size_t n = round % sizeof text;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            text[i] = letters[(state >> 16) % (sizeof letters - 1)];
        }
        struct reply reply;
        reply_read(&a, span_of(text, n), &reply);
        bool may = reply_may_be_useful(span_of(text, n));
        cr_assert(may || !reply_is_useful(&reply), "\"%.*s\"", (int)n, text);
        useful += reply_is_useful(&reply);
        spared += !may;
        if (round % 1000 == 0)
            arena_reset(&a);
    }
    cr_assert(useful > 1000 && spared > 1000);
    cr_assert(!reply_may_be_useful(span_z("The mail of the 24th was not delivered.")));
    arena_free(&a);
}

/* The command is the last one that our side said, within twelve lines. */
Test(paragraphs, command_of_a_transcript, .init = core_set_up, .fini = core_tear_down)
{
    static const struct {
        const char *said;
        bounce_command command;
    } rows[] = {
        {">>> RCPT To:<user@example.net>\n", BOUNCE_COMMAND_RCPT},
        {">>> rcpt to:<user@example.net>\n", BOUNCE_COMMAND_RCPT},
        {">>> MAIL From:<sender@example.org>\n", BOUNCE_COMMAND_MAIL},
        {">>> DATA\n", BOUNCE_COMMAND_DATA},
        {">>> BDAT 4711 LAST\n", BOUNCE_COMMAND_DATA},
        {">>> .\n", BOUNCE_COMMAND_DATA},
        {">>> EHLO mx.example.org\n", BOUNCE_COMMAND_EHLO},
        {">>> HELO mx.example.org\n", BOUNCE_COMMAND_EHLO},
        {">>> LHLO mx.example.org\n", BOUNCE_COMMAND_EHLO},
        {">>> STARTTLS\n", BOUNCE_COMMAND_STARTTLS},
        {">>> AUTH PLAIN\n", BOUNCE_COMMAND_AUTH},
        {">>> QUIT\n", BOUNCE_COMMAND_NONE},
        {">>> RCPT To:<user@example.net>\n>>> DATA\n", BOUNCE_COMMAND_DATA},
        {">>> DATA\n>>> QUIT\n", BOUNCE_COMMAND_NONE},
        {">>> DATA\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", BOUNCE_COMMAND_DATA},
        {">>> DATA\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", BOUNCE_COMMAND_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "The message to user@example.net could not be delivered.\n\n"
                 "   ----- Transcript of session follows -----\n"
                 "... while talking to mx.example.net.:\n%s"
                 "<<< 554 5.0.0 <user@example.net> zzz\n",
                 rows[i].said);
        const bounce_recipient *r = only(parse_mail(notice_mail(text)), rows[i].said);
        cr_expect_eq(bounce_recipient_command(r), rows[i].command, "%s: %s", rows[i].said,
                     bounce_command_name(bounce_recipient_command(r)));
    }
}

/* A paragraph ends where another reply begins: a line with a code after the last line of a reply with another one. */
Test(paragraphs, lines_of_one_code_belong_together, .init = core_set_up, .fini = core_tear_down)
{
    static const struct {
        const char *lines[4];
        size_t count;
    } rows[] = {
        {{"550-the user", "550 is unknown"}, 2},
        {{"550 the user", "550 is unknown", "551 or not"}, 2},
        {{"550 the user", "550-is", "550 unknown"}, 3},
        {{"550 the user", "is unknown", "550 here"}, 3},
        {{"550 the user", "551 is unknown"}, 1},
        {{"550 the user", "450-is unknown"}, 1},
        {{"550-the user", "551-is unknown", "552 here"}, 3},
        {{"550 the user", "5501 is unknown"}, 2},
        {{"it said", "550 the user", "551 is unknown"}, 2},
    };
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text_line lines[4] = {{.part = 0}};
        size_t n = 0;
        for (; n < COUNT(lines) && rows[i].lines[n]; n++)
            lines[n].s = lines[n].trimmed = span_z(rows[i].lines[n]);
        struct reading rd = {.words = ruleset_words(core_rules), .lines = lines, .line_count = n, .scratch = &a};
        const struct read_paragraph *r = paragraph_read(&rd, 0, n, false);
        cr_expect_eq(r->p.last, rows[i].count, "%s, %s: %zu lines", rows[i].lines[0], rows[i].lines[1], r->p.last);
    }
    arena_free(&a);
}
