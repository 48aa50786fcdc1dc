/* SPDX-License-Identifier: MIT */
/* test_match_order.c - which of several rules that match decides. */
#include "match_testing.h"

#define RULE(id, reason, lines) \
    "rule " id "\nreason " reason "\n" lines "why w\nexample e\nnear over quota user a b c d e\n"

/* The ids of all rules that match, in order. The first one must be the best one. */
static void expect_order(const bounce_rules *rules, const char *text, const char *want)
{
    struct fixture f = {.rules = (bounce_rules *)rules};
    char ids[256] = "";
    struct match_hit *hits;
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    size_t n = match_all(f.matcher, searched(&f, f.matcher, text), &no_facts, &f.arena, &hits);
    for (size_t i = 0; i < n; i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", i ? " " : "",
                 bounce_rule_string(hits[i].rule, BOUNCE_RULE_ID));
    cr_expect_str_eq(ids, want, "\"%s\": %s, not %s", text, ids, want);
    cr_expect_str_eq(best(&f, text, NULL), n ? bounce_rule_string(hits[0].rule, BOUNCE_RULE_ID) : "", "%s", text);
    matcher_free(f.matcher);
    arena_free(&f.arena);
}

struct order_row {
    const char *name, *rules, *text, *ids;
};

static const struct order_row orders[] = {
    {"the id", RULE("b", "spam", "phrase quota\n") RULE("a", "spam", "phrase user\n"), "quota user", "a b"},
    {"the reason, not the id", RULE("b", "no-such-user", "phrase quota\n") RULE("a", "spam", "phrase user\n"),
     "quota user", "b a"},
    {"the tier, not the reason", RULE("b", "spam", "tier 2\nphrase quota\n") RULE("a", "no-such-user", "phrase user\n"),
     "quota user", "b a"},
    {"a match that contains another", RULE("b", "spam", "phrase over quota\n") RULE("a", "policy", "phrase quota\n"),
     "over quota", "b a"},
    {"contained in front", RULE("b", "spam", "phrase over quota\n") RULE("a", "spam", "phrase over\n"), "over quota",
     "b a"},
    {"elsewhere", RULE("b", "spam", "phrase over quota\n") RULE("a", "spam", "phrase over\n"), "over, and over quota",
     "a b"},
    {"overlapping", RULE("b", "spam", "phrase over quota now\n") RULE("a", "spam", "phrase quota now or\n"),
     "over quota now or", "a b"},
    {"the same text", RULE("b", "spam", "phrase over quota\n") RULE("a", "spam", "phrase over quota\n"), "over quota",
     "a b"},
    {"one contains the next",
     RULE("a", "spam", "phrase b c d\n") RULE("b", "spam", "phrase a b c d\n") RULE("c", "spam", "phrase a b c d e\n"),
     "a b c d e", "c b a"},
    {"any of its phrases", RULE("b", "spam", "phrase over\nphrase over quota\n") RULE("a", "spam", "phrase quota\n"),
     "over quota", "b a"},
    {"not with an exception", RULE("b", "spam", "phrase over quota\nunless user\n") RULE("a", "spam", "phrase quota\n"),
     "user over quota", "a"},
    {"not out of scope", RULE("b", "spam", "scope code 550\nphrase over quota\n") RULE("a", "spam", "phrase quota\n"),
     "over quota", "a"},
    {"expressions overtake nobody",
     RULE("b", "spam", "match over quota\nneed over quota\n") RULE("a", "spam", "phrase quota\n"), "over quota", "a b"},
    {"but are overtaken", RULE("b", "spam", "phrase over quota\n") RULE("a", "spam", "match quota\nneed quota\n"),
     "over quota", "b a"},
    {"a phrase with a gap", RULE("b", "spam", "phrase user ... quota\n") RULE("a", "spam", "phrase over\n"),
     "user is over quota", "b a"},
    {"not of another tier", RULE("b", "spam", "tier 5\nphrase over quota\n") RULE("a", "spam", "phrase quota\n"),
     "over quota", "a b"},
    {"stated by the one", RULE("b", "spam", "phrase over quota\n") RULE("a", "spam", "beats b\nphrase quota\n"),
     "over quota", "a b"},
    {"stated by the other", RULE("b", "spam", "yields a\nphrase over quota\n") RULE("a", "spam", "phrase quota\n"),
     "over quota", "a b"},
    {"stated of a reason",
     RULE("b", "spam", "phrase over quota\n") RULE("a", "no-such-user", "beats spam\nphrase quota\n"), "over quota",
     "a b"},
    {"stated of two others, the third one contains it",
     RULE("c", "spam", "phrase over quota\n") RULE("b", "spam", "phrase over\n")
         RULE("a", "spam", "beats b\nphrase quota\n"),
     "over quota", "c a b"},
    {"last", RULE("b", "spam", "phrase quota\n") RULE("a", "spam", "last\nphrase over quota\n"), "over quota", "b a"},
    {"both last", RULE("b", "spam", "last\nphrase over quota\n") RULE("a", "spam", "last\nphrase quota\n"),
     "over quota", "b a"},
    {"priorities of format 1", RULE("b", "spam", "priority 1\nphrase quota\n") RULE("a", "spam", "phrase over quota\n"),
     "over quota", "b a"},
};

Test(match_order, what_decides)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        bounce_rules *rules = rules_of(NULL, orders[i].rules);
        cr_log_info("%s", orders[i].name);
        expect_order(rules, orders[i].text, orders[i].ids);
        bounce_rules_unref(rules);
    }
}

/* The evidence is the phrase that moved the rule forward, even if another one is earlier in the file. */
Test(match_order, evidence)
{
    struct fixture f;
    set_up(&f, RULE("b", "spam", "phrase over\nphrase over quota\n") RULE("a", "spam", "phrase quota\n"));
    cr_expect_str_eq(best(&f, "so over quota", NULL), "b");
    cr_expect(f.hit.start == 3 && f.hit.length == 10, "%zu %zu", f.hit.start, f.hit.length);
    cr_expect_str_eq(best(&f, "so over it", NULL), "b");
    cr_expect(f.hit.start == 3 && f.hit.length == 4, "%zu %zu", f.hit.start, f.hit.length);
    tear_down(&f);
}

/* Rules of the user come before built-in ones, whatever they match and whatever their reason is. */
Test(match_order, own_rules_first)
{
    bounce_rules *base = rules_of(NULL, RULE("base", "no-such-user", "phrase over quota\n")
                                            RULE("last", "no-such-user", "last\nphrase quota\n"));
    const struct layer *lower = ruleset_layer(base, 1);
    static const struct order_row rows[] = {
        {"first", RULE("own", "spam", "phrase quota\n"), "over quota", "own base last"},
        {"of a later tier", RULE("own", "spam", "tier 5\nphrase quota\n"), "over quota", "base last own"},
        {"yielding", RULE("own", "spam", "yields base\nphrase quota\n"), "over quota", "base own last"},
        {"yielding to a reason", RULE("own", "spam", "yields no-such-user\nphrase quota\n"), "over quota",
         "base last own"},
        {"last", RULE("own", "spam", "last\nphrase quota\n"), "over quota", "base own last"},
        {"priorities order own rules only",
         RULE("own", "spam", "priority -100\nphrase quota\n") RULE("x", "spam", "priority 1\nphrase over\n"),
         "over quota", "x own base last"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bounce_rules *rules = rules_of(lower, rows[i].rules);
        cr_log_info("%s", rows[i].name);
        expect_order(rules, rows[i].text, rows[i].ids);
        bounce_rules_unref(rules);
    }
    bounce_rules_unref(base);
}
