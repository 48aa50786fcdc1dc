/* SPDX-License-Identifier: MIT */
/* test_chunk.c - the result for sixteen bytes is the result for each of them. */
#include "base/chunk.h"
#include "base/span.h"
#include "guarded.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static bool holds(chunk answer, size_t at)
{
    return chunk_bits(answer) >> at & 1;
}

/* All values of a byte, at all positions. */
Test(chunk, comparisons_of_every_byte)
{
    for (unsigned v = 0; v < 256; v++) {
        char bytes[CHUNK], lower[CHUNK], letters[CHUNK];
        for (unsigned k = 0; k < CHUNK; k++)
            bytes[k] = (char)(v + k * 17);
        chunk c = chunk_load(bytes);
        chunk_store(lower, chunk_lower(c));
        chunk_store(letters, chunk_lower_letters(c));
        for (unsigned k = 0; k < CHUNK; k++) {
            unsigned char byte = (unsigned char)bytes[k];
            cr_assert_eq(holds(c, k), byte >= 0x80);
            cr_assert_eq(holds(chunk_equal(c, 'b'), k), byte == 'b');
            cr_assert_eq(holds(chunk_equal(c, '\xe2'), k), byte == 0xe2);
            cr_assert_eq(holds(chunk_in_range(c, '0', 10), k), byte >= '0' && byte <= '9');
            cr_assert_eq(holds(chunk_unusual(c), k), byte >= 0x80 || byte < ' ');
            cr_assert_eq(holds(chunk_unprintable(c), k), byte < ' ' || byte > '~');
            cr_assert_eq(holds(chunk_line_ends(c), k), byte == '\n' || byte == '\r');
            cr_assert_eq(lower[k], byte >= 'A' && byte <= 'Z' ? byte + 0x20 : bytes[k]);
            cr_assert_eq(letters[k], (char)(byte | 0x20));
        }
    }
}

Test(chunk, bits_of_all_bytes)
{
    srand(1);
    for (int round = 0; round < 10000; round++) {
        char bytes[CHUNK];
        unsigned bits = 0;
        for (unsigned k = 0; k < CHUNK; k++) {
            bytes[k] = (char)(rand() >> (round % 2 ? 0 : 24)); /* sometimes few or none */
            bits |= ((unsigned char)bytes[k] >= 0x80 ? 1u : 0) << k;
        }
        chunk c = chunk_load(bytes);
        cr_assert_eq(chunk_bits(c), bits);
        cr_assert_eq(chunk_any(chunk_equal(c, bytes[round % CHUNK])), true);
        cr_assert_eq(chunk_any(chunk_equal(c, 'b')), memchr(bytes, 'b', CHUNK) != NULL);
        unsigned last = 0;
        for (unsigned k = 0, left = bits; left; k++, left >>= 1)
            if (left & 1) {
                cr_assert_eq(chunk_first(left << k), k);
                last = k;
            }
        cr_assert(!bits || chunk_last(bits) == last);
    }
}

/* Texts of few different bytes, which end with the last byte that is read. */
Test(chunk, pairs)
{
    static const char bytes[] = "xX[{@`\0 ";
    srand(2);
    for (int round = 0; round < 20000; round++) {
        size_t apart = (size_t)rand() % 20;
        char *s = guarded_bytes(CHUNK + apart), first = bytes[rand() % 8], last = bytes[rand() % 8];
        for (size_t i = 0; i < CHUNK + apart; i++)
            s[i] = bytes[rand() % 8];
        chunk exact = chunk_pair(s, apart, first, last);
        chunk nocase = chunk_pair_nocase(s, apart, (char)(first | CASE_BIT), (char)(last | CASE_BIT));
        for (size_t k = 0; k < CHUNK; k++) {
            cr_assert_eq(holds(exact, k), s[k] == first && s[k + apart] == last);
            cr_assert_eq(holds(nocase, k), (s[k] | 0x20) == (first | 0x20) && (s[k + apart] | 0x20) == (last | 0x20));
        }
    }
}

Test(chunk, zeros_follow_a_part)
{
    for (size_t n = 0; n < CHUNK; n++) {
        char *part = guarded_bytes(n), stored[CHUNK];
        memset(part, 'x', n);
        chunk_store(stored, chunk_load_part(part, n));
        for (size_t k = 0; k < CHUNK; k++)
            cr_assert_eq(stored[k], k < n ? 'x' : 0);
    }
}
