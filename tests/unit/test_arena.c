/* SPDX-License-Identifier: MIT */
/* test_arena.c - arenas that are reset. */
#include "arena.h"

#include <criterion/criterion.h>
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
