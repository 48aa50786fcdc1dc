/* SPDX-License-Identifier: MIT */
/* test_hash.c - equal bytes have equal hashes, and different ones spread over the slots of a table. */
#include "base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const int tables[2];

Test(hash, is_that_of_the_bytes)
{
    char one[40], other[41];
    for (size_t n = 0; n <= sizeof one; n++) {
        memset(one, 'x', n);
        memset(other, 'x', n + 1);
        cr_assert_eq(hash_bytes(span_of(one, n), tables), hash_bytes(span_of(other, n), tables), "%zu bytes", n);
        cr_assert_neq(hash_bytes(span_of(one, n), tables), hash_bytes(span_of(other, n + 1), tables), "%zu bytes", n);
    }
    cr_assert_eq(hash_bytes(span_of(NULL, 0), tables), hash_bytes(span_of(one, 0), tables));
}

Test(hash, every_bit_counts)
{
    char bytes[40] = {0};
    for (size_t n = 1; n <= sizeof bytes; n++) {
        const uint64_t hash = hash_bytes(span_of(bytes, n), tables);
        for (size_t bit = 0; bit < 8 * n; bit++) {
            bytes[bit / 8] = (char)(1u << bit % 8);
            cr_assert_neq(hash_bytes(span_of(bytes, n), tables), hash, "bit %zu of %zu bytes", bit, n);
            bytes[bit / 8] = 0;
        }
    }
}

Test(hash, depends_on_the_table)
{
    struct span s = span_z("user@example.net");
    cr_assert_neq(hash_bytes(s, &tables[0]), hash_bytes(s, &tables[1]));
}

/* Addresses that differ in a few digits, in a table that is half full. */
Test(hash, near_texts_spread)
{
    enum { SLOTS = 1 << 16 };
    static unsigned char used[SLOTS];
    size_t hits = 0;
    for (size_t i = 0; i < SLOTS / 2; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "user%zu@mail.example.net", i);
        size_t slot = (size_t)hash_bytes(span_of(text, (size_t)n), tables) & (SLOTS - 1);
        hits += used[slot];
        used[slot] = 1;
    }
    /* Random slots would give 1 - 2 * (1 - e^-0.5) of them: 21 %. */
    cr_assert_lt(hits, SLOTS / 2 / 4, "%zu of %d", hits, SLOTS / 2);
}
