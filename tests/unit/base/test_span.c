/* SPDX-License-Identifier: MIT */
/* test_span.c - comparing, searching and cutting bytes. */
#include "base/span.h"
#include "guarded.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *plain_find(struct span hay, struct span needle)
{
    for (size_t i = 0; i + needle.n <= hay.n; i++)
        if (memcmp(hay.s + i, needle.s, needle.n) == 0)
            return hay.s + i;
    return NULL;
}

/* Needles of two different letters, so that parts of them occur everywhere; some are
 * too long to be compared byte by byte. */
Test(span, finds_what_a_plain_search_finds)
{
    char needle[80];
    srand(2);
    for (int round = 0; round < 200000; round++) {
        size_t n = (size_t)rand() % 100, m = 1 + (size_t)rand() % (round % 8 ? 12 : sizeof needle);
        char *hay = guarded_bytes(n);
        for (size_t i = 0; i < n; i++)
            hay[i] = rand() % 4 ? 'a' : 'b';
        for (size_t i = 0; i < m; i++)
            needle[i] = rand() % 4 ? 'a' : 'b';
        struct span in = span_of(hay, n), what = span_of(needle, m);
        cr_assert_eq(span_find_bytes(in, what), plain_find(in, what), "%.*s in %.*s", (int)m, needle, (int)n, hay);
        cr_assert_eq(span_find_word(in, what), plain_find(in, what), "%.*s in %.*s", (int)m, needle, (int)n, hay);
    }
}

Test(span, ascii_ends_at_the_first_byte_beyond)
{
    for (size_t n = 0; n < 50; n++) {
        char *in = guarded_bytes(n);
        for (size_t at = 0; at <= n; at++) {
            memset(in, 'x', n);
            if (at < n)
                in[at] = '\x80';
            if (at + 2 < n)
                in[n - 1] = '\xff';
            cr_assert_eq(bytes_ascii(in, n), at, "%zu of %zu", at, n);
        }
    }
}

Test(span, lower_case_of_every_byte)
{
    for (size_t n = 0; n <= 40; n++)
        for (int c = 0; c < 256; c++) {
            char copy[41] = "", *in = guarded_bytes(n);
            memset(in, c, n);
            bytes_lower(copy, in, n);
            bytes_lower(in, in, n);
            for (size_t i = 0; i < n; i++) {
                cr_assert_eq(copy[i], c >= 'A' && c <= 'Z' ? c + 0x20 : (char)c, "%d of %zu", c, n);
                cr_assert_eq(in[i], copy[i], "%d of %zu, in place", c, n);
            }
            cr_assert_eq(copy[n], 0, "%d of %zu", c, n);
        }
}

/* Every pair of bytes, at every position among the eight that are compared at once. */
Test(span, case_of_every_byte)
{
    char x[] = "_________________", y[] = "_________________";
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++) {
            size_t at = (size_t)(a + b) % 17;
            x[at] = (char)a, y[at] = (char)b;
            cr_assert_eq(bytes_equal_nocase(x, y, 17), ascii_lower((char)a) == ascii_lower((char)b), "%d, %d", a, b);
            cr_assert_eq(span_same_nocase(span_of(x + at, 17 - at), span_of(y + at, 17 - at)),
                         ascii_lower((char)a) == ascii_lower((char)b), "%d, %d", a, b);
            x[at] = y[at] = '_';
        }
    for (int c = 0; c < 256; c++)
        cr_assert_eq(ascii_is_alpha((char)c), (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), "%d", c);
}

Test(span, starts_and_equals)
{
    cr_assert(span_starts_nocase(span_z("Content-Type"), "content-"));
    cr_assert(!span_starts_nocase(span_z("Content"), "content-"));
    cr_assert(span_starts_nocase(span_of(NULL, 0), ""));
    cr_assert(span_equal_nocase(span_of(NULL, 0), ""));
    cr_assert(!span_equal_nocase(span_z("ab"), "abc"));
    cr_assert_null(span_find_nocase(span_z("text"), ""));
}

/* Every length around the 16 bytes that are compared at once, and longer ones, with
 * the needle at every position. */
Test(span, needles_at_every_position)
{
    static const size_t lengths[] = {1, 2, 5, 15, 16, 17, 18, 31, 32, 33, 34, 47, 48, 49, 511, 512, 513};
    static const char *const needles[] = {"x", "Xy", "xYz", "x-yxyxyz"};
    char hay[520];
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (size_t k = 0; k < sizeof needles / sizeof *needles; k++) {
            size_t n = strlen(needles[k]);
            memset(hay, 'y', sizeof hay);
            struct span all = span_of(hay, lengths[l]);
            cr_assert_null(span_find_bytes(all, span_z(needles[k])), "%zu bytes, no \"%s\"", lengths[l], needles[k]);
            for (size_t at = 0; at + n <= lengths[l]; at++) {
                memcpy(hay + at, needles[k], n);
                cr_assert_eq(span_find_bytes(all, span_z(needles[k])), hay + at, "%zu bytes, %zu", lengths[l], at);
                cr_assert_eq(span_find(all, needles[k]), hay + at, "%zu bytes, %zu", lengths[l], at);
                cr_assert_eq(span_find_nocase(all, needles[k]), hay + at, "%zu bytes, %zu", lengths[l], at);
                hay[at] = 'X';
                cr_assert_eq(span_find_nocase(all, needles[k]), hay + at, "%zu bytes, %zu, X", lengths[l], at);
                memset(hay + at, 'y', n);
            }
        }
}

/* Texts of few different bytes, in which words begin often but are seldom complete. */
Test(span, first_place_of_a_word)
{
    static const struct span words[] = {SPAN("a"), SPAN("aB"), SPAN("abA"), SPAN("a a b a b"),
                                        SPAN("bbbbbbbbbbbbbbbba")};
    char hay[64];
    uint32_t state = 7;
    for (size_t round = 0; round < 50000; round++) {
        size_t n = round % sizeof hay, at = 0;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            hay[i] = "aAbB B"[(state >> 16) % 6];
        }
        struct span word = words[round % (sizeof words / sizeof *words)];
        while (at + word.n <= n && !bytes_equal_nocase(hay + at, word.s, word.n))
            at++;
        cr_assert_eq(span_find_word(span_of(hay, n), word), at + word.n <= n ? hay + at : NULL, "round %zu", round);
        for (at = 0; at + word.n <= n && memcmp(hay + at, word.s, word.n) != 0;)
            at++;
        cr_assert_eq(span_find_bytes(span_of(hay, n), word), at + word.n <= n ? hay + at : NULL, "round %zu", round);
    }
}

Test(span, punctuation_has_no_case)
{
    /* '[' and '{', '@' and '`' differ in CASE_BIT only. */
    cr_assert_null(span_find_nocase(span_z("................{rcpt}................"), "[rcpt"));
    cr_assert_null(span_find_nocase(span_z("...................`x................."), "@x"));
    cr_assert_not_null(span_find_nocase(span_z("................[RCPT]................"), "[rcpt"));
    cr_assert_null(span_find_nocase(span_z("short"), "longer than that"));
    cr_assert_null(span_find(span_of(NULL, 0), "x"));
}

Test(span, lines_of_every_length)
{
    char text[256];
    for (size_t n = 0; n < 70; n++) {
        int size = snprintf(text, sizeof text, "%.*s\r\n%.*s\n%.*s\rend", (int)n,
                            "0123456789012345678901234567890123456789012345678901234567890123456789", (int)n,
                            "abcdefghijklmnopqrstabcdefghijklmnopqrstabcdefghijklmnopqrstabcdefghijklmnopqrst", 1, "x");
        struct span rest = span_of(text, (size_t)size), line;
        cr_assert(span_next_line(&rest, &line) && line.n == n, "%zu", n);
        cr_assert(span_next_line(&rest, &line) && line.n == n, "%zu", n);
        cr_assert(span_next_line(&rest, &line) && line.n == 1 && line.s[0] == 'x', "%zu", n);
        cr_assert(span_next_line(&rest, &line) && span_equal_nocase(line, "END"), "%zu", n);
        cr_assert(!span_next_line(&rest, &line), "%zu", n);
    }
}
