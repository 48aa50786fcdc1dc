/* SPDX-License-Identifier: MIT */
/* test_match.c - which rule matches a text, and which of several is the best. */
#include "base/arena.h"
#include "match/match.h"
#include "match/regex.h"
#include "match/ruleset.h"
#include "match/scope.h"
#include "match/tables.h"
#include "match_testing.h"

/* ------------------------------------------------------------------ order */

#define ENTRY(id, lines) "rule " id "\n" REASON lines "why w\nexample e\nnear quota user\n"

static const char order_rules[] = ENTRY("vague", "tier 5\nphrase quota\n") ENTRY("short", "phrase quota\n")
    ENTRY("b", "phrase quota over\n") ENTRY("a", "phrase quota over\n")
        ENTRY("low", "priority -1\nphrase the user has quota over\n") ENTRY("high", "priority 1\nphrase user\n")
            ENTRY("token", "tier 1\nphrase #42 quota\n") "rule other\nreason spam\ntier 2\nphrase spam quota\nwhy "
                                                         "w\nexample e\nnear quota\n";

struct order_row {
    const char *text, *ids;
};

static const struct order_row orders[] = {
    {"quota", "short vague"},
    {"quota over", "a b short vague"},
    {"the user has quota over", "high a b short low vague"},
    {"spam quota #42 quota over", "token other a b short vague"},
    {"nothing", ""},
};

Test(match, order_is_tier_priority_id)
{
    struct fixture f;
    set_up(&f, order_rules);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        char ids[256] = "";
        struct match_hit *hits;
        struct searched_text *s = searched(&f, f.matcher, orders[i].text);
        size_t n = match_all(f.matcher, s, &no_facts, &f.arena, &hits);
        for (size_t j = 0; j < n; j++)
            snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", j ? " " : "",
                     bounce_rule_string(hits[j].rule, BOUNCE_RULE_ID));
        cr_expect_str_eq(ids, orders[i].ids, "%s", orders[i].text);
        cr_expect_str_eq(best(&f, orders[i].text, NULL), n ? bounce_rule_string(hits[0].rule, BOUNCE_RULE_ID) : "");
    }
    tear_down(&f);
}

Test(match, tiers_and_reasons_can_be_left_out)
{
    struct fixture f;
    struct match_hit hit;
    set_up(&f, order_rules);
    struct searched_text *s = searched(&f, f.matcher, "spam quota #42 quota over");
    cr_assert(match_best(f.matcher, s, &no_facts, TIER_KNOWN_WRITER, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "other");
    cr_assert(match_best(f.matcher, s, &no_facts, TIER_KNOWN_WRITER, TIER_VAGUE, BOUNCE_REASON_SPAM, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "a");
    cr_assert(match_best(f.matcher, s, &no_facts, TIER_VAGUE, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "vague");
    cr_expect_not(match_best(f.matcher, s, &no_facts, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_MAILBOX_FULL, &hit) &&
                  hit.rule->reason == BOUNCE_REASON_MAILBOX_FULL);
    cr_expect_not(
        match_best(f.matcher, s, &no_facts, TIER_SPECIFIC_CODE, TIER_SPECIFIC_CODE, BOUNCE_REASON_UNKNOWN, &hit));
    tear_down(&f);
}

/* ------------------------------------------------------ match, need, unless */

struct text_row {
    const char *text, *id;
};

Test(match, expressions_needs_and_unless)
{
    static const struct text_row rows[] = {
        {"user joe is unknown", "rx"},
        {"USER J\xc3\xb6rg IS UNKNOWN", "rx"},
        {"user joe is UNKNOWN for now", ""},
        {"user joe is not here", "rx"},
        {"user joe is nothing here", ""},
        {"user joe is absent", ""},
        {"plain words", "mixed"},
        {"word 12", ""},
        {"word 12 needed", "mixed"},
        {"plain words but never on sunday", ""},
    };
    struct fixture f;
    set_up(&f, "rule rx\n" REASON "match \\buser \\S+ is (?:unknown|not here|absent)\nneed unknown\nneed not here\n"
               "unless /for (?:now|today)/\nwhy w\nexample e\nnear unknown\n"
               "rule mixed\n" REASON "match word \\d+\nneed needed\nphrase plain words\nunless never ... sunday\n"
               "why w\nexample e\nnear plain\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(best(&f, rows[i].text, NULL), rows[i].id, "%s", rows[i].text);
    best(&f, "  so  user J\xc3\xb6rg is unknown", NULL);
    cr_expect_eq(f.hit.start, 3u);
    cr_expect_eq(f.hit.length, strlen("user J\xc3\xb6rg is unknown"));
    tear_down(&f);
}

/* ------------------------------------------------------------------ scopes */

struct scope_row {
    const char *scope;
    struct match_scope facts;
    bool holds;
};

static const struct scope_row scopes[] = {
    {"", {.code = 550}, true},
    {"scope host example.net", {.hosts = {"example.net"}}, true},
    {"scope host example.net", {.hosts = {NULL, "mx.example.net."}}, true},
    {"scope host example.net", {.hosts = {"badexample.net"}}, false},
    {"scope host example.net", {.hosts = {"example.net.test"}}, false},
    {"scope host example.net", {.hosts = {"net"}}, false},
    {"scope host example.net", {.code = 550}, false},
    {"scope host .Example.NET", {.hosts = {"mx.example.net"}}, true},
    {"scope host a.test b.test", {.hosts = {"b.test"}}, true},
    {"scope host a.test\nscope host b.test", {.hosts = {"b.test"}}, true},
    {"scope host a.test\nscope code 550", {.hosts = {"a.test"}, .code = 550}, true},
    {"scope host a.test\nscope code 550", {.hosts = {"a.test"}, .code = 551}, false},
    {"scope host a.test\nscope code 550", {.hosts = {"b.test"}, .code = 550}, false},
    {"scope software exim", {.software = "exim"}, true},
    {"scope software exim", {.software = "exim4"}, false},
    {"scope software exim", {.code = 550}, false},
    {"scope lang de", {.lang = "de"}, true},
    {"scope lang de", {.lang = "de-at"}, true},
    {"scope lang de", {.lang = "del"}, false},
    {"scope lang de", {.code = 550}, false},
    {"scope code 5xx", {.code = 554}, true},
    {"scope code 5xx", {.code = 454}, false},
    {"scope code 55x", {.code = 541}, false},
    {"scope code 5xx", {.code = 0}, false},
    {"scope code none", {.code = 0}, true},
    {"scope code none", {.code = 550}, false},
    {"scope code none 550", {.code = 550}, true},
    {"scope status 5.7.1", {.status = {5, 7, 1}}, true},
    {"scope status 5.7.1", {.status = {5, 7, 10}}, false},
    {"scope status 5.7.1", {.status = {5, 7, 0}}, false},
    {"scope status x.7.1", {.status = {4, 7, 1}}, true},
    {"scope status x.7.1", {.status = {4, 71, 0}}, false},
    {"scope status 5.x.x", {.status = {5, 2, 122}}, true},
    {"scope status x.x.x", {.code = 550}, false},
    {"scope status none", {.code = 550}, true},
    {"scope status none", {.status = {5, 0, 0}}, false},
    {"scope command RCPT", {.command = BOUNCE_COMMAND_RCPT}, true},
    {"scope command RCPT DATA", {.command = BOUNCE_COMMAND_DATA}, true},
    {"scope command RCPT", {.command = BOUNCE_COMMAND_MAIL}, false},
    {"scope command RCPT", {.code = 550}, false},
    {"scope origin prose", {.origin = ORIGIN_PROSE}, true},
    {"scope origin prose", {.origin = ORIGIN_REPLY}, false},
    {"scope origin reply", {.origin = ORIGIN_REPLY}, true},
};

Test(match, scopes)
{
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        struct fixture f;
        char rule[256];
        snprintf(rule, sizeof rule, "rule a\n" REASON "phrase quota\n%s\nwhy w\nexample e\nnear quota\n",
                 scopes[i].scope);
        set_up(&f, rule);
        cr_expect_str_eq(best(&f, "over quota", &scopes[i].facts), scopes[i].holds ? "a" : "", "row %zu: %s", i,
                         scopes[i].scope);
        tear_down(&f);
    }
}

/* Whether a text matches is found out once; the scope is compared each time. */
Test(match, one_text_with_several_scopes)
{
    struct fixture f;
    struct match_scope mail = {.command = BOUNCE_COMMAND_MAIL}, rcpt = {.command = BOUNCE_COMMAND_RCPT};
    set_up(&f, "rule a\n" REASON "phrase quota\nscope command RCPT\nwhy w\nexample e\nnear quota\n");
    struct searched_text *s = searched(&f, f.matcher, "over quota");
    cr_expect_not(match_best(f.matcher, s, &mail, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &f.hit));
    cr_expect(match_best(f.matcher, s, &rcpt, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &f.hit));
    cr_expect_not(match_best(f.matcher, s, &mail, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &f.hit));
    tear_down(&f);
}

/* ------------------------------------------------ with and without shortcuts */

/* A word of a pattern; of a class, any of its members. */
static const char *word_of(const struct layer *tables, const struct bounce_rule *rule, const struct pattern *p,
                           unsigned number)
{
    if (p->is_regex)
        return layer_string(tables, layer_list(tables, rule_about(tables, rule)->needs)[0]);
    if (!p->is_row)
        return pattern_segment(tables, p, number % p->segment_count).s;
    const struct row_element *e = &row_elements(tables, p)[number % p->segment_count];
    if (!e->is_class)
        return layer_string(tables, e->what);
    const struct range members = tables->classes[e->what].members;
    return layer_string(tables, tables->class_members[members.first + number / 16 % members.count].text);
}

/* Random texts made of the words of the rules. */
static void random_text(struct strbuf *out, unsigned *seed, const bounce_rules *rules)
{
    out->n = 0;
    for (int i = 0; i < 12; i++) {
        size_t layer;
        *seed = *seed * 1103515245u + 12345u;
        const struct bounce_rule *rule = ruleset_at(rules, *seed / 65536 % bounce_rules_count(rules), &layer);
        const struct layer *tables = ruleset_layer(rules, layer);
        const struct pattern *p = &rule_patterns(tables, rule)[*seed / 1024 % rule->pattern_count];
        strbuf_puts(out, *seed / 4096 % 5 ? " " : "x");
        strbuf_puts(out, word_of(tables, rule, p, *seed / 256));
    }
}

static void compare_hits(struct fixture *f, struct matcher *other, const char *text)
{
    struct match_hit *a, *b;
    size_t n = match_all(f->matcher, searched(f, f->matcher, text), &no_facts, &f->arena, &a);
    size_t m = match_all(other, searched(f, other, text), &no_facts, &f->arena, &b);
    cr_assert_eq(n, m, "%s", text);
    for (size_t i = 0; i < n; i++)
        cr_assert(a[i].rule == b[i].rule && a[i].start == b[i].start && a[i].length == b[i].length, "%s: %s, %s", text,
                  bounce_rule_string(a[i].rule, BOUNCE_RULE_ID), bounce_rule_string(b[i].rule, BOUNCE_RULE_ID));
}

static size_t compare_many(struct fixture *f, struct matcher *other, int texts)
{
    unsigned seed = 99;
    size_t hits = 0;
    for (int i = 0; i < texts; i++) {
        struct strbuf text;
        strbuf_init(&text, &f->arena);
        random_text(&text, &seed, f->rules);
        compare_hits(f, other, text.s);
        hits += *best(f, text.s, NULL) != '\0';
        arena_reset(&f->arena);
    }
    return hits;
}

static const char mixed_rules[] =
    ENTRY("a", "phrase over quota\nphrase quota exceed*\nphrase user ... quota\nunless quota of the day\n")
        ENTRY("b", "phrase user unknown\nphrase unknown ... user\n")
            ENTRY("c", "match \\buser\\S{0,64} (?:over|unknown)\nneed user\n") ENTRY("d", "phrase quo\nphrase day\n")
                ENTRY("e", "phrase \xe7\x94\xa8\xe6\x88\xb7 ... quota of the day\nphrase Gr\xc3\xb6\xc3\x9f"
                           "e\n");

Test(match, prefilter_changes_nothing)
{
    struct fixture f;
    set_up(&f, mixed_rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    cr_expect_gt(compare_many(&f, direct, 2000), 100u, "enough texts match for the test to mean something");
    matcher_free(direct);
    tear_down(&f);
}

static void compare_samples(struct fixture *f, struct matcher *other, const struct layer *layer, list_at samples)
{
    for (const string_at *text = layer_list(layer, samples); *text; text++)
        compare_hits(f, other, layer_string(layer, *text));
}

Test(match, prefilter_changes_nothing_for_the_built_in_rules)
{
    struct fixture f = {.rules = bounce_rules_default()};
    const struct layer *layer = ruleset_layer(f.rules, 0);
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    struct matcher *direct = matcher_new(f.rules, false, false);
    cr_expect_gt(compare_many(&f, direct, 300), 100u);
    for (size_t i = 0; i < layer->rule_count; i++) {
        compare_samples(&f, direct, layer, layer->abouts[i].examples);
        compare_samples(&f, direct, layer, layer->abouts[i].nears);
        arena_reset(&f.arena);
    }
    matcher_free(direct);
    tear_down(&f);
}

Test(match, jit_changes_nothing)
{
    struct fixture f;
    set_up(&f, mixed_rules);
    struct matcher *jit = matcher_new(f.rules, true, true);
    cr_expect_gt(compare_many(&f, jit, 500), 20u);
    matcher_free(jit);
    tear_down(&f);
}

/* ------------------------------------------------------------------ limits */

/* Expressions see LIMIT_SEARCHED_BYTES of a text, cut at the end of a character. */
Test(match, a_long_text_is_cut)
{
    uint64_t account = UINT64_MAX;
    struct regex *regex = regex_compile("END", false, NULL);
    struct regex_engine *engine = regex_engine_new(false);
    static char text[LIMIT_SEARCHED_BYTES + 8];
    memset(text, 'x', sizeof text);
    memcpy(text + LIMIT_SEARCHED_BYTES - 3, "END", 3);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), &account, NULL, NULL), REGEX_MATCH,
                 "at the limit");
    memcpy(text + LIMIT_SEARCHED_BYTES - 3, "xEND", 4);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), &account, NULL, NULL), REGEX_NO_MATCH,
                 "one beyond");
    memcpy(text + LIMIT_SEARCHED_BYTES - 1, "\xc3\xa9", 2);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), &account, NULL, NULL), REGEX_NO_MATCH,
                 "inside a character");
    cr_expect_eq(regex_match(engine, regex, span_of("\xff", 1), &account, NULL, NULL), REGEX_UNDECIDED,
                 "what is not UTF-8 is no silent miss");
    regex_engine_free(engine);
    regex_free(regex);
}
