/* SPDX-License-Identifier: MIT */
/* test_reply_words.c - the words that show what a reply answers and who sent it. */
#include "smtp/reply.h"
#include "smtp/reply_words.h"

#include <criterion/criterion.h>
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

TestSuite(reply_words, .init = set_up, .fini = tear_down);

static void note(void *data, const struct literal_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct literal *item = &reply_word_literals.items[hits[i].literal];
        for (size_t k = 0; k < item->owner_count; k++) {
            uint32_t owner = reply_word_literals.owners[item->first_owner + k];
            ((uint64_t *)data)[owner / 64] |= (uint64_t)1 << (owner % 64);
        }
    }
}

/* The index is built with the library; a word that is not in it would never be found. */
Test(reply_words, index_knows_every_word)
{
    for (size_t w = 0; w < reply_word_count; w++) {
        const char *text = reply_words[w].text;
        uint64_t found[2] = {0, 0};
        if (!text[1])
            continue;
        char room[64] = {0}; /* with the zeros that must follow it */
        cr_assert_lt(strlen(text) + LITERAL_PADDING_BYTES, sizeof room);
        strcpy(room, text);
        literals_scan(&reply_word_literals, room, strlen(text), note, found);
        cr_assert(found[w / 64] >> (w % 64) & 1, "\"%s\"", text);
        for (const char *c = text; *c; c++)
            cr_assert_eq(*c, ascii_lower(*c), "\"%s\"", text);
    }
}

/* Leading words at all positions of the bytes that are read at once. */
Test(reply_words, leading_words_are_never_missed)
{
    enum { LONGEST = 100 };
    for (size_t w = 0; w < reply_word_count; w++) {
        const char *word = reply_words[w].text;
        size_t n = strlen(word);
        cr_assert_eq(n == 1, w == REPLY_WORD_BRACKET, "\"%s\"", word);
        if (!(reply_words[w].uses & REPLY_WORD_LEAD))
            continue;
        for (size_t at = 0; at < 40; at++) {
            for (size_t after = 0; after < 20; after++) {
                size_t length = at + n + after;
                char *text = malloc(LONGEST);
                cr_assert_leq(length, (size_t)LONGEST);
                memset(text, 'x', length);
                for (size_t i = 0; i < n; i++)
                    text[at + i] = (at + i + after) % 3 ? word[i] : ascii_upper(word[i]);
                text = realloc(text, length); /* a sanitizer sees any read beyond it */
                cr_assert(reply_words_may_lead(span_of(text, length)), "\"%s\" at %zu", word, at);
                free(text);
            }
        }
    }
    cr_assert_not(reply_words_may_lead(span_of(NULL, 0)));
    cr_assert_not(reply_words_may_lead(span_z("550 5.1.1 <joe@example.net>: Recipient address rejected: unknown")));
}

static const struct {
    const char *text;
    int code;
    const char *status, *host; /* "" and NULL: none */
    bounce_command command;
    bool remote;
} replies[] = {
    {"550 5.1.1 User unknown", 550, "5.1.1", NULL, BOUNCE_COMMAND_NONE, false},
    {"host mx.example.net[192.0.2.1] said: 550 5.1.1 <joe@example.net>: unknown (in reply to RCPT TO command)", 550,
     "5.1.1", "mx.example.net", BOUNCE_COMMAND_RCPT, true},
    {"554 5.0.0 remote server mx.example.org said: 452 4.2.2 full", 452, "4.2.2", "mx.example.org", BOUNCE_COMMAND_NONE,
     true},
    {"550 User unknown (#5.1.1)", 550, "5.1.1", NULL, BOUNCE_COMMAND_NONE, false},
    {"SMTP error after end of data: 554 refused", 554, "", NULL, BOUNCE_COMMAND_DATA, false},
    {"nothing of the kind", 0, "", NULL, BOUNCE_COMMAND_NONE, false},
    {"", 0, "", NULL, BOUNCE_COMMAND_NONE, false},
};

Test(reply_words, facts_of_a_reply)
{
    for (size_t i = 0; i < COUNT(replies); i++) {
        struct reply r;
        struct span text = span_z(replies[i].text);
        reply_read(&arena, text, &r);
        const char *status = r.status.class_ ? enhanced_format(&arena, r.status) : "";
        cr_expect_eq(r.code, replies[i].code, "%s: %d", replies[i].text, r.code);
        cr_expect_str_eq(status, replies[i].status, "%s: %s", replies[i].text, status);
        cr_expect_str_eq(r.host ? r.host : "-", replies[i].host ? replies[i].host : "-", "%s: %s", replies[i].text,
                         r.host);
        cr_expect_eq(r.command, replies[i].command, "%s: %d", replies[i].text, (int)r.command);
        cr_expect_eq(r.from_remote, replies[i].remote, "%s", replies[i].text);
        struct enhanced alone = reply_status(&arena, text);
        cr_expect_eq(memcmp(&alone, &r.status, sizeof alone), 0, "%s: reply_status", replies[i].text);
        struct reply codes;
        reply_read_parts(&arena, text, 0, &codes);
        cr_expect_eq(codes.code, r.code, "%s: codes alone", replies[i].text);
        cr_expect(codes.inner.s == r.inner.s && !codes.host && !codes.command && !codes.from_remote, "%s",
                  replies[i].text);
    }
}
