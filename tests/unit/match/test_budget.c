/* SPDX-License-Identifier: MIT */
/* test_budget.c - what regular expressions cost, and what happens when that is too much. */
#include "base/arena.h"
#include "match/regex.h"
#include "match/regex_meter.h"
#include "match_testing.h"

#include <criterion/criterion.h>
#include <string.h>

/* ------------------------------------------------------------------ callouts */

static const struct {
    const char *source, *metered; /* 1: start, 0: step, 2: reference, 3: end of a group */
} metered[] = {
    {"abc", "1abc"},
    {"a|b", "1a|1b"},
    {"^a*|\\Ab", "^a*0|\\Ab"},
    {"^a|b", "1^a|1b"},
    {"^a|", "1^a|1"},
    {"^?a", "1^?0a"},
    {"\\Ga", "1\\Ga"},
    {"(?:^a|^b)", "1(?:^a3|^b3)"},
    {"a*b+?c?+d{1,2}e{3}f{4,}", "1a*0b+?0c?+0d{1,2}0e{3}f{4,}0"},
    {"(?:a|b)c", "1(?:a3|b3)c"},
    {"(?:ab)?c(?:d){2}", "1(?:ab)?0c(?:d3){2}"},
    {"(?:a|b)*c", "1(?:a3|b3)*0c"},
    {"(?<address>\\S+)@", "1(?<address>\\S+0)@"},
    {"[*|)(]*x", "1[*|)(]*0x"},
    {"[]|]*x", "1[]|]*0x"},
    {"[\\]|]*x", "1[\\]|]*0x"},
    {"[[:alpha:]|]*x", "1[[:alpha:]|]*0x"},
    {"[[:x]|y:]", "1[[:x]|1y:]"},
    {"[\\Q]|\\E*]*x", "1[\\Q]|\\E*]*0x"},
    {"\\Qa*|b)\\Ec*", "1\\Qa*|b)\\Ec*0"},
    {"\\Qab\\E*c", "1\\Qab\\E*0c"},
    {"\\Qa|b", "1\\Qa|b"},
    {"a(?#b*|)*c", "1a(?#b*|)*0c"},
    {"(?x)a # b*|\n *c", "1(?x)a # b*|\n *0c"},
    {"(?:(?x)a #|\n)b #|", "1(?:(?x)a #|\n)b #|1"},
    {"(?x:a #|\n|b)*", "1(?x:a #|\n3|b3)*0"},
    {"(?-x)a #*", "1(?-x)a #*0"},
    {"(*UTF)a*", "(*UTF)1a*0"},
    {"a(*SKIP:x*|)b*", "1a(*SKIP:x*|)b*0"},
    {"(*atomic:a*|b)c", "1(*atomic:a*03|b3)c"},
    {"(*pla:a*)b", "1(*pla:a*0)b"},
    {"(?=a*)b(?!c|d)", "1(?=a*0)b(?!c3|d3)"},
    {"(?<=a|b)c", "1(?<=a3|b3)c"},
    {"(a)?(?(1)b*|c)", "1(a)?0(?(1)b*03|c3)"},
    {"(?(?=a*)b|c)", "1(?(?=a*0)b3|c3)"},
    {"(?<n>a*)\\k<n>\\1\\g{1}(?P=n)", "1(?<n>a*0)2\\k<n>2\\12\\g{1}2(?P=n)"},
    {"(a*)(?1)*(?&n)(?<n>b)\\g<n>", "1(a*0)0(?1)*00(?&n)(?<n>b)0\\g<n>"},
    {"\\X\\N{3}\\x{61}*\\p{L}+", "1\\X0\\N{3}\\x{61}*0\\p{L}+0"},
    {"a{,3}|a{x}|{1}", "1a{,3}0|1a{x}|1{1}"},
    {"\xc3\xa9*\\Q\xc3\xa9\\E+", "1\xc3\xa9*0\\Q\xc3\xa9\\E+0"},
};

/* "1a*0" for "(?C1)a*(?C0)". */
static const char *short_form(struct arena *a, const char *s)
{
    struct strbuf out;
    strbuf_init(&out, a);
    while (*s) {
        bool callout = !strncmp(s, "(?C", 3);
        strbuf_putc(&out, callout ? s[3] : *s);
        s += callout ? 5 : 1;
    }
    return out.s;
}

Test(budget, callouts_are_where_an_expression_takes_one_of_several_ways)
{
    struct arena a;
    struct regex_metered got;
    arena_init(&a);
    for (size_t i = 0; i < sizeof metered / sizeof *metered; i++) {
        cr_assert(regex_meter(&a, metered[i].source, &got), "%s", metered[i].source);
        const char *callouts = short_form(&a, got.source);
        cr_expect_str_eq(callouts, metered[i].metered, "%s: %s", metered[i].source, callouts);
    }
    cr_expect_not(regex_meter(&a, "a(?C)", &got));
    cr_expect_not(regex_meter(&a, "a(?C\"x\")", &got));
    arena_free(&a);
}

static const struct {
    const char *source;
    size_t work;
} works[] = {{"abc", 3}, {"a|bc", 4}, {"a*b", 2}, {"a{9}", 9}, {"a{3,9}", 3}, {"(?:ab{3}|c){5}d", 31}};

Test(budget, what_is_compared_between_two_callouts)
{
    struct arena a;
    struct regex_metered got;
    arena_init(&a);
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        cr_assert(regex_meter(&a, works[i].source, &got));
        cr_expect_eq(got.work, works[i].work, "%s: %zu", works[i].source, got.work);
    }
    arena_free(&a);
}

Test(budget, callouts_of_others_are_refused)
{
    struct regex_problem problem;
    cr_expect_null(regex_compile("a(?C1)", false, &problem));
    cr_expect_str_eq(problem.message, "the regular expression has a callout, or repeats what cannot be counted");
    cr_expect_null(regex_compile("ab(", false, &problem));
    cr_expect_eq(problem.offset, 3u, "errors are where the expression has them");
}

/* ------------------------------------------------------------------- charges */

static uint64_t charged(const char *source, struct span text, bool jit, uint64_t account, enum regex_result *result)
{
    struct regex *regex = regex_compile(source, jit, NULL);
    struct regex_engine *engine = regex_engine_new(jit);
    cr_assert_not_null(regex, "%s", source);
    uint64_t before = account;
    regex_engine_allow(engine, UINT64_MAX);
    *result = regex_match(engine, regex, text, &account, NULL, NULL);
    cr_expect_eq(UINT64_MAX - regex_engine_left(engine) >= before - account, true, "both accounts pay");
    regex_engine_free(engine);
    regex_free(regex);
    return before - account;
}

static const char *const sources[] = {
    "abc",
    "^a.*b$",
    "a.{0,99}a.{0,900}b",
    "a?b",
    "\\bfoo\\w{0,20}bar",
    "(?:a|aa|b){1,12}c",
    "[a-f]+\\d",
    "(?<!x)(?:foo|f[aeiou]o) ?b",
    "user .{0,80}(?:unknown|not found)",
    "(a|b)+\\1c",
    "x*y",
    "(?=a.*c)a",
    "(?>a+)b",
    "a++b",
    ".{3,20}?z",
    "\\S{1,64}@\\S{1,255}",
    "(a(?1)?b)",
    "(?:^a|^b).*b",
    "\xc3\xa9+x",
    "a|b*|c",
};
static const char *const units[] = {"a", "ab", "foo bar ", "user unknown", "@a", "x", "\xc3\xa9", "aaac foob 1", ".z "};

/* Texts of 3 to 6,000 bytes: PCRE2 looks for a letter that must be there only in short ones. */
Test(budget, charges_are_the_same_with_jit)
{
    static char text[LIMIT_SEARCHED_BYTES];
    static const size_t sizes[] = {3, 50, 700, 6000};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        for (size_t k = 0; k < 4 * sizeof units / sizeof *units; k++) {
            size_t n = 0, size = sizes[k % 4];
            const char *unit = units[k / 4];
            for (; n + strlen(unit) <= size; n += strlen(unit))
                memcpy(text + n, unit, strlen(unit));
            enum regex_result plain, jit;
            uint64_t steps = charged(sources[i], span_of(text, n), false, 200000, &plain);
            cr_expect_eq(charged(sources[i], span_of(text, n), true, 200000, &jit), steps, "%s in %zu x %s", sources[i],
                         n, unit);
            cr_expect_eq(plain, jit, "%s in %zu x %s", sources[i], n, unit);
        }
}

/* Pieces of expressions; without verbs and calls of groups, with which JIT looks for starts in another way. */
static const char *const pieces[] = {
    "a",          "b",       ".",     "\\d",   "\\w",    "[ab]",      "[^a]",   "[]a]",   "[\\]a]",  "[[:alpha:]]",
    "[\\Qa]\\E]", "\\Q",     "\\E",   "*",     "+",      "?",         "{2}",    "{1,3}",  "{2,}",    "*?",
    "++",         "?+",      "(",     "(?:",   "(?>",    "(?=",       "(?!",    "(?<=",   "(?<!",    "(?i)",
    "(?x)",       "(?x: ",   "(?-x)", "(?|",   ")",      ")",         ")",      ")",      "|",       "^",
    "$",          "\\b",     "\\A",   "\\1",   "\\g{1}", "(?<n>",     "\\k<n>", "(?P<n>", "(?P=n)",  "(?(1)",
    "(?(<n>)",    "(?(?=a)", "#",     "\n",    " ",      "(*atomic:", "(*pla:", "(*nlb:", "\\x{61}", "\\p{L}",
    "\\X",        "\\R",     "\\N",   "\\K",   "\\012",  "\xc3\xa9",  "{",      "}",      "]",       "\\.",
    "-",          "[a-c]",   "(?'n'", "(?s-i:"};

/* Whatever PCRE2 accepts has its callouts, and costs the same in both engines. */
Test(budget, callouts_of_random_expressions)
{
    static const char *const texts[] = {"", "aab abc a1 b22 ", "cabcab  a#b\nc",
                                        ("\xc3\xa9"
                                         "a\xc3\xa9 ]]-a-{2}")};
    uint64_t random = 1;
    size_t good = 0;
    for (size_t i = 0; i < 20000; i++) {
        char source[256] = "";
        for (random = random * 6364136223846793005u + 1442695040888963407u; strlen(source) < (random >> 60);) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            strcat(source, pieces[(random >> 33) % (sizeof pieces / sizeof *pieces)]);
        }
        struct regex_problem problem;
        struct regex *regex = regex_compile(source, false, &problem);
        if (!regex)
            cr_expect_null(strstr(problem.message, "has a callout"), "%s", source);
        for (size_t k = 0; regex && k < sizeof texts / sizeof *texts; k++) {
            enum regex_result plain, jit;
            uint64_t steps = charged(source, span_z(texts[k]), false, 20000, &plain);
            cr_expect_eq(charged(source, span_z(texts[k]), true, 20000, &jit), steps, "%s in %s", source, texts[k]);
            cr_expect_eq(plain, jit, "%s in %s", source, texts[k]);
            good++;
        }
        regex_free(regex);
    }
    cr_expect_gt(good, 2000u, "%zu", good);
}

Test(budget, an_empty_account_decides_nothing)
{
    enum regex_result result;
    uint64_t steps = charged("a.*a.*b", span_z("aaaaaaaaaa\nb"), false, 1000000, &result);
    cr_expect_eq(result, REGEX_NO_MATCH);
    cr_expect_gt(steps, 100u);
    charged("a.*a.*b", span_z("aaaaaaaaaa\nb"), false, steps, &result);
    cr_expect_eq(result, REGEX_NO_MATCH, "it is just enough");
    cr_expect_eq(charged("a.*a.*b", span_z("aaaaaaaaaa\nb"), false, steps - 1, &result), steps - 1);
    cr_expect_eq(result, REGEX_UNDECIDED);
    charged("a", span_z("a"), false, 0, &result);
    cr_expect_eq(result, REGEX_UNDECIDED);
}

/* --------------------------------------------------------------------- rules */

#define REASON "reason mailbox-full\n"
#define BOMB "(?:a|aa){1,60}b"
#define RUN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void check_rules(bool jit)
{
    struct fixture f;
    set_up(&f, "rule bomb\n" REASON "match ^need " BOMB "$\nneed need\nwhy w\nexample e\nnear need\n"
               "rule fine\n" REASON "tier 5\nphrase need\nwhy w\nexample e\nnear need\n");
    matcher_free(f.matcher);
    f.matcher = matcher_new(f.rules, jit, true);
    const struct match_budget budget = {.text = 100000, .message = 150000};
    matcher_begin(f.matcher, &budget);
    cr_expect_str_eq(best(&f, "need aaaab", NULL), "bomb");
    cr_expect_eq(matcher_undecided(f.matcher)->count, 0u);
    cr_expect_str_eq(best(&f, "need " RUN "!b", NULL), "fine", "phrases go on");
    cr_expect_eq(matcher_undecided(f.matcher)->id_count, 1u);
    cr_expect_str_eq(matcher_undecided(f.matcher)->ids[0], "bomb");
    cr_expect_str_eq(best(&f, "need aaaab", NULL), "bomb", "the next text has its own account");
    best(&f, "need " RUN "!!b", NULL);
    cr_expect_eq(matcher_left(f.matcher), 0u);
    cr_expect_str_eq(best(&f, "need aaaab", NULL), "fine", "the message has no steps left");
    matcher_begin(f.matcher, &budget);
    cr_expect_eq(matcher_undecided(f.matcher)->count, 0u);
    cr_expect_str_eq(best(&f, "need aaaab", NULL), "bomb");
    tear_down(&f);
}

Test(budget, rules_of_a_text_that_costs_too_much)
{
    check_rules(false);
}

Test(budget, rules_of_a_text_that_costs_too_much_with_jit)
{
    check_rules(true);
}

Test(budget, an_exception_that_was_not_decided_counts_as_found)
{
    struct fixture f;
    set_up(&f, "rule gone\n" REASON "phrase gone\nunless /^gone " BOMB "/\nwhy w\nexample e\nnear gone\n");
    matcher_begin(f.matcher, &(struct match_budget){.text = 100000, .message = 100000});
    cr_expect_str_eq(best(&f, "gone aaa", NULL), "gone");
    cr_expect_str_eq(best(&f, "gone aaab", NULL), "");
    cr_expect_str_eq(best(&f, "gone " RUN "!b", NULL), "");
    cr_expect_str_eq(matcher_undecided(f.matcher)->ids[0], "gone");
    tear_down(&f);
}

static const char *dialect_of(struct fixture *f, const char *subject)
{
    size_t layer;
    struct norm_text *norm = arena_calloc(&f->arena, 1, sizeof *norm);
    text_normalise(&f->arena, span_z(subject), LIMIT_SEARCHED_BYTES, norm);
    matcher_begin(f->matcher, &(struct match_budget){.text = 100000, .message = 100000});
    struct recognition *r = recognition_new(f->matcher, &f->arena, &(struct header_facts){.subject = norm});
    const struct dialect *d = recognition_dialect(r, &layer);
    return d ? layer_string(ruleset_layer(f->rules, layer), d->id) : "";
}

/* Nor does a sign that was not decided let "not sign" hold. */
Test(budget, a_sign_that_was_not_decided_is_not_missing)
{
    struct fixture f;
    set_up(&f,
           "sign bomb\nknow subject /^hello (?:a|aa){1,60}\\d/\ndialect d\nknow subject hello\nalso not sign bomb\n");
    cr_expect_str_eq(dialect_of(&f, "hello aaa"), "d");
    cr_expect_str_eq(dialect_of(&f, "hello aaa1"), "");
    cr_expect_str_eq(dialect_of(&f, "hello " RUN "!b"), "");
    cr_expect_gt(matcher_undecided(f.matcher)->count, 0u);
    tear_down(&f);
}
