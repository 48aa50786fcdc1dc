/* SPDX-License-Identifier: MIT */
/* test_word_search.c - one search for many words finds the same as a search for each of them. */
#include "base/word_search.h"

#include <criterion/criterion.h>
#include <string.h>

static struct search_word some[7]; /* the last one is the end */

static void set_up(void)
{
    static const char *const texts[] = {"a",        "From:",       "sent by",
                                        "absender", "отправитель", "a word that is longer than most"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        some[i] = search_word_of(span_z(texts[i]));
}

TestSuite(word_search, .init = set_up);

Test(word_search, pairs_of_a_word)
{
    for (const struct search_word *w = some; w->text.n; w++) {
        cr_assert_eq(w->pairs, word_pairs(w->text), "%s", w->text.s);
        cr_assert_eq(w->pairs != 0, w->text.n > 1, "%s", w->text.s);
        cr_assert_eq(word_search(w, w->text, word_pairs(w->text)), w, "%s", w->text.s);
    }
    cr_assert_eq(word_pairs(span_z("SENT BY")), word_pairs(span_z("sent by")));
    cr_assert_eq(word_pairs(span_of(NULL, 0)), 0);
}

Test(word_search, pairs_without_blanks)
{
    const uint64_t pairs = word_pairs_unspaced(span_z("sent by"));
    cr_assert_eq(pairs, word_pairs(span_z("sent")) | word_pairs(span_z("by")));
    cr_assert_eq(pairs & ~word_pairs(span_z("SENT\tBY")), 0);
    cr_assert_eq(word_pairs_unspaced(span_z("a b c")), 0);
    cr_assert_eq(word_pairs_unspaced(span_of(NULL, 0)), 0);
}

Test(word_search, at_either_end)
{
    static const struct {
        const char *text, *start, *end, *alone;
    } rows[] = {{"FROM: joe", "From:", NULL, NULL},
                {"it was Sent By", NULL, "sent by", NULL},
                {"Sent By", "sent by", "sent by", "sent by"},
                {"a", "a", "a", "a"},
                {"from", NULL, NULL, NULL},
                {"", NULL, NULL, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct span t = span_z(rows[i].text);
        const struct search_word *found[] = {word_at_start(some, t), word_at_end(some, t), word_alone(some, t)};
        const char *const want[] = {rows[i].start, rows[i].end, rows[i].alone};
        for (size_t k = 0; k < 3; k++) {
            cr_assert_eq(!found[k], !want[k], "%s: %zu", rows[i].text, k);
            cr_assert(!want[k] || !strcmp(found[k]->text.s, want[k]), "%s: %zu", rows[i].text, k);
        }
    }
}

Test(word_search, the_first_of_the_table)
{
    struct span t = span_z("This was SENT BY the Absender");
    cr_assert_str_eq(word_search(some + 1, t, word_pairs(t))->text.s, "sent by");
    cr_assert_null(word_search(some + 1, span_z("This was sent to"), word_pairs(t)));
    cr_assert_null(word_search(some + 1, t, 0));
}

/* Texts made of the words' own letters: no word may be missed. */
Test(word_search, finds_the_same_as_one_by_one)
{
    static const char letters[] = "aAbsSenNdDrRtyF: mo";
    char text[40];
    uint32_t state = 3;
    for (size_t round = 0; round < 50000; round++) {
        size_t n = round % sizeof text;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            text[i] = letters[(state >> 16) % (sizeof letters - 1)];
        }
        const struct span word = some[1 + round % 3].text;
        if (n > word.n && state & 1)
            memcpy(text + (state >> 8) % (n - word.n), word.s, word.n);
        const struct search_word *w = some + 1;
        while (w->text.n && !span_find_word(span_of(text, n), w->text))
            w++;
        const struct search_word *found = word_search(some + 1, span_of(text, n), word_pairs(span_of(text, n)));
        cr_assert_eq(found, w->text.n ? w : NULL, "round %zu", round);
    }
}
