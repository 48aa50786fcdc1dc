/* SPDX-License-Identifier: MIT */
/* test_literal_places.c - looking up many places at once finds the same as looking them up one by one. */
#include "base/literal_places.h"
#include "base/literals_build.h"
#include "guarded.h"

#include <criterion/criterion.h>
#include <string.h>

enum { WORDS = 300, ROUNDS = 400 };

static unsigned next_random(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed / 65536 % below;
}

static void fill(char *to, size_t n, unsigned *seed)
{
    for (size_t i = 0; i < n; i++)
        to[i] = "abcde \xd0"[next_random(seed, 7)];
}

/* Of 2 to 15 bytes: some of each kind. */
static const struct literals *build(struct arena *a, unsigned *seed)
{
    static char storage[WORDS][16];
    static const char *words[WORDS];
    static struct literal_source sources[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        fill(storage[i], 2 + i % 14, seed);
        words[i] = storage[i];
        sources[i] = (struct literal_source){&words[i], 1, (uint32_t)i};
    }
    return literals_build(a, sources, WORDS, span_z(NULL));
}

static void expect_same(const struct place_list *list, const struct place_list *narrow, size_t n)
{
    cr_assert_eq(list->count, narrow->count, "a block of %zu bytes", n);
    cr_expect_arr_eq(list->at, narrow->at, narrow->count * sizeof *narrow->at, "a block of %zu bytes", n);
}

Test(literal_places, all_ways_find_the_same)
{
    struct arena a;
    unsigned seed = 4711;
    arena_init(&a);
    const struct literals *l = build(&a, &seed);
    size_t found = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t n = round < 64 ? round : next_random(&seed, LITERAL_BLOCK_BYTES + 1);
        char *block = guarded_bytes(n + LITERAL_PADDING_BYTES);
        fill(block, n, &seed);
        memset(block + n, 0, LITERAL_PADDING_BYTES);
        struct literal_places places, narrow;
        literal_places_finder()(l, block, n, &places);
        literal_places_find_narrow(l, block, n, &narrow);
        expect_same(&places.windows, &narrow.windows, n);
        expect_same(&places.others, &narrow.others, n);
        found += places.windows.count + places.others.count;
    }
    cr_expect_gt(found, (size_t)ROUNDS);
    arena_free(&a);
}
