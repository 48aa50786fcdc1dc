/* SPDX-License-Identifier: MIT */
/* test_match.c - which rule matches a text, where, and at what cost. */
#include "limits.h"
#include "match_regex.h"
#include "rules_testing.h"
#include "text.h"

#include <glib.h>
#include <stdlib.h>
#include <time.h>

TestSuite(match, .timeout = 60);

static const struct match_scope no_facts;

/* A set of rules, a matcher, and a text that is looked at. */
struct fixture {
    struct arena arena;
    bounce_rules *rules;
    struct matcher *matcher;
    struct norm_text text;
    struct match_hit hit;
};

static void set_up(struct fixture *f, const char *rules)
{
    *f = (struct fixture){.rules = rules_of(NULL, rules)};
    arena_init(&f->arena);
    f->matcher = matcher_new(f->rules, false, true);
}

static void tear_down(struct fixture *f)
{
    matcher_free(f->matcher);
    bounce_rules_unref(f->rules);
    arena_free(&f->arena);
}

static struct match_subject *subject_of(struct fixture *f, struct matcher *m, const char *text)
{
    text_normalise(&f->arena, span_z(text), LIMIT_SUBJECT_BYTES, &f->text);
    return match_subject_new(m, &f->arena, &f->text);
}

/* The id of the best rule, "" if there is none. */
static const char *best(struct fixture *f, const char *text, const struct match_scope *facts)
{
    struct match_subject *s = subject_of(f, f->matcher, text);
    bool found = match_best(f->matcher, s, facts ? facts : &no_facts, 1, 5, BOUNCE_REASON_UNKNOWN, &f->hit);
    return found ? bounce_rule_string(f->hit.rule, BOUNCE_RULE_ID) : "";
}

/* ---------------------------------------------------------------- phrases */

struct phrase_row {
    const char *phrase, *text, *found;
}; /* found NULL: no match */

static const struct phrase_row phrases[] = {
    {"over quota", "552 over quota", "over quota"},
    {"over quota", "OVER  \t\nQuota.", "OVER Quota"},
    {"over quota", "overquota", NULL},
    {"over quota", "moreover quota", NULL},
    {"over quota", "over quotas", NULL},
    {"over quota", "over_quota", NULL},
    {"over quota", "_over quota", NULL},
    {"over quota", "over quota_", NULL},
    {"over quota", "over quotas, over quota", "over quota"},
    {"over quota", "(over quota)", "over quota"},
    {"quota exceed*", "quota exceeded", "quota exceed"},
    {"quota exceed*", "xquota exceeded", NULL},
    {"boite pleine", "Bo\xc3\xaete  pleine", "Bo\xc3\xaete pleine"},
    {"bo\xc3\xaete pleine", "boite pleine", "boite pleine"},
    {"gro\xc3\x9f", "GROSS", "GROSS"},
    {"strasse voll",
     "die Stra\xc3\x9f"
     "e voll",
     "Stra\xc3\x9f"
     "e voll"},
    {"user's box", "user\xe2\x80\x99s box", "user's box"},
    {"\xe7\x94\xa8\xe6\x88\xb7", "\xe8\xaf\xa5\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d", "\xe7\x94\xa8\xe6\x88\xb7"},
    {"\xe7\x94\xa8\xe6\x88\xb7", "x\xe7\x94\xa8\xe6\x88\xb7x", "\xe7\x94\xa8\xe6\x88\xb7"},
    {"[TSS04]", "x[tss04]x", "[tss04]"},
    {"p=OverQuota", "?p=overquota", "p=overquota"},
    {"#550", "#550", "#550"},
    {"#550", "x#550", "#550"},
    {"#550", "#5501", NULL},
    {"user ... unknown", "user unknown", "user unknown"},
    {"user ... unknown", "user <joe@example.org> is unknown", "user <joe@example.org> is unknown"},
    {"user ... unknown", "unknown user", NULL},
    {"user ... unknown", "userunknown", NULL},
    {"user ... unknown", "users are unknown", NULL},
    {"user ... unknown", "user unknowns", NULL},
    {"user ... unknow*", "user unknowns", "user unknow"},
    {"user ... unknown", "user a, user b unknown", "user b unknown"},
    {"a ... bcd ... ef", "a bcd, a bcd ef", "a bcd ef"},
    {"aaa ... aaa", "aaa", NULL},
    {"aaa ... aaa", "aaa aaa", "aaa aaa"},
    {"... ... abc", "... x abc", "... x abc"},
    {"(aa ... aa)", "(aaaa)", NULL},
    {"abc: ... (x)", "abc:(x)", "abc:(x)"},
};

Test(match, phrases)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        struct fixture f;
        char rule[256];
        snprintf(rule, sizeof rule, "rule a\n" REASON "phrase %s\nwhy w\nexample e\nnear %s\n", phrases[i].phrase,
                 phrases[i].phrase);
        set_up(&f, rule);
        const char *id = best(&f, phrases[i].text, NULL), *want = phrases[i].found;
        cr_expect_str_eq(id, want ? "a" : "", "\"%s\" in \"%s\"", phrases[i].phrase, phrases[i].text);
        if (want && *id)
            cr_expect(f.hit.length == strlen(want) && memcmp(f.text.text + f.hit.start, want, f.hit.length) == 0,
                      "\"%s\" in \"%s\": %.*s", phrases[i].phrase, phrases[i].text, (int)f.hit.length,
                      f.text.text + f.hit.start);
        tear_down(&f);
    }
}

/* A gap of 80 bytes is one, of 81 is none; a later first word may be nearer. */
Test(match, gaps_have_an_end)
{
    struct fixture f;
    char text[512];
    set_up(&f, "rule a\n" REASON "phrase user ... unknown ... here\nwhy w\nexample e\nnear user\n");
    for (int gap = 79; gap <= 81; gap++) {
        snprintf(text, sizeof text, "user %0*d unknown x here", gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "first gap of %d bytes", gap);
        snprintf(text, sizeof text, "user x unknown %0*d here", gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "second gap of %d bytes", gap);
        snprintf(text, sizeof text, "user unknown %d unknown %0*d here", gap, gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "the nearest of two middles, %d bytes", gap);
    }
    snprintf(text, sizeof text, "user unknown %030d unknown %060d here", 0, 0);
    cr_expect_str_eq(best(&f, text, NULL), "a", "the second middle reaches what the first does not");
    tear_down(&f);
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Every word is everywhere, and only the last part is missing. */
Test(match, chains_do_not_explode)
{
    struct fixture f;
    struct strbuf text;
    set_up(&f, "rule a\n" REASON
               "phrase aa ... aa ... aa ... aa ... aa ... aa ... aa ... zzz*\nwhy w\nexample e\nnear zzz\n");
    strbuf_init(&text, &f.arena);
    while (text.n < LIMIT_SUBJECT_BYTES - 8)
        strbuf_puts(&text, "aa ");
    strbuf_puts(&text, "xzzz");
    double start = seconds_now();
    cr_expect_str_eq(best(&f, text.s, NULL), "");
    cr_expect_lt(seconds_now() - start, 0.5);
    tear_down(&f);
}

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

Test(match, order_is_tier_priority_length_id)
{
    struct fixture f;
    set_up(&f, order_rules);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        char ids[256] = "";
        struct match_hit *hits;
        struct match_subject *s = subject_of(&f, f.matcher, orders[i].text);
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
    struct match_subject *s = subject_of(&f, f.matcher, "spam quota #42 quota over");
    cr_assert(match_best(f.matcher, s, &no_facts, 2, 5, BOUNCE_REASON_UNKNOWN, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "other");
    cr_assert(match_best(f.matcher, s, &no_facts, 2, 5, BOUNCE_REASON_SPAM, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "a");
    cr_assert(match_best(f.matcher, s, &no_facts, 5, 5, BOUNCE_REASON_UNKNOWN, &hit));
    cr_expect_str_eq(bounce_rule_string(hit.rule, BOUNCE_RULE_ID), "vague");
    cr_expect_not(match_best(f.matcher, s, &no_facts, 1, 5, BOUNCE_REASON_MAILBOX_FULL, &hit) &&
                  hit.rule->reason == BOUNCE_REASON_MAILBOX_FULL);
    cr_expect_not(match_best(f.matcher, s, &no_facts, 4, 4, BOUNCE_REASON_UNKNOWN, &hit));
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

/* What a text says is worked out once; what the scope says is asked anew. */
Test(match, one_subject_many_scopes)
{
    struct fixture f;
    struct match_scope mail = {.command = BOUNCE_COMMAND_MAIL}, rcpt = {.command = BOUNCE_COMMAND_RCPT};
    set_up(&f, "rule a\n" REASON "phrase quota\nscope command RCPT\nwhy w\nexample e\nnear quota\n");
    struct match_subject *s = subject_of(&f, f.matcher, "over quota");
    cr_expect_not(match_best(f.matcher, s, &mail, 1, 5, BOUNCE_REASON_UNKNOWN, &f.hit));
    cr_expect(match_best(f.matcher, s, &rcpt, 1, 5, BOUNCE_REASON_UNKNOWN, &f.hit));
    cr_expect_not(match_best(f.matcher, s, &mail, 1, 5, BOUNCE_REASON_UNKNOWN, &f.hit));
    tear_down(&f);
}

/* ---------------------------------------------------------- with and without */

/* Random texts, put together from the words of the rules themselves. */
static void random_text(struct strbuf *out, unsigned *seed, const bounce_rules *rules)
{
    out->n = 0;
    for (int i = 0; i < 12; i++) {
        size_t layer;
        *seed = *seed * 1103515245u + 12345u;
        const struct bounce_rule *rule = ruleset_at(rules, *seed / 65536 % bounce_rules_count(rules), &layer);
        const struct layer *tables = ruleset_layer(rules, layer);
        const struct pattern *p = &rule_patterns(tables, rule)[*seed / 1024 % rule->pattern_count];
        const char *word = p->is_regex ? layer_string(tables, layer_list(tables, rule_about(tables, rule)->needs)[0])
                                       : pattern_segment(tables, p, *seed / 256 % p->segment_count).s;
        strbuf_puts(out, *seed / 4096 % 5 ? " " : "x");
        strbuf_puts(out, word);
    }
}

static void compare_hits(struct fixture *f, struct matcher *other, const char *text)
{
    struct match_hit *a, *b;
    size_t n = match_all(f->matcher, subject_of(f, f->matcher, text), &no_facts, &f->arena, &a);
    size_t m = match_all(other, subject_of(f, other, text), &no_facts, &f->arena, &b);
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
            ENTRY("c", "match \\buser\\S* (?:over|unknown)\nneed user\n") ENTRY("d", "phrase quo\nphrase day\n")
                ENTRY("e", "phrase \xe7\x94\xa8\xe6\x88\xb7 ... quota of the day\nphrase Gr\xc3\xb6\xc3\x9f"
                           "e\n");

Test(match, prefilter_changes_nothing)
{
    struct fixture f;
    set_up(&f, mixed_rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    cr_expect_gt(compare_many(&f, direct, 2000), 100u, "too few texts matched for the test to mean anything");
    matcher_free(direct);
    tear_down(&f);
}

/* The same with the rules that are really there. */
Test(match, prefilter_changes_nothing_for_the_built_in_rules, .timeout = 60)
{
    struct fixture f = {.rules = bounce_rules_default()};
    if (bounce_rules_count(f.rules)) {
        arena_init(&f.arena);
        f.matcher = matcher_new(f.rules, false, true);
        struct matcher *direct = matcher_new(f.rules, false, false);
        cr_expect_gt(compare_many(&f, direct, 300), 100u);
        for (size_t i = 0; i < bounce_rules_count(f.rules); i++) {
            size_t layer;
            const struct bounce_rule *rule = ruleset_at(f.rules, i, &layer);
            const struct layer *tables = ruleset_layer(f.rules, layer);
            for (const string_at *e = layer_list(tables, rule_about(tables, rule)->examples); *e; e++)
                compare_hits(&f, direct, layer_string(tables, *e));
            for (const string_at *e = layer_list(tables, rule_about(tables, rule)->nears); *e; e++)
                compare_hits(&f, direct, layer_string(tables, *e));
            arena_reset(&f.arena);
        }
        matcher_free(direct);
        matcher_free(f.matcher);
        arena_free(&f.arena);
    }
    bounce_rules_unref(f.rules);
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

static void check_abandoned(bool jit)
{
    struct fixture f;
    char text[64] = "need ";
    set_up(&f, "rule bomb\n" REASON "match ^need (a+)+$\nneed need\nwhy w\nexample e\nnear need\n"
               "rule fine\n" REASON "tier 5\nphrase need\nwhy w\nexample e\nnear need\n");
    matcher_free(f.matcher);
    f.matcher = matcher_new(f.rules, jit, true);
    memset(text + 5, 'a', 40);
    cr_expect_str_eq(best(&f, text, NULL), "bomb");
    cr_expect_null(matcher_abandoned(f.matcher));
    strcpy(text + 45, "!");
    cr_expect_str_eq(best(&f, text, NULL), "fine", "the others are still tried");
    cr_expect_str_eq(matcher_abandoned(f.matcher), "bomb");
    cr_expect_null(matcher_abandoned(f.matcher), "it is told once");
    tear_down(&f);
}

Test(match, a_limit_abandons_the_rule)
{
    check_abandoned(false);
}

Test(match, a_limit_abandons_the_rule_with_jit)
{
    check_abandoned(true);
}

/* The limit is ours, not PCRE2's own, which is a hundred times as high: the
 * work doubles with each letter. */
Test(match, the_limit_of_steps)
{
    struct regex *regex = regex_compile("^(a+)+$", false, NULL);
    struct regex_engine *engine = regex_engine_new(false);
    cr_expect_eq(regex_match(engine, regex, span_z("aaaaaaaaaa!"), NULL, NULL), REGEX_NO_MATCH, "10 letters");
    cr_expect_eq(regex_match(engine, regex, span_z("aaaaaaaaaaaaaaaaaaaa!"), NULL, NULL), REGEX_ABANDONED,
                 "20 letters");
    regex_engine_free(engine);
    regex_free(regex);
}

/* Expressions see LIMIT_SUBJECT_BYTES of a text, to the end of a character. */
Test(match, the_subject_is_cut)
{
    struct regex *regex = regex_compile("END", false, NULL);
    struct regex_engine *engine = regex_engine_new(false);
    static char text[LIMIT_SUBJECT_BYTES + 8];
    memset(text, 'x', sizeof text);
    memcpy(text + LIMIT_SUBJECT_BYTES - 3, "END", 3);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), NULL, NULL), REGEX_MATCH, "at the limit");
    memcpy(text + LIMIT_SUBJECT_BYTES - 3, "xEND", 4);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), NULL, NULL), REGEX_NO_MATCH, "one beyond");
    memcpy(text + LIMIT_SUBJECT_BYTES - 1, "\xc3\xa9", 2);
    cr_expect_eq(regex_match(engine, regex, span_of(text, sizeof text), NULL, NULL), REGEX_NO_MATCH,
                 "inside a character");
    cr_expect_eq(regex_match(engine, regex, span_of("\xff", 1), NULL, NULL), REGEX_ABANDONED,
                 "no UTF-8 is no silent miss");
    regex_engine_free(engine);
    regex_free(regex);
}

/* ---------------------------------------------------------------- dialects */

#define DIALECT_LINES "know body Hi. This is the program\n"

Test(match, patterns_of_a_dialect)
{
    struct fixture f;
    struct match_captures c;
    set_up(&f, "dialect d\n" DIALECT_LINES "start Below this ... line\n"
               "line /^<(?<address>[^>]+)>(?: \\((?<status>[\\d.]+)\\))?: (?<diagnostic>.*)/\n"
               "line /^(?:a+)+(?<action>b)$/\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *starts = layer->patterns + layer->dialects[0].starts.first;
    const struct pattern *lines = layer->patterns + layer->dialects[0].lines.first;
    cr_expect(match_pattern(f.matcher, 1, &starts[0], span_z("--- below  THIS long line"), NULL, NULL));
    cr_expect(match_pattern(f.matcher, 1, &starts[0], span_z("unused"), "below this line", &c));
    cr_expect_null(c.address.s);
    cr_expect_not(match_pattern(f.matcher, 1, &starts[0], span_z("above this line"), NULL, NULL));
    cr_expect_not(match_pattern(f.matcher, 1, &starts[0], span_z(""), NULL, NULL));
    struct span line = span_z("<joe@example.org>: who?");
    cr_assert(match_pattern(f.matcher, 1, &lines[0], line, NULL, &c));
    cr_expect(c.address.s == line.s + 1 && c.address.n == 15);
    cr_expect_null(c.status.s, "a group that took no part");
    cr_expect(c.diagnostic.n == 4 && memcmp(c.diagnostic.s, "who?", 4) == 0);
    cr_expect_null(c.command.s);
    cr_assert(match_pattern(f.matcher, 1, &lines[0], span_z("<a> (5.1.1): "), NULL, &c));
    cr_expect(c.status.n == 5 && c.diagnostic.n == 0 && c.diagnostic.s);
    cr_expect_not(match_pattern(f.matcher, 1, &lines[0], span_z("joe: who?"), NULL, &c));
    cr_expect_null(c.address.s, "nothing is left of the match before");
    cr_expect_not(
        match_pattern(f.matcher, 1, &lines[1], span_z("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!"), NULL, &c));
    cr_expect_str_eq(matcher_abandoned(f.matcher), "d", "a limit names the dialect");
    tear_down(&f);
}

struct mail_row {
    const char *name, *subject, *from, *body, *header, *header_value, *id;
};

static const char dialect_rules[] =
    "dialect z-low\nknow subject Delivery\npriority -5\n"
    "dialect phrase\nknow body Hi. This is the program\n"
    "dialect regex\nknow body /\\bcode \\d+ of robot/\n"
    "dialect loose\nknow body /^(?:one|two)$/\n"
    "dialect number\nknow body /^[0-9]+$/\n"
    "dialect both\nknow subject failure notice\nalso from robot@\nalso body /robot/\nknow header X-Both yes\n"
    "dialect exists\nknow header X-Failed\n"
    "dialect high\nknow from daemon\nalso header X-High\npriority 10\n";

static const struct mail_row mails[] = {
    {"nothing", "hello", "joe@example.org", "just a mail", NULL, NULL, NULL},
    {"nothing at all", NULL, NULL, NULL, NULL, NULL, NULL},
    {"phrase", NULL, NULL, "HI. this is\nthe program at", NULL, NULL, "phrase"},
    {"phrase in the wrong text", "Hi. This is the program", NULL, NULL, NULL, NULL, NULL},
    {"regex", NULL, NULL, "a code 42 of ROBOT", NULL, NULL, "regex"},
    {"regex, no match", NULL, NULL, "a code x of robot", NULL, NULL, NULL},
    {"short literals", NULL, NULL, "two", NULL, NULL, "loose"},
    {"regex without a literal", NULL, NULL, "42", NULL, NULL, "number"},
    {"also", "Failure notice", "Robot <robot@example.org>", "i, robot", NULL, NULL, "both"},
    {"one also misses", "Failure notice", "Robot <robot@example.org>", "i, nobody", NULL, NULL, NULL},
    {"the other also misses", "Failure notice", "joe@example.org", "robot", NULL, NULL, NULL},
    {"second know", NULL, NULL, "robot", "x-both", "oh yes", "both"},
    {"second know misses", NULL, NULL, "robot", "x-both", "no", NULL},
    {"header exists", NULL, NULL, NULL, "x-failed", "", "exists"},
    {"by id", "failure notice", "robot@", "Hi. This is the program of robot", NULL, NULL, "both"},
    {"low comes last", "Delivery", NULL, "Hi. This is the program", NULL, NULL, "phrase"},
    {"low", "Delivery", NULL, "x", NULL, NULL, "z-low"},
    {"high needs its also", "Delivery", "daemon", "x", NULL, NULL, "z-low"},
    {"high", "Delivery", "daemon", "Hi. This is the program", "x-high", "1", "high"},
};

struct one_header {
    const char *name;
    struct norm_text text;
    unsigned asked;
};

static const struct norm_text *header_text(void *data, const char *name, struct span value)
{
    struct one_header *h = data;
    (void)value;
    h->asked++;
    return h->name && strcmp(h->name, name) == 0 ? &h->text : NULL;
}

static const struct norm_text *norm(struct fixture *f, const char *s)
{
    struct norm_text *text = arena_alloc(&f->arena, sizeof *text);
    if (s)
        text_normalise(&f->arena, span_z(s), LIMIT_SUBJECT_BYTES, text);
    return s ? text : NULL;
}

/* A header of one field, with a name in another case; empty for NULL. */
static const struct field_group *one_field(struct arena *a, const char *name)
{
    struct field_group *g = arena_calloc(a, 1, sizeof *g);
    char *text = arena_printf(a, "%s: x\n\n", name ? name : "");
    text[0] = ascii_upper(text[0]);
    struct span rest = span_z(text);
    if (name)
        fields_read_header(a, &rest, '\n', 10, g, NULL, NULL);
    return g;
}

/* All in one step. */
static const struct dialect *recognise(struct matcher *m, const struct know_facts *facts, size_t *layer)
{
    match_dialect_begin(m, facts);
    return match_dialect(m, facts, layer);
}

static const struct dialect *dialect_of(struct fixture *f, struct matcher *m, const struct mail_row *row, size_t *layer)
{
    struct one_header header = {.name = row->header};
    text_normalise(&f->arena, span_z(row->header_value), LIMIT_SUBJECT_BYTES, &header.text);
    struct know_facts facts = {.subject = norm(f, row->subject),
                               .from = norm(f, row->from),
                               .body = norm(f, row->body),
                               .header = header_text,
                               .data = &header,
                               .fields = one_field(&f->arena, row->header)};
    const struct dialect *d = recognise(m, &facts, layer);
    cr_expect_leq(header.asked, 3u, "%s: each header is asked for once", row->name);
    return d;
}

static const char *id_of(const bounce_rules *rules, size_t layer, const struct dialect *d)
{
    return layer_string(ruleset_layer(rules, layer), d->id);
}

Test(match, dialects)
{
    struct fixture f;
    set_up(&f, dialect_rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        size_t layer = 9;
        const struct dialect *d = dialect_of(&f, f.matcher, &mails[i], &layer);
        cr_expect_str_eq(d ? id_of(f.rules, layer, d) : "", mails[i].id ? mails[i].id : "", "%s", mails[i].name);
        cr_expect_eq(layer, d ? 1u : 9u);
        cr_expect_eq(dialect_of(&f, direct, &mails[i], &layer), d, "%s, without the index", mails[i].name);
    }
    matcher_free(direct);
    tear_down(&f);
}

/* What the header must show: the conditions of a group but for those of the
 * body; or the subject alone, of a language's vocabulary. */
static const struct {
    const char *name, *subject, *from, *header;
    bool sign;
} signs[] = {
    {"nothing", "hello", "joe@example.org", NULL, false},
    {"nothing at all", NULL, NULL, NULL, false},
    {"subject and sender of a group that asks the body, too", "failure notice", "robot@", NULL, true},
    {"its subject alone", "failure notice", "joe@example.org", NULL, false},
    {"the subject alone of a language's vocabulary", "not delivered", "joe@example.org", NULL, true},
    {"its sender alone", "hello", "robot@example.org", NULL, false},
    {"a field", "hello", "joe@example.org", "x-failed", true},
    {"a field with another text", "hello", "joe@example.org", "x-both", false},
    {"half of a group", "hello", "daemon@example.org", NULL, false},
    {"all of it", "hello", "daemon@example.org", "x-high", true},
    {"a dialect that makes it no report", "newsletter", "joe@example.org", NULL, false},
};

Test(match, signs_of_a_report)
{
    struct fixture f;
    char *rules = g_strconcat(dialect_rules, "dialect general-x\nsoftware none\nknow subject not delivered\nalso from robot@\n"
                              "dialect no-report\nkind none\nsoftware none\nknow subject newsletter\n", NULL);
    set_up(&f, rules);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        struct one_header header = {.name = signs[i].header};
        text_normalise(&f.arena, span_z("x"), LIMIT_SUBJECT_BYTES, &header.text);
        struct know_facts facts = {.subject = norm(&f, signs[i].subject), .from = norm(&f, signs[i].from),
                                   .header = header_text, .data = &header, .fields = one_field(&f.arena, signs[i].header)};
        match_dialect_begin(f.matcher, &facts);
        cr_expect_eq(match_sign(f.matcher, &facts), signs[i].sign, "%s", signs[i].name);
        match_dialect_begin(direct, &facts);
        cr_expect_eq(match_sign(direct, &facts), signs[i].sign, "%s, without the index", signs[i].name);
    }
    matcher_free(direct);
    g_free(rules);
    tear_down(&f);
}

/* Fields of the delivery status are asked for once they are known. */
Test(match, fields_that_come_later)
{
    struct fixture f;
    size_t layer;
    set_up(&f, dialect_rules);
    struct one_header header = {.name = NULL};
    text_normalise(&f.arena, span_z("yes"), LIMIT_SUBJECT_BYTES, &header.text);
    struct field_group status = {0};
    struct know_facts facts = {.header = header_text, .data = &header, .fields = one_field(&f.arena, "X-Both"),
                               .status_fields = &status};
    match_dialect_begin(f.matcher, &facts);
    cr_expect_not(match_sign(f.matcher, &facts), "the field was asked for, and is not there yet");
    status = *one_field(&f.arena, "X-Both");
    header.name = "x-both";
    const struct dialect *d = match_dialect(f.matcher, &facts, &layer);
    cr_assert_not_null(d);
    cr_expect_str_eq(id_of(f.rules, layer, d), "both");
    tear_down(&f);
}

/* A pattern for lines is worth trying where its literal stands in the body, or where it has none. */
Test(match, patterns_that_can_match_a_line)
{
    struct fixture f;
    size_t which;
    set_up(&f, "dialect d\nknow body robot\nstart Below this line\nline /^(?:alpha|beta): (?<address>.*)/\n"
               "line /^[0-9]+ (?<address>.*)/\n");
    const struct layer *layer = ruleset_layer(f.rules, 1);
    const struct pattern *start = layer->patterns + layer->dialects[0].starts.first;
    const struct pattern *lines = layer->patterns + layer->dialects[0].lines.first;
    struct know_facts facts = {.body = norm(&f, "i, robot\nBETA: joe\n")};
    cr_assert_not_null(recognise(f.matcher, &facts, &which));
    cr_expect_not(match_line_possible(f.matcher, 1, start));
    cr_expect(match_line_possible(f.matcher, 1, &lines[0]));
    cr_expect(match_line_possible(f.matcher, 1, &lines[1]), "no literal tells");
    facts.body = norm(&f, "i, robot\nbelow this\n\tLINE\n");
    cr_assert_not_null(recognise(f.matcher, &facts, &which));
    cr_expect(match_line_possible(f.matcher, 1, start));
    cr_expect_not(match_line_possible(f.matcher, 1, &lines[0]), "nothing is left of the mail before");
    tear_down(&f);
}

Test(match, dialects_that_name_no_writer_can_be_left_out)
{
    struct fixture f;
    size_t layer;
    set_up(&f, "dialect a\nsoftware none\nknow body robot\ndialect b\nknow body robot\npriority -1\n");
    struct know_facts facts = {.body = norm(&f, "i, robot")};
    const struct dialect *d = recognise(f.matcher, &facts, &layer);
    cr_expect_str_eq(id_of(f.rules, layer, d), "a");
    facts.writers_only = true;
    d = recognise(f.matcher, &facts, &layer);
    cr_expect_str_eq(id_of(f.rules, layer, d), "b");
    tear_down(&f);
}

/* The built-in dialects, asked with and without the index about every example
 * of the built-in rules, as if it stood in each of the texts. */
Test(match, the_index_changes_no_built_in_dialect, .timeout = 60)
{
    struct fixture f = {.rules = bounce_rules_default()};
    size_t layer;
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    struct matcher *direct = matcher_new(f.rules, false, false);
    for (size_t i = 0; i < bounce_rules_count(f.rules); i++) {
        const struct layer *tables = ruleset_layer(f.rules, 0);
        const struct bounce_rule *rule = ruleset_at(f.rules, i, &layer);
        const char *text = layer_string(tables, layer_list(tables, rule_about(tables, rule)->examples)[0]);
        const struct norm_text *t = norm(&f, text);
        struct know_facts facts = {.subject = t, .from = t, .type = t, .body = t, .reporting_mta = t, .diagnostic = t};
        cr_expect_eq(recognise(f.matcher, &facts, &layer),
                     recognise(direct, &facts, &layer), "%s", text);
        arena_reset(&f.arena);
    }
    matcher_free(direct);
    matcher_free(f.matcher);
    arena_free(&f.arena);
    bounce_rules_unref(f.rules);
}

/* A text that holds what a condition of a built-in dialect is looking for must
 * be found by the index; phrases are such texts themselves. */
Test(match, phrases_of_built_in_dialects_find_themselves)
{
    struct fixture f = {.rules = bounce_rules_default()};
    const struct layer *layer = ruleset_layer(f.rules, 0);
    size_t which;
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    for (size_t i = 0; i < layer->know_count; i++) {
        const struct know *k = &layer->knows[i];
        bool alone = !k->also && (i + 1 == layer->know_count || !layer->knows[i + 1].also);
        if (k->key != KNOW_BODY || k->pattern.is_regex || !alone || k->pattern.segment_count > 1)
            continue;
        const char *phrase = layer_string(layer, k->pattern.text);
        struct know_facts facts = {.body = norm(&f, phrase)};
        cr_expect_not_null(recognise(f.matcher, &facts, &which), "%s", phrase);
    }
    matcher_free(f.matcher);
    arena_free(&f.arena);
    bounce_rules_unref(f.rules);
}

/* Later layers go first among equals; a dialect of the same id is replaced. */
Test(match, dialects_of_two_layers)
{
    static const struct mail_row row = {"two layers", "failure", NULL, NULL, NULL, NULL, NULL};
    struct fixture f;
    size_t layer;
    set_up(&f, "dialect a\nknow subject failure\ndialect c\nknow subject failure\npriority 1\n");
    const struct layer *base = ruleset_layer(f.rules, 1);
    static const char *const uppers[] = {"dialect b\nknow subject failure\n",
                                         "dialect b\nknow subject failure\npriority 1\n",
                                         "dialect c\nknow subject success\n"};
    static const char *const ids[] = {"c", "b", "a"};
    for (size_t i = 0; i < 3; i++) {
        bounce_rules *rules = rules_of(base, uppers[i]);
        struct matcher *m = matcher_new(rules, false, true);
        const struct dialect *d = dialect_of(&f, m, &row, &layer);
        cr_expect_str_eq(d ? id_of(rules, layer, d) : "", ids[i], "row %zu", i);
        matcher_free(m);
        bounce_rules_unref(rules);
    }
    tear_down(&f);
}
