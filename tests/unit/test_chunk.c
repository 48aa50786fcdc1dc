/* SPDX-License-Identifier: MIT */
/* test_chunk.c - sixteen bytes together say what each of them says alone. */
#include "chunk.h"

#include <criterion/criterion.h>
#include <stdlib.h>

TestSuite(chunk, .timeout = 60);

/* All values of a byte, at all places. */
Test(chunk, comparisons_of_each_byte)
{
    for (unsigned v = 0; v < 256; v++) {
        char bytes[CHUNK], lower[CHUNK];
        for (unsigned k = 0; k < CHUNK; k++)
            bytes[k] = (char)(v + k * 17);
        chunk c = chunk_load(bytes);
        unsigned equal = chunk_bits(chunk_equal(c, 'b')), digits = chunk_bits(chunk_in_range(c, '0', 10));
        unsigned unusual = chunk_bits(chunk_unusual(c)), upper = chunk_bits(c);
        chunk_store(lower, chunk_lower(c));
        for (unsigned k = 0; k < CHUNK; k++) {
            cr_assert_eq(equal >> k & 1, bytes[k] == 'b');
            cr_assert_eq(digits >> k & 1, ascii_is_digit(bytes[k]));
            cr_assert_eq(upper >> k & 1, (unsigned char)bytes[k] >= 0x80);
            cr_assert_eq(unusual >> k & 1, (unsigned char)bytes[k] >= 0x80 || (unsigned char)bytes[k] < ' ');
            cr_assert_eq(lower[k], ascii_lower(bytes[k]));
        }
    }
}

Test(chunk, bits_are_the_same_everywhere)
{
    srand(1);
    for (int round = 0; round < 10000; round++) {
        char bytes[CHUNK];
        for (unsigned k = 0; k < CHUNK; k++)
            bytes[k] = (char)rand();
        chunk c = chunk_load(bytes);
        cr_assert_eq(chunk_bits(c), chunk_bits_plain(c));
    }
}

Test(chunk, a_part_has_nothing_behind_it)
{
    for (size_t n = 0; n < CHUNK; n++) {
        char *part = malloc(n + 1), stored[CHUNK]; /* a sanitizer sees what is read behind it */
        memset(part, 'x', n);
        chunk_store(stored, chunk_load_part(part, n));
        for (size_t k = 0; k < CHUNK; k++)
            cr_assert_eq(stored[k], k < n ? 'x' : 0);
        free(part);
    }
}

static const char *plain_find(struct span hay, struct span needle)
{
    for (size_t i = 0; i + needle.n <= hay.n; i++)
        if (memcmp(hay.s + i, needle.s, needle.n) == 0)
            return hay.s + i;
    return NULL;
}

/* Two letters alone, so that much of a needle stands at most places. */
Test(chunk, finds_what_a_plain_search_finds)
{
    char needle[80];
    srand(2);
    for (int round = 0; round < 200000; round++) {
        size_t n = (size_t)rand() % 100, m = 1 + (size_t)rand() % (round % 8 ? 12 : sizeof needle);
        char *hay = malloc(n + 1);
        for (size_t i = 0; i < n; i++)
            hay[i] = rand() % 4 ? 'a' : 'b';
        for (size_t i = 0; i < m; i++)
            needle[i] = rand() % 4 ? 'a' : 'b';
        struct span in = span_of(hay, n), what = span_of(needle, m);
        cr_assert_eq(chunk_find(in, what), plain_find(in, what), "%.*s in %.*s", (int)m, needle, (int)n, hay);
        free(hay);
    }
}

Test(chunk, finds_at_every_place)
{
    static const char needle[] = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
    char hay[70];
    for (size_t n = 2; n <= sizeof hay; n++)
        for (size_t m = 2; m <= n && m < sizeof needle; m++)
            for (size_t at = 0; at + m <= n; at++) {
                memset(hay, '-', n);
                memset(hay + at, 'n', m);
                cr_assert_eq(chunk_find(span_of(hay, n), span_of(needle, m)), hay + at);
            }
}
