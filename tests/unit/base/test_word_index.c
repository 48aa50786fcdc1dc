/* SPDX-License-Identifier: MIT */
/* test_word_index.c - which of many words begins at a place. */
#include "base/word_index.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct search_word *list_of(struct arena *a, const char *const *words, size_t count)
{
    struct search_word *list = arena_calloc(a, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = search_word_of(span_z(words[i]));
    return list;
}

Test(word_index, finds_the_longest_word_at_a_place)
{
    static const char *const first[] = {"send", "sender", "ab", "your account"};
    static const char *const second[] = {"sender address", "you", "\xd0\xb2\xd0\xb0\xd1\x88"};
    static const struct {
        const char *text, *word;
        uint32_t list;
    } rows[] = {
        {"sender", "sender", 0},
        {"senders", "sender", 0},
        {"sender address rejected", "sender address", 1},
        {"sende", "send", 0},
        {"sen", NULL, 0},
        {"se", NULL, 0},
        {"", NULL, 0},
        {"your account", "your account", 0},
        {"your accoun", "you", 1},
        {"Sender", NULL, 0},
        {"abc", NULL, 0},
        {"\xd0\xb2\xd0\xb0\xd1\x88\xd0\xb0", "\xd0\xb2\xd0\xb0\xd1\x88", 1},
    };
    struct arena arena;
    arena_init(&arena);
    const struct search_word *lists[] = {list_of(&arena, first, COUNT(first)), list_of(&arena, second, COUNT(second))};
    struct word_index index;
    word_index_build(&index, &arena, lists, COUNT(lists));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct indexed_word *word = word_index_at(&index, span_z(rows[i].text), 0);
        cr_assert_eq(word != NULL, rows[i].word != NULL, "%s", rows[i].text);
        if (word) {
            cr_expect(span_same_nocase(word->text, span_z(rows[i].word)), "%s", rows[i].text);
            cr_expect_eq(word->list, rows[i].list, "%s", rows[i].text);
        }
    }
    arena_free(&arena);
}

/* At every place, the index finds what a comparison with each word finds. */
Test(word_index, finds_what_a_comparison_with_each_word_finds)
{
    enum { WORDS = 300, LETTERS = 3 };
    static char texts[WORDS][8], text[4000];
    const char *words[WORDS];
    struct arena arena;
    arena_init(&arena);
    srand(1);
    for (size_t i = 0; i < WORDS; i++) {
        size_t n = WORD_BUCKET_BYTES + (size_t)(rand() % 4);
        for (size_t k = 0; k < n; k++)
            texts[i][k] = (char)('a' + rand() % LETTERS);
        words[i] = texts[i];
    }
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = (char)('a' + rand() % (LETTERS + 1));
    const struct search_word *lists[] = {list_of(&arena, words, WORDS)};
    struct word_index index;
    word_index_build(&index, &arena, lists, 1);
    const struct span t = span_z(text);
    for (size_t at = 0; at <= t.n; at++) {
        size_t longest = 0;
        for (size_t i = 0; i < WORDS; i++)
            if (span_starts_nocase(span_of(t.s + at, t.n - at), words[i]) && strlen(words[i]) > longest)
                longest = strlen(words[i]);
        const struct indexed_word *word = word_index_at(&index, t, at);
        cr_assert_eq(word ? word->text.n : 0, longest, "at %zu", at);
    }
    arena_free(&arena);
}
