/* SPDX-License-Identifier: MIT */
/* test_arena.c - arenas that are reset. */
#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(arena, reset_keeps_one_block)
{
    struct arena a;
    arena_init(&a);
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 100; i++)
            memset(arena_alloc(&a, 10000), (int)i, 10000);
        arena_reset(&a);
        cr_assert(a.first && a.first == a.current, "round %zu", round);
        cr_assert_geq((size_t)(a.end - a.free), 10000, "round %zu", round);
    }
    memset(arena_alloc(&a, 5u << 20), 1, 5u << 20); /* too large to be kept */
    arena_reset(&a);
    cr_assert_eq(a.first, a.current);
    arena_free(&a);
    cr_assert_null(a.first);
}

/* Nothing lies over what was there before, whatever the blocks' ends. */
Test(arena, small_first_blocks)
{
    for (size_t first = 0; first <= 256; first += 16) {
        struct arena a;
        unsigned char *got[100];
        arena_init_small(&a, first);
        for (size_t i = 0; i < 100; i++) {
            got[i] = arena_alloc(&a, i);
            cr_assert_eq((uintptr_t)got[i] % ARENA_ALIGNMENT, 0, "%zu bytes", i);
            memset(got[i], (int)i, i);
        }
        for (size_t i = 0; i < 100; i++)
            for (size_t k = 0; k < i; k++)
                cr_assert_eq(got[i][k], i, "first %zu, %zu bytes", first, i);
        arena_free(&a);
    }
}

/* A block's last bytes are used, too. */
Test(arena, blocks_are_filled)
{
    struct arena a;
    arena_init_small(&a, 64);
    for (size_t i = 0; i < 4; i++)
        arena_alloc(&a, 16);
    cr_assert_eq(a.first, a.current);
    arena_alloc(&a, 1);
    cr_assert_neq(a.first, a.current);
    arena_free(&a);
}

Test(arena, printf_at_the_end_of_a_block)
{
    char want[64];
    for (int digits = 1; digits < 60; digits++) {
        struct arena a;
        arena_init_small(&a, 64);
        snprintf(want, sizeof want, "%0*d", digits, 7);
        for (int i = 0; i < 5; i++) {
            const char *before = arena_strdup(&a, "before");
            cr_assert_str_eq(arena_printf(&a, "%0*d", digits, 7), want);
            cr_assert_str_eq(arena_strdup(&a, "behind"), "behind");
            cr_assert_str_eq(before, "before");
        }
        arena_free(&a);
    }
}
