/* SPDX-License-Identifier: MIT */
/* test_row.c - phrases of format 2: classes of words, gaps, boundaries. */
#include "base/arena.h"
#include "match/match.h"
#include "match/ruleset.h"
#include "match_testing.h"

#include <stdio.h>
#include <stdlib.h>

#define CLASSES \
    "words rcpt\nword user | users | recipient | e-mail account | account | аккаунт\n" \
    "words be\nword is | was\n" \
    "words en-not\nmarks not\nword not\n" \
    "words en-who\nmarks who\nword sender\n" \
    "words gone\nword unknown | unregist* | *phoned | {gone2}\n" \
    "words gone2\nword gone | gone away | не найден\n" \
    "words ja-user\nword ユーザ | ユーザー\nwords ja-ga\nword が\nwords ja-none\nword 存在しません\n" \
    "words ko-user\nword 사용자\n" \
    "words heads\nword no | node | 's | я | ямы | é | 用户\n" \
    "words open-heads\nword nob* | nothing*\n" \
    "words touching\nword dy | de\n" \
    "words signs\nword (box) | [box]\n" \
    "words alike\nword mailbox full | mailbox filled | mailbox fillings | mailbox\n"

static const char one_rule[] =
    "rule r\n" REASON "%s\nwhy w\nexample e\nnear user quota gross unknown gone нет места аккаунт 없음 存在しません\n";

struct row_case {
    const char *pattern, *text, *found; /* found NULL: no match */
};

static const struct row_case cases[] = {
    {"phrase {rcpt} {be} {gone}", "the user is unknown", "user is unknown"},
    {"phrase {rcpt} {be} {gone}", "the user was gone away", "user was gone away"},
    {"phrase {rcpt} {be} {gone}", "the users are gone", NULL},
    {"phrase {rcpt} {be} {gone}", "the useris gone", NULL},
    {"phrase {rcpt} {be} {gone}", "superuser is gone", NULL},
    {"phrase {rcpt} {be} {gone}", "user  is\tgone", "user is gone"},
    {"phrase {rcpt} {be}? {gone}", "user unknown", "user unknown"},
    {"phrase {rcpt} {be}? {gone}", "user is unknown", "user is unknown"},
    {"phrase {rcpt} {be}? {gone}", "user isunknown", NULL},
    {"phrase {rcpt} .. {gone}", "user joe is long gone", "user joe is long gone"},
    {"phrase {rcpt} .. {gone}", "user joe is not gone", NULL},
    {"phrase {rcpt} .. {gone}", "user: the sender is unknown", NULL},
    {"phrase {rcpt} .. {gone}", "user quota. All gone", NULL},
    {"phrase {rcpt} .. {gone}", "user quota.All gone", NULL},
    {"phrase {rcpt} .. {gone}", "user j.doe gone", "user j.doe gone"},
    {"phrase {rcpt} .. {gone}", "user quota! gone", NULL},
    {"phrase {rcpt} ... {gone}", "user quota. All gone", "user quota. All gone"},
    {"phrase {rcpt} .. {gone}", "user user gone", "user gone"},
    {"phrase {rcpt} .. {gone}", "user 12345678 12345678 12345678 12345678 12345678 12345678 123456789 gone", NULL},
    {"phrase {rcpt} .. {gone}", "user 12345678 12345678 12345678 12345678 12345678 12345678 1234 gone",
     "user 12345678 12345678 12345678 12345678 12345678 12345678 1234 gone"},
    {"phrase {rcpt} .. {gone}", "user unregistered here", "user unregist"},
    {"phrase {rcpt} .. {gone}", "user telephoned", "user telephoned"},
    {"phrase {rcpt} .. {gone}", "user begone", NULL},
    {"phrase аккаунт {gone}", "Аккаунт не найден", "Аккаунт не найден"},
    {"phrase {rcpt} .. {gone}", "аккаунт не найдено", NULL},
    {"phrase нет места", "интернет места", NULL},
    {"phrase нет места", "здесь нет места", "нет места"},
    {"phrase нет мест", "здесь нет места", NULL},
    {"phrase нет мест*", "здесь нет места", "нет мест"},
    {"phrase *нет места", "интернет места", "нет места"},
    /* their first 8 bytes are the same */
    {"phrase {alike} quota", "mailbox filled quota", "mailbox filled quota"},
    {"phrase {alike} quota", "mailbox full quota", "mailbox full quota"},
    {"phrase {alike} quota", "mailbox quota", "mailbox quota"},
    {"phrase {alike} quota", "mailbox fuller quota", NULL},
    {"phrase {alike} quota", "mailboxes quota", NULL},
    {"phrase quota {alike}", "quota mailbox fillin", "quota mailbox"},
    /* how words begin rules out texts: heads that are short, open, touched, or not ASCII */
    {"phrase {heads} quota", "no quota", "no quota"},
    {"phrase {heads} quota", "now quota", NULL},
    {"phrase {heads} quota", "node quota", "node quota"},
    {"phrase {heads} quota", "x's quota", "'s quota"},
    {"phrase {heads} quota", "я quota", "я quota"},
    {"phrase {heads} quota", "яма quota", NULL},
    {"phrase {heads} quota", "ямы quota", "ямы quota"},
    {"phrase {heads} quota", "é quota", "é quota"},
    {"phrase {heads} quota", "用户 quota", "用户 quota"},
    {"phrase {heads} quota", "no用户 quota", "用户 quota"},
    {"phrase {open-heads} quota", "nobody quota", NULL},
    {"phrase {open-heads} .. quota", "nobody has a quota", "nobody has a quota"},
    {"phrase {heads}{touching} quota", "nody quota", "nody quota"},
    {"phrase {heads}{touching} quota", "nobo quota", NULL},
    {"phrase {signs} quota", "a (box) quota", "(box) quota"},
    {"phrase quota {heads}? unknown", "quota unknown", "quota unknown"},
    {"phrase quota no unknown", "quota no unknown", "quota no unknown"},
    {"phrase quota {be} unusuallylongwordthatgoesonoverseveralchunks",
     "quota is unusuallylongwordthatgoesonoverseveralchunks", "quota is unusuallylongwordthatgoesonoverseveralchunks"},
    /* the first place in the text, whatever the members begin with */
    {"phrase quota {be}", "quota is, quota was", "quota is"},
    {"phrase quota {be}", "quota was, quota is", "quota was"},
    {"phrase quota .. {be}", "quota is was was was was was was was was was was was was was was was was was",
     "quota is"},
    {"phrase {ja-user}{ja-ga}{ja-none}", "このユーザーが存在しません。", "ユーザーが存在しません"},
    {"phrase {ja-user}{ja-ga}{ja-none}", "このユーザ が存在しません。", NULL},
    {"phrase {ja-user} .. {ja-none}", "ユーザ。存在しません", NULL},
    {"phrase {ko-user} 없음", "사용자 없음", "사용자 없음"},
    {"phrase {ko-user} .. 없음", "사용자를 없음", "사용자를 없음"},
    {"phrase {ko-user} .. 없음", "비사용자 없음", NULL},
    {"phrase ^{rcpt} quota$", "user quota", "user quota"},
    {"phrase ^{rcpt} quota$", "a user quota", NULL},
    {"phrase ^{rcpt} quota$", "user quota 2", NULL},
    {"phrase ^quota", "quota of", "quota"},
    {"phrase ^quota", "my quota", NULL},
    {"phrase quota$", "my quota", "quota"},
    {"phrase quota gros*", "quota groß", "quota groß"},
    {"phrase quota .. *s", "quota groß", "quota groß"},
    {"phrase gros*", "groß", "groß"},
    {"phrase quota$", "quota of", NULL},
    {"phrase {rcpt} quota\nunless {be} {en-not}", "user quota. It is not", NULL},
    {"phrase {rcpt} quota\nunless-near {be} {en-not}", "user quota. It is not", "user quota"},
    {"phrase {rcpt} quota\nunless-near {be} {en-not}", "Hello. Is not user quota", NULL},
    {"phrase {rcpt} quota\nunless-near /is \\w+/", "Is ok. Your user quota", "user quota"},
    {"phrase {rcpt} quota\nunless-near /is \\w+/", "Your user quota is full", NULL},
};

static void check_case(const struct row_case *c)
{
    struct fixture f;
    struct match_hit hit;
    char rules[4096], entry[1024];
    snprintf(entry, sizeof entry, one_rule, c->pattern);
    snprintf(rules, sizeof rules, "format 2\n%s%s", CLASSES, entry);
    set_up(&f, rules);
    struct searched_text *s = searched(&f, f.matcher, c->text);
    bool matches = match_best(f.matcher, s, &no_facts, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit);
    cr_expect_eq(matches, c->found != NULL, "%s in %s", c->pattern, c->text);
    if (matches && c->found)
        cr_expect(strlen(c->found) == hit.length && memcmp(f.text.text + hit.start, c->found, hit.length) == 0,
                  "%s in %s: %.*s", c->pattern, c->text, (int)hit.length, f.text.text + hit.start);
    tear_down(&f);
}

Test(row, matches_and_shows_what)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

/* Nothing that matches is left out when only the reason is wanted. */
Test(row, a_text_that_may_say_that_the_time_ran_out)
{
    static const struct {
        const char *pattern, *text;
        bool may;
    } rows[] = {{"phrase {rcpt} {be} {gone}", "the user is unknown", true},
                {"phrase {rcpt} {be} {gone}", "the user was long unknown", false},
                {"phrase {rcpt} {be}? {gone}", "a user unknown", true},
                {"match is \\d\nneed quota is", "quota is 1", true},
                {"match is \\d\nneed quota is", "it is 1", false},
                {"phrase quota ... gross", "quota, not gross", true},
                {"phrase quota ... gross", "neither", false}};
    char rules[4096], entry[1024];
    for (size_t i = 0; i < sizeof cases / sizeof *cases + sizeof rows / sizeof *rows; i++) {
        const bool more = i >= sizeof cases / sizeof *cases;
        const size_t k = more ? i - sizeof cases / sizeof *cases : 0;
        const char *text = more ? rows[k].text : cases[i].text;
        struct fixture f;
        snprintf(
            entry, sizeof entry,
            "rule r\nreason expired\n%s\nwhy w\nexample e\nnear user quota gross unknown gone нет места аккаунт 없음 存在しません\n",
            more ? rows[k].pattern : cases[i].pattern);
        snprintf(rules, sizeof rules, "format 2\n%s%s", CLASSES, entry);
        set_up(&f, rules);
        bool matches = *best(&f, text, NULL), may = match_may_expire(f.matcher, &f.text);
        cr_expect(may || !matches, "%s", text);
        cr_expect(!more || may == rows[k].may, "%s", text);
        tear_down(&f);
    }
}

/* ----------------------------------------------------------------- errors */

static const struct row_case errors[] = {
    {"phrase {nobody} quota", NULL, "t.rules:36:8: there is no class {nobody}\n"},
    {"phrase {rcpt quota", NULL, "t.rules:36:8: \"{\" begins the name of a class of words, as in {name}\n"},
    {"phrase {rcpt} {be}", NULL,
     "t.rules:36:8: every element of the phrase can be an ordinary word: \"account\", \"is\"\n"},
    {"phrase no$", NULL, "t.rules:36:8: a phrase needs a part of at least 3 bytes\n"},
    {"phrase ^no", NULL, "t.rules:36:9: a phrase needs a part of at least 3 bytes\n"},
    {"phrase {gone}? quota", NULL, "t.rules:36:8: the first and the last element of a phrase cannot be optional\n"},
    {"phrase quota {gone}?", NULL, "t.rules:36:8: the first and the last element of a phrase cannot be optional\n"},
};

static void expect_errors(const char *rules, const char *expected)
{
    cr_expect_str_eq(errors_of(rules), expected, "%s", errors_of(rules));
}

Test(row, says_what_is_wrong_with_a_phrase)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        char rules[4096], entry[1024];
        snprintf(entry, sizeof entry, one_rule, errors[i].pattern);
        snprintf(rules, sizeof rules, "format 2\n%s%s", CLASSES, entry);
        expect_errors(rules, errors[i].found);
    }
}

Test(row, says_what_is_wrong_with_a_class)
{
    expect_errors("format 2\nwords a\nword {b}\nwords b\nword x | {a}\n",
                  "t.rules:5:10: a class cannot hold itself: {a} -> {b} -> {a}\n");
    expect_errors("format 2\nwords a\nword {a}\n", "t.rules:3:6: a class cannot hold itself: {a} -> {a}\n");
    expect_errors("format 2\nwords a\nwords b\nword x\n", "t.rules:2:1: the class has no member\n");
    expect_errors("format 2\nwords a\nword x\nwords a\nword y\n",
                  "t.rules:4:1: \"a\" is the name of another class (t.rules:2)\n");
    expect_errors("format 2\nwords a\nword x ... y | /z/\n",
                  "t.rules:3:7: a member has no gaps: give the phrase to the rule\n"
                  "t.rules:3:16: a member is plain text, not a regular expression\n");
    expect_errors("format 2\nwords a\nword x{b}\n", "t.rules:3:7: a member is a text or a class, not both\n");
    expect_errors("format 2\nwords a\nword x\nmarks all\n", "t.rules:4:7: a class marks \"who\" or \"not\"\n");
    expect_errors("words a\nword x\n", "t.rules:1:7: unknown list of words \"a\"\n");
    expect_errors("format 2\nlanguage german\nwords a\nword x\n",
                  "t.rules:2:10: a language is a tag of two letters, as in \"language de\"\n");
    expect_errors("format 2\nwords a\nword x\nlanguage de\n",
                  "t.rules:4:1: \"language\" may stand once below \"format 2\", above the first entry\n");
}

/* The members of the classes that a class contains count, too. */
static void expect_members(size_t count, const char *expected)
{
    char *rules = calloc(count + 10, 16), *end = rules + sprintf(rules, "format 2\nwords a\n");
    for (size_t i = 0; i < count; i++)
        end += sprintf(end, "word %zx\n", i + 1);
    expect_errors(rules, expected);
    free(rules);
}

Test(row, a_class_has_4096_members)
{
    cr_assert_eq(LIMIT_CLASS_MEMBERS, 4096);
    expect_members(4096, "");
    expect_members(4097, "t.rules:2:1: the class has more than 4096 members\n");
}

/* Barriers are those of the language of the file. */
Test(row, languages_have_their_own_barriers)
{
    static const char rules[] =
        "format 2\nlanguage es\nwords es-not\nmarks not\nword no\nwords es-user\nword usuario\n"
        "rule r\n" REASON "phrase {es-user} .. desconocido\nwhy w\nexample e\nnear usuario no desconocido\n";
    struct fixture f;
    set_up(&f, rules);
    cr_expect_str_eq(best(&f, "usuario muy desconocido", NULL), "r");
    cr_expect_str_eq(best(&f, "usuario not desconocido", NULL), "r");
    cr_expect_str_eq(best(&f, "usuario no desconocido", NULL), "");
    tear_down(&f);
}

/* Overlapping chains in a long text: the cost grows with the text, not with its square. */
Test(row, finds_the_end_of_a_long_text)
{
    enum { WORDS = 3000 };
    char *text = calloc(WORDS + 2, 5), *end = text;
    struct fixture f;
    for (size_t i = 0; i < WORDS; i++)
        end += sprintf(end, "user ");
    strcpy(end, "gone");
    set_up(&f, "format 2\n" CLASSES "rule r\n" REASON
               "phrase {rcpt} ... {rcpt} .. {rcpt} {rcpt} .. {gone}\nwhy w\nexample e\nnear user gone\n");
    cr_expect_str_eq(best(&f, text, NULL), "r");
    tear_down(&f);
    free(text);
}
