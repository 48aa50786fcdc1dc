/* SPDX-License-Identifier: MIT */
/* test_regex_shape.c - which expressions may try too many ways, and the sets of characters that show it. */
#include "base/arena.h"
#include "match/regex_set.h"
#include "match/regex_shape.h"

#include <criterion/criterion.h>

static const struct {
    const char *source;
    int refused_at; /* -1: it is good */
} shapes[] = {
    {"user unknown", -1},
    {"user .{0,80}(?:unknown|not found)", -1},
    {"user .*unknown", 5},
    {"@.*haraka", 1},
    {"^@.*haraka", -1},
    {"#\\d+x", -1}, /* no # is among the digits */
    {"5\\d+x", 1},
    {"\\b(?:#|%)\\d+x", -1},
    {"\\b(?:#|5)\\d+x", 9},
    {"(?:^|#)\\d+x", -1},
    {"(?:^|5)\\d+x", 7},
    {"(?:^|^5)\\d+x", -1},
    /* repeats that can divide a text in many ways */
    {"^a.*b.*c", 5},
    {"^a.*b.*?c", 5},
    {"^a.*+b.*c", -1}, /* possessive: no backtracking */
    {"^(?>a.*)b.*c", -1},
    {"^(*atomic:a.*)b.*c", -1},
    {"^\\d+\\.\\d+$", -1},
    {"^\\d+[.5]\\d+$", 8},
    {"^\\d+[.5]?\\d+$", 9},
    {"^\\d+\\.?x?\\d+$", 9},
    {"^\\d+(?:\\.|x)\\d+$", -1},
    {"^\\d+(?:\\.|5)\\d+$", 12},
    {"^.{0,99}a.{0,900}b", -1},
    {"a.{0,99}b", 1},
    {"a.{0,37}b", -1},
    {"a.{0,99}+b", -1},
    {"a.{0,9}a.{0,900}b", 8},
    {"^.{0,5000}abcdefghij.{0,1000}x", -1}, /* ten different letters: places are ten bytes apart */
    {"^.{0,5000}aaaaaaaaaa.{0,1000}x", 20},
    {"^(?=\\d+)\\d+x", -1},
    {"^(?=\\d+\\d+x)", 7},
    /* groups */
    {"^(?:a+)+b", 4},
    {"^(?:a+){1,20000}b", 4},
    {"^(?:\\S+ )+b", -1},
    {"^(?:\\S+ ?)+b", 4},
    {"^(?:\\S++ ?)+b", -1},
    {"^(?>\\S+ ?)+b", -1},
    {"^(?:\\S+ ?)++b", 4},
    {"^(?:a+ |b+a)+c", -1},
    {"^(?:\\d)*(?:\\d)*b", 8},
    {"^(?:\\d\\.)*(?:[a-z]\\.)*b", -1},
    {"^(?:\\d:)*(?:[a-z];)*b", -1},
    {"^((((((((a)+b)+c)+d)+e)+f)+g)+h)+", 2},
    /* things that give plain characters another meaning */
    {"^\\Q.*.*.*\\E", -1},
    {"^\\Qa\\E*a*b", 7},
    {"^(?x)a * a * b", 9},
    {"^a(?#x)*a*b", 8},
    {"^[[:digit:]]*\\d*b", 13},
    {"^[\\Qa]\\E]*a*b", 10},
    {"^\\x{61}*a*b", 8},
    {"^A*a*b", 3},
    {"^\xc3\x89*\xc3\xa9*b", 4},
    {"^[^a]*a*b", -1},
    {"^\\D*\\d*b", -1},
    {"^\\p{L}*\\d*b", 7},
};

Test(regex_shape, expressions_that_may_take_too_many_ways)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct regex_problem problem = {.message = ""};
        bool good = regex_shape_is_good(shapes[i].source, &problem);
        cr_expect_eq(good, shapes[i].refused_at < 0, "%s: %s", shapes[i].source, problem.message);
        if (!good && shapes[i].refused_at >= 0)
            cr_expect_eq((int)problem.offset, shapes[i].refused_at, "%s: at %zu", shapes[i].source, problem.offset);
    }
}

static const struct {
    const char *atom, *has, *lacks;
} sets[] = {
    {"a", "aA", "b"},
    {".", "a\xc3\xa9 ", ""},
    {"[a-cx]", "abcxABCX", "dyw-"},
    {"[^a-c]", "dz \xc3\xa9", "abcABC"},
    {"[]a]", "]a", "b"},
    {"[^]a]", "b", "]a"},
    {"[a\\]\\-z]", "a]-z", "b"},
    {"[\\d.-]", "09.-", "a/"},
    {"[\\w]", "azAZ09_", "-."},
    {"\\S", "a.", " \t"},
    {"[^\\s@]", "a.", " @"},
    {"[[:digit:]x]", "1x", "y"},
    {"[\\Qa-c\\E]", "a-c", "b"},
    {"\\.", ".", "a"},
    {"\\x41", "aA", "b"},
    {"[\\x{e0}-\\x{ff}]", "\xc3\xa9\xc3\x89", "e"},
    {"\\t", "\t", "t"},
    {"\\p{Lu}", "a1", ""},
    {"\xe5\x85\x83", "\xe5\x85\x83", "\xe5\x85\x84"},
};

/* Whether the set has a character of a text, found by the set of that character alone. */
static bool set_has(struct arena *a, const struct regex_set *set, const char *c, size_t n)
{
    struct regex_piece piece = {.kind = PIECE_ATOM, .end = n, .quoted = true};
    return regex_sets_meet(set, regex_set_of(a, c, &piece));
}

static size_t char_bytes(const char *c)
{
    size_t n = 1;
    while (((unsigned char)c[n] & 0xc0) == 0x80)
        n++;
    return n;
}

Test(regex_shape, sets_of_characters)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct regex_scan scan;
        regex_scan_init(&scan, sets[i].atom);
        const struct regex_piece piece = regex_scan_next(&scan);
        const struct regex_set *set = regex_set_of(&a, sets[i].atom, &piece);
        for (const char *c = sets[i].has; *c; c += char_bytes(c))
            cr_expect(set_has(&a, set, c, char_bytes(c)), "%s has %s", sets[i].atom, c);
        for (const char *c = sets[i].lacks; *c; c += char_bytes(c))
            cr_expect_not(set_has(&a, set, c, char_bytes(c)), "%s has no %s", sets[i].atom, c);
    }
    arena_free(&a);
}
