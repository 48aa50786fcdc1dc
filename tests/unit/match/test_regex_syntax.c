/* SPDX-License-Identifier: MIT */
/* test_regex_syntax.c - what the syntax of a regular expression shows, and the literals in it. */
#include "base/arena.h"
#include "match/regex.h"
#include "match/regex_literals.h"
#include "match/regex_syntax.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct start_row {
    const char *regex;
    bool unbounded;
};

static const struct start_row starts[] = {
    {"abc", false},
    {".*a", true},
    {"a*b", true},
    {"a+b", true},
    {"[^x]+y", true},
    {"[]x]*y", true},
    {"\\S+ a", true},
    {"\\p{L}+a", true},
    {"a{3,}b", true},
    {"a{3,9}b", false},
    {"a?b", false},
    {"a?.*b", true},
    {"^.*a", false},
    {"\\A.*a", false},
    {"(?:a|.*b)", true},
    {"(?:^|a).*", false},
    {"(?<address>\\S+)", true},
    {"(x)+", true},
    {"(?=a.*)b", false},
    {"(?=a).*", true},
    {"\\b\\w+", true},
    {"ab*", false},
    {"(?:ab)?c+", true},
    {"a|b|c*", true},
    {"a{x}", false},
    {"a.*|b", false},
    {".*?a", true},
    {"(?#x).+", true},
    {"[[:alpha:]]+", true},
    {"\xc3\xa9+", true},
};

Test(regex_syntax, expressions_that_begin_with_an_unlimited_repeat)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t offset;
        cr_expect_eq(regex_begins_unbounded(starts[i].regex, &offset), starts[i].unbounded, "%s", starts[i].regex);
    }
}

struct literal_row {
    const char *regex, *literals;
};

static const struct literal_row sure[] = {
    {"abc", "abc"},
    {"abc|def", "abc|def"},
    {"abc|d*", ""},
    {"abc(d|e)fg", "abcdfg|abcefg"},
    {"ab*cde", "cde"},
    {"abc?de", "abcde|abde"},
    {"abc+de", "abc"},
    {"^Hi\\. This is", "hi. this is"},
    {"(?:message|mail) (?:delayed|deferred)", "message delayed|message deferred|mail delayed|mail deferred"},
    {"(?:message|mail) .*(?:delayed|deferred)",
     "delayed|deferred"}, /* words that are in most reports are worth little */
    {"abc\\ ", "abc"},
    {"[abc]def", "adef|bdef|cdef"},
    {"[a-c]def", "def"},
    {"[^a]def", "def"},
    {"[\\w.]def", "def"},
    {"[abcdef]ghi", "ghi"},
    {"(?i)abc", ""},
    {"\\Qabc", ""},
    {"(*ACCEPT)abc", ""},
    {"\\(?(?:abc|def) ghi", "abc ghi|def ghi"},
    {"\\\\Qabc", "\\qabc"},
    {"(a)(?1)abc", ""},
    {"(a)?(?(1)abc|def)", ""},
    {"a{2}bcd", "abcd"},
    {"a{0,3}bcd", "bcd"},
    {"(?:abcdef)gh", "abcdefgh"},
    {"(?:abcdef)?gh", "gh"},
    {"(?:abcdef){0,2}gh", "gh"},
    {"(?:abcdef)*gh", "gh"},
    {"(?:abcdef)+gh", "abcdefgh"},
    {"(?=abcdef)gh", "gh"},
    {"(?!abcdef)gh", "gh"},
    {"(?#abcdef)gh", "gh"},
    {"(?<name>abcdef)gh", "abcdefgh"},
    {"x(?:abc|def(?:gh|ij)k|lmn)", "xabc|xdefghk|xdefijk|xlmn"},
    {"x(?:abc|d(?:efg|hij)|lmn)", "xabc|xdefg|xdhij|xlmn"},
    {"x(?:abc||lmn)yz", "xabcyz|xyz|xlmnyz"},
    {"mailer[-_ .]?daemon|post[-_]?master",
     "mailer-daemon|mailer_daemon|mailer daemon|mailer.daemon|mailerdaemon|post-master|post_master|postmaster"},
    {"\\x41abc", "abc"},
    {"\\012abc", "abc"},
    {"\\k<abcdef>xy(?<abcdef>z)", "xyz"},
    {"\\pLabc\\P{Lu}de", "abc"},
    {"\\cAbc", "bc"},
    {"\\g{-1}ab", "ab"},
    {"(\\()abc(\\))", "(abc)"},
    {"[)]abc[(]", ")abc("},
    {"\xc3\xa9tat\xc3\xa9*", "etat"},
    {"((((((((((((abc))))))))))))", "abc"},
    {"(((((((((((((abc)))))))))))))", ""},
};

Test(regex_syntax, literals_that_every_match_contains)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
        const char *literals[REGEX_LITERALS_MAX];
        char all[256] = "";
        size_t n = regex_sure_literals(&a, sure[i].regex, REGEX_BRIEFLY, literals, NULL);
        for (size_t j = 0; j < n; j++)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", j ? "|" : "", literals[j]);
        cr_expect_str_eq(all, sure[i].literals, "%s: %s", sure[i].regex, all);
    }
    arena_free(&a);
}

/* And one of these, from another part of the expression. */
static const struct literal_row others[] = {
    {"abc|def", ""},
    {"abcd.*efgh", "efgh"},
    {"abc.*efgh", "abc"},
    {"(?:user|account) .* (?:disabled|suspended)", "user|account"},
    {"(?:abcd.*efgh|ijkl.*mnop)", "efgh|mnop"},
    {"abcd.*efgh|ijkl", ""},
    {"abcd(?:.*efgh)?", ""},
    {"abcd(?:.*efgh)+x?", "abcd"},
    {"(?:abcd.*efgh)?ijkl", ""},
    {"(?:abcd|efgh)ij", ""},
    {"abcd(?=.*efgh)", ""},
    {"abcd.ef", ""}, /* too short */
    {"abcd.*EFG\xc3\x89", "efge"},
    {"a{1,4}bcd.*(?:Efgh|ij k)l", "abcd"},
};

Test(regex_syntax, other_literals_that_every_match_contains)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *literals[REGEX_LITERALS_MAX], *const *also;
        char all[256] = "";
        regex_sure_literals(&a, others[i].regex, REGEX_BRIEFLY, literals, &also);
        for (size_t j = 0; also && also[j]; j++)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", j ? "|" : "", also[j]);
        cr_expect_str_eq(all, others[i].literals, "%s: %s", others[i].regex, all);
    }
    arena_free(&a);
}

/* More texts than are listed: only the most specific part is used. */
Test(regex_syntax, literals_of_many_alternatives)
{
    static const char regex[] = "(?:aa|bb|cc|dd|ee) (?:ff|gg|hh|ii|jj) (?:kkkk|llll)";
    const char *literals[REGEX_LITERALS_MAX];
    struct arena a;
    arena_init(&a);
    cr_expect_eq(regex_sure_literals(&a, regex, REGEX_BRIEFLY, literals, NULL), 10u);
    cr_expect_eq(regex_sure_literals(&a, regex, REGEX_THOROUGHLY, literals, NULL), 50u);
    cr_expect_str_eq(literals[0], "aa ff kkkk");
    arena_free(&a);
}

static const struct {
    const char *regex, *branches; /* separated by spaces; "" if the expression cannot be split */
} alternatives[] = {
    {"abc", "abc"},
    {"a|b|c", "a b c"},
    {"a(?:b|c)|d[|]e|f\\|g", "a(?:b|c) d[|]e f\\|g"},
    {"(?<!not )(?:a|b)|c", "(?<!not )(?:a|b) c"},
    {"(a)\\1|b", ""},
    {"(?<n>a)\\k<n>|b", ""},
    {"(?i)a|b", ""},
    {"(*UTF)a|b", ""},
    {"a\\d{1,3}|b", "a\\d{1,3} b"},
};

Test(regex_syntax, alternatives_of_an_expression)
{
    for (size_t i = 0; i < sizeof alternatives / sizeof *alternatives; i++) {
        struct span branches[REGEX_BRANCHES_MAX];
        char all[256] = "";
        size_t n = regex_branches(alternatives[i].regex, branches);
        for (size_t j = 0; j < n; j++)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%.*s", j ? " " : "", (int)branches[j].n,
                     branches[j].s);
        cr_expect_str_eq(all, alternatives[i].branches, "%s: %s", alternatives[i].regex, all);
    }
}

Test(regex_syntax, alternatives_beyond_the_cap)
{
    char regex[2 * REGEX_BRANCHES_MAX + 2] = "a";
    struct span branches[REGEX_BRANCHES_MAX];
    for (size_t i = 1; i < REGEX_BRANCHES_MAX; i++)
        strcat(regex, "|a");
    cr_expect_eq(regex_branches(regex, branches), REGEX_BRANCHES_MAX);
    strcat(regex, "|a");
    cr_expect_eq(regex_branches(regex, branches), 0);
}
