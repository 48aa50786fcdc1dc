/* SPDX-License-Identifier: MIT */
/* test_arena.c - memory that is freed all at once, and arrays that grow in it. */
#include "base/arena.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

/* No allocation overlaps another, wherever the blocks end. */
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

/* The last bytes of a block are used, too. */
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
            cr_assert_str_eq(arena_strdup(&a, "after"), "after");
            cr_assert_str_eq(before, "before");
        }
        arena_free(&a);
    }
}

/* Squares up to each count, with or without other allocations in between. */
static void grow_squares(struct arena *a, size_t count, bool interrupted)
{
    size_t *squares = NULL, capacity = 0;
    for (size_t n = 0; n < count; n++) {
        squares = arena_grow(a, squares, n, &capacity, sizeof *squares);
        cr_assert_gt(capacity, n);
        cr_assert_eq((uintptr_t)squares % ARENA_ALIGNMENT, 0);
        squares[n] = n * n;
        if (interrupted)
            memset(arena_alloc(a, n % 40), 0xff, n % 40);
    }
    memset(arena_alloc(a, 64), 0xff, 64); /* must not share the array's room */
    for (size_t n = 0; n < count; n++)
        cr_assert_eq(squares[n], n * n, "%zu of %zu", n, count);
}

Test(arena, arrays_keep_their_items_as_they_grow)
{
    for (size_t first = 0; first <= 256; first += 64)
        for (size_t count = 1; count < 200; count += 7)
            for (int interrupted = 0; interrupted < 2; interrupted++) {
                struct arena a;
                arena_init_small(&a, first);
                grow_squares(&a, count, interrupted);
                arena_free(&a);
            }
}

Test(arena, an_array_grows_only_when_it_is_full)
{
    struct arena a;
    arena_init(&a);
    size_t capacity = 0;
    char *items = arena_grow(&a, NULL, 0, &capacity, 1);
    const size_t first = capacity;
    cr_assert_not_null(items);
    cr_assert_gt(first, 0);
    cr_assert_eq(arena_grow(&a, items, first - 1, &capacity, 1), items);
    cr_assert_eq(capacity, first);
    cr_assert_eq(arena_grow(&a, items, first, &capacity, 1), items, "the newest allocation stays where it is");
    cr_assert_eq(capacity, 2 * first);
    arena_alloc(&a, 1);
    cr_assert_neq(arena_grow(&a, items, capacity, &capacity, 1), items, "another allocation follows it");
    cr_assert_eq(capacity, 4 * first);
    arena_free(&a);
}

/* Arrays so large that their size in bytes, or their capacity, would wrap around. */
static void grow_beyond_memory(size_t capacity, size_t item_bytes)
{
    struct arena a;
    char item = 0;
    arena_init(&a);
    arena_grow(&a, &item, capacity, &capacity, item_bytes);
}

Test(arena, bytes_of_an_array_do_not_wrap, .signal = SIGTRAP)
{
    grow_beyond_memory(SIZE_MAX / 16 + 1, 16);
}

Test(arena, capacity_of_an_array_does_not_wrap, .signal = SIGTRAP)
{
    grow_beyond_memory(SIZE_MAX / 2 + 1, 1);
}

Test(arena, bytes_of_cleared_memory_do_not_wrap, .signal = SIGTRAP)
{
    struct arena a;
    arena_init(&a);
    arena_calloc(&a, SIZE_MAX / 16 + 2, 16);
}

/* With blocks that malloc would place one after the other, each allocation would have another address. */
Test(arena, a_block_that_is_needed_again_and_again_is_kept)
{
    enum { TIMES = 8, BYTES = 1 << 20 };
    void *between[TIMES];
    struct arena a;
    arena_init(&a);
    arena_alloc(&a, 16);
    const struct arena_mark mark = arena_mark(&a);
    char *first = arena_alloc(&a, BYTES);
    for (int i = 0; i < TIMES; i++) {
        arena_rewind(&a, mark);
        between[i] = malloc(BYTES);
        cr_expect_eq(arena_alloc(&a, BYTES / 2), first);
    }
    arena_rewind(&a, mark);
    cr_expect_not_null(arena_alloc(&a, 2 * BYTES), "a spare block that is too small");
    arena_rewind(&a, mark);
    cr_expect_not_null(arena_alloc(&a, 8 * BYTES), "one that is too large to be a spare one");
    arena_rewind(&a, mark);
    cr_expect_not_null(arena_alloc(&a, BYTES));
    for (int i = 0; i < TIMES; i++)
        free(between[i]);
    arena_free(&a);
}

Test(arena, a_mark_frees_what_came_after_it)
{
    struct arena a;
    arena_init(&a);
    const struct arena_mark empty = arena_mark(&a);
    char *kept = arena_strdup(&a, "kept");
    const struct arena_mark mark = arena_mark(&a);
    char *small = arena_alloc(&a, 16);
    arena_alloc(&a, 1 << 20);
    arena_alloc(&a, 1 << 20);
    arena_rewind(&a, mark);
    cr_expect_eq(arena_alloc(&a, 16), small, "the room is used again");
    cr_expect_str_eq(kept, "kept");
    arena_rewind(&a, empty);
    cr_expect_not_null(arena_alloc(&a, 16));
    arena_free(&a);
}
