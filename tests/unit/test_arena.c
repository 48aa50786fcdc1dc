/* SPDX-License-Identifier: MIT */
/* test_arena.c - arenas that are reset, and searches in spans. */
#include "arena.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(arena, .timeout = 10);

Test(arena, reset_keeps_one_block)
{
    struct arena a;
    arena_init(&a);
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 100; i++)
            memset(arena_alloc(&a, 10000), (int)i, 10000);
        arena_reset(&a);
        cr_assert(a.first && a.first == a.current && a.used == 0, "round %zu", round);
    }
    memset(arena_alloc(&a, 5u << 20), 1, 5u << 20); /* too large to be kept */
    arena_reset(&a);
    cr_assert_eq(a.first, a.current);
    arena_free(&a);
    cr_assert_null(a.first);
}

/* Every length around the 16 bytes that are looked at together, and around the
 * length from which memmem() searches, with the needle at every place. */
Test(arena, needles_at_every_place)
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

Test(arena, signs_are_no_letters)
{
    /* '[' and '{', '@' and '`' differ by the bit that makes lower case. */
    cr_assert_null(span_find_nocase(span_z("................{rcpt}................"), "[rcpt"));
    cr_assert_null(span_find_nocase(span_z("...................`x................."), "@x"));
    cr_assert_not_null(span_find_nocase(span_z("................[RCPT]................"), "[rcpt"));
    cr_assert_null(span_find_nocase(span_z("short"), "longer than that"));
    cr_assert_null(span_find(span_of(NULL, 0), "x"));
}

Test(arena, lines_of_any_length)
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
