/* SPDX-License-Identifier: MIT */
/* test_masks.c - rules of format 2 see no word of an address, a URL or a host; their tokens see nothing else. */
#include "match_testing.h"

/* The same two rules in both formats. */
#define LINES(id) \
    "rule " id "/unknown\nreason no-such-user\nphrase user unknown\nphrase user.unknown\nwhy w\nexample e\n" \
    "near user\n" \
    "rule " id "/full\n" REASON "match \\b(?:full|voll)\\b\nneed full\nneed voll\nunless blocked\nunless /f[ou]o/\n" \
    "why w\nexample e\nnear full\n"

struct face_row {
    const char *text, *format_1, *format_2;
};

static const struct face_row face_rows[] = {
    {"user unknown", "unknown", "unknown"},
    {"<joe@example.net>: User unknown", "unknown", "unknown"},
    {"<user.unknown@example.net>: mailbox full", "unknown", "full"},
    {"<user.unknown@example.net>: rejected", "unknown", ""},
    {"user.unknown: rejected", "unknown", "unknown"},
    {"<mail.full@example.net>: user unknown", "unknown", "unknown"},
    {"<mail.full@example.net> is gone", "full", ""},
    {"see http://example.net/full", "full", ""},
    {"mx.full.example and mx.voll.example said no", "full", ""},
    {"mx.full.example said full", "full", "full"},
    {"<jürgen.voll@bücher.example>: Ordner voll", "full", "full"},
    {"full, says blocked.mx.example", "", "full"},
    {"full, says foo@bar.example", "", "full"},
    {"full and blocked", "", ""},
    {"full of foo", "", ""},
    {"it is full, see full.mx.example", "full", "full"},
};

static const char *id_of(const char *prefixed)
{
    return *prefixed ? strchr(prefixed, '/') + 1 : "";
}

Test(masks, formats_differ_in_what_is_typed)
{
    struct fixture one, two;
    set_up(&one, LINES("a"));
    set_up(&two, "format 2\n" LINES("a"));
    cr_expect_not(matcher_masks(one.matcher));
    cr_expect(matcher_masks(two.matcher));
    for (size_t i = 0; i < COUNT(face_rows); i++) {
        const struct face_row *row = &face_rows[i];
        cr_expect_str_eq(id_of(best(&one, row->text, NULL)), row->format_1, "format 1: %s", row->text);
        cr_expect_str_eq(id_of(best(&two, row->text, NULL)), row->format_2, "format 2: %s", row->text);
    }
    tear_down(&one);
    tear_down(&two);
}

/* Both formats in one layer, with the pre-filter and without: each rule sees its own form of the text. */
Test(masks, formats_beside_each_other)
{
    struct fixture f = {.rules = NULL};
    struct rule_text files[] = {{"1.rules", LINES("one")}, {"2.rules", "format 2\n" LINES("two")}};
    ruleset_from_texts(&no_layer, files, 2, NULL, NULL, &f.rules, NULL);
    cr_assert(f.rules);
    arena_init(&f.arena);
    struct matcher *matchers[] = {matcher_new(f.rules, false, true), matcher_new(f.rules, false, false)};
    for (size_t i = 0; i < 2 * COUNT(face_rows); i++) {
        const struct face_row *row = &face_rows[i / 2];
        const char *of_one = "", *of_two = "";
        struct match_hit *hits;
        size_t n = match_all(matchers[i % 2], searched(&f, matchers[i % 2], row->text), &no_facts, &f.arena, &hits);
        for (size_t k = n; k-- > 0;) {
            const char *id = bounce_rule_string(hits[k].rule, BOUNCE_RULE_ID);
            *(strncmp(id, "one", 3) ? &of_two : &of_one) = id;
        }
        cr_expect(strcmp(id_of(of_one), row->format_1) == 0, "format 1: %s: %s", row->text, of_one);
        cr_expect(strcmp(id_of(of_two), row->format_2) == 0, "format 2: %s: %s", row->text, of_two);
    }
    matcher_free(matchers[0]);
    f.matcher = matchers[1];
    tear_down(&f);
}

/* ------------------------------------------------------------------- tokens */

#define TOKENS \
    "format 2\nrule no-user\nreason no-such-user\ntoken p=NoSuchUser\ntoken unknown ... example*\nwhy w\nexample e\n" \
    "near unknown\n" \
    "rule listed\nreason ip-blocked\ntoken zen.spamhaus.org\nphrase listed by us\nunless whitelist\nunless-token dbl ... example\nunless-token dbl.spamhaus.org\nwhy w\nexample e\n" \
    "near org\n"

static const struct face_row token_rows[] = {
    {"550 https://support.google.com/mail/?p=NoSuchUser d9", "no-user", "p=NoSuchUser"},
    {"550 support.google.com/mail/?p=nosuchuser.", "no-user", "p=nosuchuser"},
    {"550 p=NoSuchUser", "", ""},
    {"550 p=NoSuchUser https://support.google.com/mail/?p=NoSuchUsers", "", ""},
    {"550 p=NoSuchUser see http://example.net/?p=NoSuchUser", "no-user", "p=NoSuchUser"},
    {"client listed, see zen.spamhaus.org", "listed", "zen.spamhaus.org"},
    {"4.3.2.1.zen.spamhaus.org is why", "listed", "zen.spamhaus.org"},
    {"whitelist@example.net, 4.3.2.1.zen.spamhaus.org", "listed", "zen.spamhaus.org"},
    {"xzen.spamhaus.org", "", ""},
    {"zen.spamhaus.organisation", "", ""},
    {"listed by us", "listed", "listed by us"},
    {"listed by us in a.dbl.spamhaus.org", "", ""},
    {"listed by us, zen.spamhaus.org", "listed", "zen.spamhaus.org"},
    {"listed by us, http://dbl.test/mx.example", "", ""},
    {"listed by us for mx.example, dbl.test.example", "", ""},
    {"listed by us for example, dbl.test.de", "listed", "listed by us"},
    {"listed by us in dbl", "listed", "listed by us"},
    {"listed.by.us and listed by us in whitelist", "", ""},
    {"http://a.test/unknown/in/example", "no-user", "unknown/in/example"},
    {"http://a.test/unknown and http://b.test/example", "", ""},
    {"größer@größe.example, jürgen@b.example/ and ü.unknown.ü.examples.de", "no-user", "unknown.ü.example"},
};

static void check_tokens(struct fixture *f, const char *what)
{
    for (size_t i = 0; i < COUNT(token_rows); i++) {
        const struct face_row *row = &token_rows[i];
        cr_expect_str_eq(best(f, row->text, NULL), row->format_1, "%s: %s", what, row->text);
        if (*row->format_1) {
            size_t n = strlen(row->format_2);
            cr_expect_eq(f->hit.length, n, "%s: %s", what, row->text);
            cr_expect_eq(strncmp(f->text.text + f->hit.start, row->format_2, n), 0, "%s: %s", what, row->text);
        }
    }
}

Test(masks, tokens)
{
    struct fixture f;
    set_up(&f, TOKENS);
    check_tokens(&f, "tokens");
    matcher_free(f.matcher);
    f.matcher = matcher_new(f.rules, false, false);
    check_tokens(&f, "without the pre-filter");
    tear_down(&f);
}

/* Words are whole in every script, like those of phrases; '*' lifts that. */
static const struct face_row word_rows[] = {
    {"ящик.mx.example.net", "box", "ящик"},
    {"почтящик.mx.example.net", "", ""},
    {"a_ящик.mx.example.net and ящик@example.net", "box", "ящик"},
    {"ящики@example.net", "", ""},
    {"ящик-полон@example.net", "part", "полон"},
    {"переполон@example.net", "part", "полон"},
    {"http://a.test/нет/здесь/места", "row", "нет/здесь/мест"},
    {"http://a.test/интернет/здесь/места", "", ""},
};

Test(masks, words_of_tokens_are_whole)
{
    static const char ends[] = "why w\nexample e\nnear ящик полон нет\n";
    struct fixture f;
    char rules[1024];
    snprintf(rules, sizeof rules,
             "format 2\nrule part\n" REASON "tier 1\ntoken *полон\n%srule box\n" REASON "tier 2\ntoken ящик\n%s"
             "rule row\n" REASON "token нет ... мест*\n%s",
             ends, ends, ends);
    set_up(&f, rules);
    for (size_t i = 0; i < COUNT(word_rows); i++) {
        const struct face_row *row = &word_rows[i];
        cr_expect_str_eq(best(&f, row->text, NULL), row->format_1, "%s", row->text);
        if (*row->format_1)
            cr_expect(strncmp(f.text.text + f.hit.start, row->format_2, f.hit.length) == 0 &&
                          f.hit.length == strlen(row->format_2),
                      "%s: %.*s", row->text, (int)f.hit.length, f.text.text + f.hit.start);
    }
    tear_down(&f);
}

/* Then the plain text is searched as a whole. */
Test(masks, tokens_beside_format_1)
{
    struct fixture f = {.rules = NULL};
    struct rule_text files[] = {
        {"1.rules",
         "rule other\nreason spam\nphrase some other words\nphrase google.com\nunless mail\nwhy w\nexample e\n"
         "near other\n"},
        {"2.rules", TOKENS}};
    ruleset_from_texts(&no_layer, files, 2, NULL, NULL, &f.rules, NULL);
    cr_assert(f.rules);
    arena_init(&f.arena);
    f.matcher = matcher_new(f.rules, false, true);
    check_tokens(&f, "beside format 1");
    cr_expect_str_eq(best(&f, "see smtp.google.com", NULL), "other");
    tear_down(&f);
}

/* The evidence is what the text says, in whole characters. */
Test(masks, evidence_is_from_the_plain_text)
{
    struct fixture f;
    set_up(&f, "format 2\nrule rx\n" REASON "match mail for \\S\nneed mail for\nwhy w\nexample e\nnear mail\n");
    cr_expect_str_eq(best(&f, "mail for über@example.net", NULL), "rx");
    cr_expect_eq(f.hit.start, 0u);
    cr_expect_eq(strncmp(f.text.text + f.hit.start, "mail for ü", f.hit.length), 0);
    cr_expect_eq(f.hit.length, strlen("mail for ü"));
    cr_expect_str_eq(best(&f, "mail for 件@example.net", NULL), "rx");
    cr_expect_eq(f.hit.length, strlen("mail for 件"));
    tear_down(&f);
}

Test(masks, facts_of_the_mail)
{
    static const struct span hosts[] = {SPAN("full.test")}, phrases[] = {SPAN("Is it full?")};
    static const struct mask_facts facts = {hosts, 1, phrases, 1};
    static const struct text_row {
        const char *text, *without, *with;
    } rows[] = {
        {"full.test said no", "full", ""},
        {"Subject: Is it full?", "full", ""},
        {"Subject: Is it full? It is full", "full", "full"},
    };
    struct fixture f;
    set_up(&f, "format 2\nrule full\n" REASON "phrase full\nwhy w\nexample e\nnear full\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_str_eq(best(&f, rows[i].text, NULL), rows[i].without, "%s", rows[i].text);
        struct searched_text *s = searched_text_of(f.matcher, &f.arena, &f.text, &facts);
        bool found = match_best(f.matcher, s, &no_facts, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &f.hit);
        cr_expect_eq(found, *rows[i].with != '\0', "%s", rows[i].text);
    }
    tear_down(&f);
}
