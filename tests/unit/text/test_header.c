/* SPDX-License-Identifier: MIT */
/* test_header.c - unfolding and encoded words (RFC 2047). */
#include "base/limits.h"
#include "text/header.h"
#include "text/text.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *name, *raw, *want;
} headers[] = {
    {"plain", " Undelivered Mail\r\n", "Undelivered Mail"},
    {"folded", "one\r\n two\n\tthree", "one two three"},
    {"folded with much white space", "one  \r\n    two", "one two"},
    {"spaces in a line stay", "one  two", "one  two"},
    {"B", "=?UTF-8?B?SGVsbG8=?=", "Hello"},
    {"b in lower case", "=?utf-8?b?SGVsbG8=?=", "Hello"},
    {"two words, the space between them is dropped", "=?UTF-8?B?SGVsbG8=?= =?UTF-8?B?IHdvcmxk?=", "Hello world"},
    {"two words on two lines", "=?UTF-8?B?SGVsbG8=?=\r\n =?UTF-8?B?IHdvcmxk?=", "Hello world"},
    {"two words glued", "=?UTF-8?B?SGVsbG8=?==?UTF-8?B?IHdvcmxk?=", "Hello world"},
    {"a character split between words", "=?utf-8?B?w7xiZcM=?= =?UTF-8?B?nw==?=", "übeß"},
    {"two charsets", "=?utf-8?Q?=C3=BC?= =?iso-8859-1?Q?=FC?=", "üü"},
    {"one charset begins like the other", "=?iso-8859-15?Q?=A4?= =?iso-8859-1?Q?=A4?= =?iso-8859-15?Q?=A4?=", "€¤€"},
    {"word and text", "Re: =?iso-8859-1?Q?Gr=F6=DFe?= (1)", "Re: Größe (1)"},
    {"text between words keeps its spaces", "=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
    {"underscore", "=?utf-8?Q?a_b=5Fc?=", "a b_c"},
    {"a space at the end of a word", "=?utf-8?Q?a_?= =?utf-8?Q?b?=", "a b"},
    {"spaces inside a word", "=?utf-8?Q?a b c?=", "a b c"},
    {"Q that begins with an escape", "=?utf-8?Q?=41?=", "A"},
    {"ISO-2022-JP", "=?ISO-2022-JP?B?GyRCMDhAaBsoQg==?= =?ISO-2022-JP?B?GyRCSVRMQBsoQg==?=", "宛先不明"},
    {"language", "=?utf-8*en?Q?x?=", "x"},
    {"languages differ", "=?utf-8*en?B?w7xiZcM=?= =?UTF-8*de?B?nw==?=", "übeß"},
    {"unknown charset", "=?x-none?Q?Gr=C3=B6=C3=9Fe?=", "Größe"},
    {"in quotes", "\"=?utf-8?Q?Jos=C3=A9?=\" <a@example.org>", "\"José\" <a@example.org>"},
    {"raw UTF-8", "Größe", "Größe"},
    {"raw Latin-1",
     "Gr\xf6\xdf"
     "e",
     "Größe"},
    {"raw ISO-2022-JP", "\033$B08@h\033(B", "宛先"},
    {"unknown encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
    {"not closed", "=?utf-8?Q?abc", "=?utf-8?Q?abc"},
    {"not closed, then text", "a =?utf-8?Q?abc =?utf-8?", "a =?utf-8?Q?abc =?utf-8?"},
    {"no charset", "=?\?Q?abc?=", "=?\?Q?abc?="},
    {"an empty word", "=?utf-8?Q?\?=", ""},
    {"a line end in a word", "=?utf-8?Q?a=0D=0Ab?=", "a b"},
    {"a NUL in a word", "=?utf-8?Q?a=00b?=",
     "a\xef\xbf\xbd"
     "b"},
    {"equals and question mark", "what=? is=?this", "what=? is=?this"},
    {"empty", "", ""},
};

Test(text_header, decodes)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(headers); i++) {
        const char *got = text_decode_header(&a, span_z(headers[i].raw), NULL);
        cr_expect_str_eq(got, headers[i].want, "%s: got \"%s\"", headers[i].name, got);
    }
    arena_free(&a);
}

Test(text_header, passes_flags_on)
{
    struct arena a;
    arena_init(&a);
    unsigned flags = 0;
    text_decode_header(&a, span_z("=?x-none?Q?=FF?="), &flags);
    cr_expect_eq(flags, TEXT_BAD_CHARSET);
    arena_free(&a);
}

Test(text_header, is_cut_at_the_limit)
{
    struct arena a;
    arena_init(&a);
    char *raw = arena_alloc(&a, LIMIT_HEADER_BYTES + 1);
    memset(raw, 'x', LIMIT_HEADER_BYTES + 1);
    unsigned flags = 0;
    cr_expect_eq(strlen(text_decode_header(&a, span_of(raw, LIMIT_HEADER_BYTES), &flags)), LIMIT_HEADER_BYTES);
    cr_expect_eq(flags, 0);
    cr_expect_eq(strlen(text_decode_header(&a, span_of(raw, LIMIT_HEADER_BYTES + 1), &flags)), LIMIT_HEADER_BYTES);
    cr_expect_eq(flags, TEXT_TRUNCATED);
    arena_free(&a);
}

/* The end of unclosed words must not be searched for again and again. */
Test(text_header, costs_linear_time)
{
    static const struct {
        const char *part, *front; /* front: the decoded text's beginning; "": it is empty */
    } parts[] = {{"=?", "=?=?=?"},
                 {"=?a?q?", "=?a?q?a?q?=?a?q?"},
                 {"=?a?b?", "i?a?b?i?a?b?"},
                 {"=?a?q?=", "==?a?q==?a?q="},
                 {"=?a?q?\?= ", ""},
                 {"?=", "?=?=?="},
                 {" \r\n", ""}};
    static const char *const ends[] = {"", "x", "?", "?=", "?q?x?="};
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(parts) * COUNT(ends); i++) {
        const char *part = parts[i / COUNT(ends)].part, *front = parts[i / COUNT(ends)].front;
        const char *end = ends[i % COUNT(ends)];
        struct strbuf b;
        strbuf_init(&b, &a);
        while (b.n < LIMIT_HEADER_BYTES - 10)
            strbuf_puts(&b, part);
        strbuf_puts(&b, end);
        for (size_t round = 0; round < 50; round++) {
            struct arena scratch;
            arena_init(&scratch);
            const char *text = text_decode_header(&scratch, span_of(b.s, b.n), NULL);
            const bool gone = !*front && strlen(text) <= strlen(end);
            cr_expect(gone || (*front && strncmp(text, front, strlen(front)) == 0), "%s, then %s", part, end);
            arena_free(&scratch);
        }
        arena_reset(&a);
    }
    arena_free(&a);
}
