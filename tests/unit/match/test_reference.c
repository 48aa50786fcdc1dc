/* SPDX-License-Identifier: MIT */
/* test_reference.c - the matcher agrees with the reference of tests/fuzz in many small cases. */
#include "rows.h"

#include <criterion/criterion.h>

enum { CASES = 10000, CHOICES = 160 };

/* The same bytes on every machine (xorshift32). */
static void fill(uint32_t *state, uint8_t *bytes)
{
    for (size_t i = 0; i < CHOICES; i++) {
        *state ^= *state << 13;
        *state ^= *state >> 17;
        *state ^= *state << 5;
        bytes[i] = (uint8_t)(*state >> 16);
    }
}

Test(reference, agrees_with_the_matcher)
{
    uint32_t state = 20261129;
    size_t outcomes[ROWS_DIFFER + 1] = {0};
    for (size_t i = 0; i < CASES; i++) {
        uint8_t bytes[CHOICES];
        fill(&state, bytes);
        outcomes[rows_compare(bytes, sizeof bytes)]++;
    }
    cr_expect_eq(outcomes[ROWS_DIFFER], 0, "%zu cases differ", outcomes[ROWS_DIFFER]);
    /* Cases that test something. */
    cr_expect_gt(outcomes[ROWS_MATCH], CASES / 5, "%zu cases match", outcomes[ROWS_MATCH]);
    cr_expect_gt(outcomes[ROWS_NO_MATCH], CASES / 10, "%zu do not", outcomes[ROWS_NO_MATCH]);
}
