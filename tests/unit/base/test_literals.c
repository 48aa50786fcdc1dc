/* SPDX-License-Identifier: MIT */
/* test_literals.c - the literal index finds exactly what a plain search finds. */
#include "base/limits.h"
#include "base/literals_build.h"
#include "guarded.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { OWNERS = 512 };

struct hits {
    unsigned of[OWNERS];
    const struct literals *literals;
    const char *text;
    size_t length, last[OWNERS];
};

static void count_hit(struct hits *hits, uint32_t literal, size_t start)
{
    const struct literals *l = hits->literals;
    const struct literal *item = &l->items[literal];
    cr_assert_lt(literal, l->count);
    cr_assert_leq(start + item->length, hits->length);
    cr_assert_arr_eq(hits->text + start, l->texts + item->text, item->length, "the literal is at the reported place");
    for (uint32_t i = 0; i < item->owner_count; i++) {
        uint32_t owner = l->owners[item->first_owner + i];
        cr_assert_lt(owner, (uint32_t)OWNERS);
        cr_assert(!hits->of[owner] || start > hits->last[owner], "hits come in order");
        hits->of[owner]++;
        hits->last[owner] = start;
    }
}

static void count_hits(void *data, const struct literal_hit *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        count_hit(data, found[i].literal, found[i].start);
}

/* Searches a copy that is followed by the required zeros, and then by nothing that can be read. */
static void scan(const struct literals *l, const char *text, size_t length, struct hits *hits)
{
    char *copy = guarded_bytes(length + LITERAL_PADDING_BYTES);
    memcpy(copy, text, length);
    memset(copy + length, 0, LITERAL_PADDING_BYTES);
    *hits = (struct hits){.literals = l, .text = copy, .length = length};
    literals_scan(l, copy, length, count_hits, hits);
}

static const struct literals *build(struct arena *a, const char *const *texts, size_t count)
{
    struct literal_source sources[OWNERS];
    for (size_t i = 0; i < count; i++)
        sources[i] = (struct literal_source){&texts[i], 1, (uint32_t)i};
    return literals_build(a, sources, count, span_z(NULL));
}

static unsigned plain_count(const char *text, const char *literal)
{
    unsigned n = 0;
    for (const char *s = text; (s = strstr(s, literal)); s++)
        n++;
    return n;
}

static const char *const words[] = {
    "abc",  "quota",        "over quota",   "quota exceeded",           "user unknown", "user", "550",
    "rcpt", "mailbox full", "\xe7\x94\xa8", "\xe7\x94\xa8\xe6\x88\xb7", "aaaa",         "aaa",  "<>",
    "qq"};
enum { WORDS = sizeof words / sizeof *words };

static const char *const texts[] = {
    "",           "a",
    "ab",         "abc",
    "abcabc",     "xabc",
    "abcd",       "550 5.1.1 user unknown",
    "over quota", "mailbox full: over quota exceeded",
    "quot",       "uota",
    "aaaaaaa",    "\xe8\xaf\xa5\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8",
    "rcpt to",    "to rcpt",
    "<>",         "a <> qqq",
    "<",          "q<",
};

Test(literals, finds_what_a_plain_search_finds)
{
    struct arena a;
    arena_init(&a);
    const struct literals *l = build(&a, words, WORDS);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct hits hits;
        scan(l, texts[i], strlen(texts[i]), &hits);
        for (size_t w = 0; w < WORDS; w++)
            cr_expect_eq(hits.of[w], plain_count(texts[i], words[w]), "\"%s\" in \"%s\"", words[w], texts[i]);
    }
    arena_free(&a);
}

/* A text that ends anywhere inside a long literal. */
Test(literals, texts_that_end_within_a_literal)
{
    static const char *const long_words[] = {"the mailbox of this user is full and takes nothing more", "is full",
                                             "quota"};
    struct arena a;
    arena_init(&a);
    const struct literals *l = build(&a, long_words, 3);
    for (size_t n = 0, whole = strlen(long_words[0]); n <= whole; n++) {
        struct hits hits;
        scan(l, long_words[0], n, &hits);
        cr_expect_eq(hits.of[0], n == whole, "%zu bytes", n);
        cr_expect_eq(hits.of[1], n >= strlen("the mailbox of this user is full"), "%zu bytes", n);
        scan(l, long_words[0] + whole - n, n, &hits);
        cr_expect_eq(hits.of[0], n == whole, "the last %zu bytes", n);
    }
    arena_free(&a);
}

/* Texts and literals over a small alphabet: many grams collide. */
Test(literals, agrees_over_random_texts)
{
    static char storage[OWNERS][16];
    const char *random_words[OWNERS];
    struct arena a;
    unsigned seed = 12345;
    arena_init(&a);
    for (size_t i = 0; i < OWNERS; i++) {
        size_t n = 2 + i % 11;
        for (size_t j = 0; j < n; j++)
            storage[i][j] = (char)('a' + (seed = seed * 1103515245u + 12345u) / 65536 % 3);
        random_words[i] = storage[i];
    }
    const struct literals *l = build(&a, random_words, OWNERS);
    for (int round = 0; round < 20; round++) {
        char text[300];
        struct hits hits;
        for (size_t j = 0; j + 1 < sizeof text; j++)
            text[j] = (char)('a' + (seed = seed * 1103515245u + 12345u) / 65536 % 3);
        text[sizeof text - 1] = '\0';
        scan(l, text, strlen(text), &hits);
        for (size_t w = 0; w < OWNERS; w++)
            cr_assert_eq(hits.of[w], plain_count(text, random_words[w]), "%s", random_words[w]);
    }
    arena_free(&a);
}

Test(literals, no_hit_goes_beyond_the_end)
{
    struct arena a;
    const char *const word[] = {"abcdef"};
    arena_init(&a);
    const struct literals *l = build(&a, word, 1);
    for (size_t n = 0; n <= 6; n++) {
        struct hits hits;
        scan(l, "abcdef", n, &hits);
        cr_expect_eq(hits.of[0], n == 6, "%zu bytes", n);
    }
    arena_free(&a);
}

/* Of several texts that must all occur, one that is not in every mail is indexed, by
 * a gram that is not in every mail either. */
Test(literals, ordinary_words_are_avoided)
{
    static const char *const parts[] = {"recipient", "message", "qq", "mailbox vanished"};
    struct literal_source source = {parts, 4, 7};
    struct arena a;
    arena_init(&a);
    const struct literals *l = literals_build(&a, &source, 1, span_z(NULL));
    cr_assert_eq(l->count, 1u);
    cr_expect_str_eq(l->texts + l->items[0].text, "mailbox vanished");
    cr_expect_eq(l->owners[0], 7u);
    const struct literal_table *t = &l->tables[LITERAL_LONG];
    cr_assert_eq(t->count, 2u);
    cr_expect(t->entries[0].at && t->entries[1].at, "\"mail\" is in every mail");
    arena_free(&a);
}

/* All rules of a set may search for the same words. */
Test(literals, owners_up_to_the_cap_of_rules)
{
    static const char *const text[] = {"mailbox vanished"};
    static struct literal_source sources[LIMIT_RULES];
    struct arena a;
    arena_init(&a);
    for (uint32_t i = 0; i < LIMIT_RULES; i++)
        sources[i] = (struct literal_source){text, 1, i};
    const struct literals *l = literals_build(&a, sources, LIMIT_RULES, span_z(NULL));
    cr_assert_eq(l->count, 1u);
    cr_expect_eq(l->items[0].owner_count, (uint32_t)LIMIT_RULES);
    cr_expect_eq(l->owners[LIMIT_RULES - 1], LIMIT_RULES - 1u);
    arena_free(&a);
}

Test(literals, nothing_to_find)
{
    struct arena a;
    struct hits hits;
    arena_init(&a);
    const struct literals *l = literals_build(&a, NULL, 0, span_z(NULL));
    scan(l, "some text", 9, &hits);
    cr_expect_eq(hits.of[0], 0u);
    arena_free(&a);
}
