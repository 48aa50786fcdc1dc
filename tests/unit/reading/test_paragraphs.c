/* SPDX-License-Identifier: MIT */
/* test_paragraphs.c - which paragraphs are read for a reply. */
#include "reading/paragraphs.h"

#include <criterion/criterion.h>

/* Whatever makes a reply useful must be seen in front, or the reply is lost. */
Test(paragraphs, no_useful_reply_is_missed)
{
    static const char letters[] = "4455501. -#(a:";
    char text[16];
    uint32_t state = 5;
    size_t useful = 0, spared = 0;
    struct arena a;
    arena_init(&a);
    for (size_t round = 0; round < 200000; round++) {
        size_t n = round % sizeof text;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            text[i] = letters[(state >> 16) % (sizeof letters - 1)];
        }
        struct reply reply;
        reply_read(&a, span_of(text, n), &reply);
        bool may = reply_may_be_useful(span_of(text, n));
        cr_assert(may || !reply_is_useful(&reply), "\"%.*s\"", (int)n, text);
        useful += reply_is_useful(&reply);
        spared += !may;
        if (round % 1000 == 0)
            arena_reset(&a);
    }
    cr_assert(useful > 1000 && spared > 1000);
    cr_assert(!reply_may_be_useful(span_z("The mail of the 24th was not delivered.")));
    arena_free(&a);
}
