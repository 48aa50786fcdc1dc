/* SPDX-License-Identifier: MIT */
/* test_word_search.c - a search for many words finds what one search for each would find. */
#include "base/word_search.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct search_word some[] = {
    WORD("a"),        WORD("From:"),       WORD("sent by"),
    WORD("absender"), WORD("отправитель"), WORD("a word that is longer than its pairs"),
    WORD_END};

/* The pairs that the compiler worked out must be in the text, or a word would be missed. */
Test(word_search, pairs_of_a_word_are_in_its_text)
{
    for (const struct search_word *w = some; w->text.n; w++) {
        cr_assert(!(w->pairs & ~word_pairs(w->text)), "%s", w->text.s);
        cr_assert_eq(w->pairs != 0, w->text.n > 1, "%s", w->text.s);
        cr_assert_eq(word_search(w, w->text, word_pairs(w->text)), w, "%s", w->text.s);
    }
    cr_assert_eq(word_pairs(span_z("SENT BY")), word_pairs(span_z("sent by")));
    cr_assert_eq(word_pairs(span_of(NULL, 0)), 0);
}

Test(word_search, the_first_of_the_table)
{
    struct span t = span_z("This was SENT BY the Absender");
    cr_assert_str_eq(word_search(some + 1, t, word_pairs(t))->text.s, "sent by");
    cr_assert_null(word_search(some + 1, span_z("This was sent to"), word_pairs(t)));
    cr_assert_null(word_search(some + 1, t, 0));
}

/* Texts made of the words' own letters: no word may be missed. */
Test(word_search, as_one_by_one)
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
