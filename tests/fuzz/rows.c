/* SPDX-License-Identifier: MIT */
/*
 * rows.c - rules and a text made from bytes, and what the matcher and the reference find in them.
 *
 * In: any bytes; each is a choice, and after the last one all choices are 0. Out: whether both
 * agree on every rule, with the pre-filter and without. There are few words, so that they often meet; the text is made
 * of them, of what the phrases look for, of gaps of about the greatest length, and of addresses and hosts.
 * Rules that the library refuses are not compared.
 */
#include "rows.h"
#include "base/limits.h"
#include "match/match.h"
#include "match/ruleset.h"
#include "no_layer.h"
#include "reference.h"

#include <glib.h>
#include <stdio.h>

static const struct match_scope no_facts;

enum { GROUP_WORDS = 8, FILES = 3, CLASSES_MAX = 4, RULES_MAX = 3, ELEMENTS_MAX = 4, PIECES_MAX = 12 };

/* Words of which a case is made: mostly one group. */
static const char *const words[][GROUP_WORDS] = {
    {"locker", "evaporated", "vanish", "not", "sender", "is", "gone away", "no"},
    {"größe", "straße", "groß", "e-mail", "d'accès", "s", "naïve", "se"},
    {"550", "#5.1.1", "full:", "(box)", "no-user", "bad.locker", "p=nosuch", "quota."},
    {"аккаунт", "нет", "места", "не найден", "ящик", "ёлка", "тмест", "йод"},
    {"χρήστης", "γραμματο", "תיבה", "מלאה", "المستخدم", "ممتلئ", "غير", "לא"},
    {"ユーザ", "ユーザー", "が", "存在しません", "用户", "不存在", "の", "ーザ"},
    {"사용자", "없음", "메일", "을", "ไม่มี", "ผู้ใช้", "กล่อง", "용자 없"},
};
static const char *const between[] = {" ", "",  " ",  ". ", ".", "; ",  "。",  "? ",        ", ", "\n",
                                      "-", "_", "! ", ".",  "i", " a ", "...", "\xc2\xa0 ", "'"};
static const char *const typed[] = {"<%s@locker.example>", "http://a.example/%s", "%s.locker.example", "www.%s",
                                    "joe@%s.example",      "%s.mx.vanish.test",   "<%s.x@b.test>:",    "x.%s.de/%s"};
static const char *const languages[FILES] = {"", "language es\n", "language pt\n"};
static const char *const marks[] = {"", "", "", "marks not\n", "marks who\n"};
static const char *const keywords[] = {"phrase", "phrase", "phrase", "token"};
static const char *const exceptions[] = {"unless", "unless-near", "unless-near", "unless-token"};

struct maker {
    const uint8_t *at, *end;
    size_t group, class_count, rule_count;
    GString *files[FILES], *text;
    const char *members[CLASSES_MAX]; /* one of each class */
    GString *instances[RULES_MAX];    /* a text that the rule may match */
};

static size_t choose(struct maker *m, size_t count)
{
    return m->at < m->end ? *m->at++ % count : 0;
}
#define ONE_OF(m, array) ((array)[choose(m, G_N_ELEMENTS(array))])

static const char *choose_word(struct maker *m)
{
    size_t n = choose(m, 9 * GROUP_WORDS);
    return n < 8 * GROUP_WORDS ? words[m->group][n % GROUP_WORDS] : ONE_OF(m, words)[n % GROUP_WORDS];
}

/* ------------------------------------------------------------------- rules */

static void make_class(struct maker *m)
{
    GString *out = m->files[choose(m, FILES)];
    size_t count = 1 + choose(m, 3);
    g_string_append_printf(out, "words c%zu\n%s", m->class_count, ONE_OF(m, marks));
    for (size_t i = 0; i < count; i++) {
        size_t how = choose(m, 12);
        g_string_append(out, i ? " | " : "word ");
        if (how >= 9 && m->class_count) {
            size_t other = choose(m, m->class_count);
            g_string_append_printf(out, "{c%zu}", other);
            m->members[m->class_count] = m->members[other];
            continue;
        }
        const char *word = choose_word(m);
        /* No word has a star at its beginning in one place and at its end in another: one class would have both. */
        bool in_front = strlen(word) % 2;
        g_string_append_printf(out, "%s%s%s", how == 2 || (how == 1 && in_front) ? "*" : "", word,
                               how == 2 || (how == 1 && !in_front) ? "*" : "");
        m->members[m->class_count] = word;
    }
    g_string_append_c(out, '\n');
    m->class_count++;
}

/* The contents of a gap: letters, as many as allowed or about as many; a word; a few letters. */
static void add_filling(struct maker *m, GString *out, size_t limit)
{
    size_t how = choose(m, 4), n = how ? choose(m, 4) : limit - 4 + choose(m, 8);
    for (size_t i = 0; i < n; i++)
        g_string_append_c(out, i % 7 ? 'z' : ' ');
    if (how == 1)
        g_string_append_printf(out, " %s ", choose_word(m));
    g_string_append(out, ONE_OF(m, between));
}

static void make_join(struct maker *m, GString *row, GString *instance)
{
    size_t how = choose(m, 8);
    g_string_append(row, how < 3 ? " " : how == 3 ? "" : how < 7 ? " .. " : " ... ");
    if (how >= 4)
        add_filling(m, instance, how < 7 ? 60 : 80);
    else
        g_string_append(instance, how < 3 ? " " : "");
}

static void make_words(struct maker *m, GString *row, GString *instance)
{
    size_t how = choose(m, 8);
    const char *word = choose_word(m);
    g_string_append_printf(row, "%s%s%s", how == 6 ? "*" : "", word, how == 7 ? "*" : "");
    g_string_append(instance, word);
}

/* inner: neither the first nor the last one. */
static void make_element(struct maker *m, bool inner, GString *row, GString *instance)
{
    size_t how = choose(m, 16);
    if (!m->class_count || how >= 10) {
        make_words(m, row, instance);
        return;
    }
    size_t class_index = choose(m, m->class_count);
    g_string_append_printf(row, "{c%zu}%s", class_index, inner && how < 4 ? "?" : "");
    g_string_append(instance, how == 0 && inner ? "" : m->members[class_index]);
}

/* A token consists of words, with or without a gap; `*` is only at its ends. */
static void make_token(struct maker *m, GString *out, const char *keyword, GString *instance)
{
    size_t stars = choose(m, 8);
    const char *first = choose_word(m), *second = choose(m, 4) ? NULL : choose_word(m), *gap = ONE_OF(m, between);
    g_string_append_printf(out, "%s %s%s%s%s%s\n", keyword, stars == 6 ? "*" : "", first, second ? " ... " : "",
                           second ? second : "", stars == 7 ? "*" : "");
    g_string_append_printf(instance, "%s%s%s", first, second ? gap : "", second ? second : "");
}

static void make_row(struct maker *m, GString *out, const char *keyword, GString *instance)
{
    size_t count = 1 + choose(m, ELEMENTS_MAX), ends = choose(m, 16);
    if (g_str_has_suffix(keyword, "token")) {
        make_token(m, out, keyword, instance);
        return;
    }
    g_string_append_printf(out, "%s %s", keyword, ends == 1 || ends == 2 ? "^" : "");
    for (size_t i = 0; i < count; i++) {
        if (i)
            make_join(m, out, instance);
        make_element(m, i && i + 1 < count, out, instance);
    }
    g_string_append(out, ends == 2 || ends == 3 ? "$\n" : "\n");
}

/* Each rule has a tier of its own, so that none overrides another. */
static void make_rule(struct maker *m)
{
    GString *out = m->files[choose(m, FILES)], *instance = m->instances[m->rule_count], *other = g_string_new("");
    size_t phrases = 1 + choose(m, 2), unless = choose(m, 6);
    m->rule_count++;
    g_string_append_printf(out, "rule r%zu\nreason mailbox-full\ntier %zu\nwhy w\nexample e\nnear", m->rule_count - 1,
                           m->rule_count);
    for (size_t i = 0; i < G_N_ELEMENTS(words) * GROUP_WORDS; i++)
        g_string_append_printf(out, " %s", words[i / GROUP_WORDS][i % GROUP_WORDS]);
    g_string_append_c(out, '\n');
    for (size_t i = 0; i < phrases; i++) {
        g_string_truncate(instance, i ? instance->len : 0);
        make_row(m, out, ONE_OF(m, keywords), i ? other : instance);
    }
    for (size_t i = 0; unless > 2 && i < unless - 2; i++)
        make_row(m, out, ONE_OF(m, exceptions), other);
    g_string_free(other, TRUE);
}

/* -------------------------------------------------------------------- text */

/* As it is, in capitals, or with a capital first letter. */
static void add_in_case(struct maker *m, GString *out, const char *word)
{
    size_t how = choose(m, 6);
    char *upper = g_utf8_strup(word, how == 4 ? -1 : g_utf8_next_char(word) - word);
    g_string_append(out, how < 4 ? word : upper);
    if (how == 5)
        g_string_append(out, g_utf8_next_char(word));
    g_free(upper);
}

static void add_typed(struct maker *m, GString *out)
{
    GString *word = g_string_new("");
    char **parts = g_strsplit(ONE_OF(m, typed), "%s", -1);
    if (choose(m, 3))
        add_in_case(m, word, choose_word(m));
    else
        g_string_assign(word, m->instances[choose(m, m->rule_count)]->str);
    char *all = g_strjoinv(word->str, parts);
    g_string_append(out, all);
    g_free(all);
    g_strfreev(parts);
    g_string_free(word, TRUE);
}

static void make_text(struct maker *m)
{
    size_t count = choose(m, PIECES_MAX);
    for (size_t i = 0; i <= count; i++) {
        size_t how = choose(m, 8);
        if (how < 3 && m->instances[0]->len)
            g_string_append(m->text, m->instances[choose(m, m->rule_count)]->str);
        else if (how < 6)
            add_in_case(m, m->text, choose_word(m));
        else if (how == 6)
            add_typed(m, m->text);
        else
            add_filling(m, m->text, 60);
        if (i < count)
            g_string_append(m->text, ONE_OF(m, between));
    }
}

static void make(struct maker *m, const uint8_t *data, size_t size)
{
    *m = (struct maker){.at = data, .end = data + size, .text = g_string_new("")};
    for (size_t i = 0; i < FILES; i++)
        m->files[i] = g_string_new("format 2\n");
    for (size_t i = 0; i < FILES; i++)
        g_string_append(m->files[i], languages[i]);
    for (size_t i = 0; i < RULES_MAX; i++)
        m->instances[i] = g_string_new("");
    m->group = choose(m, G_N_ELEMENTS(words));
    for (size_t i = choose(m, CLASSES_MAX + 1); i > 0; i--)
        make_class(m);
    for (size_t i = 1 + choose(m, RULES_MAX); i > 0; i--)
        make_rule(m);
    make_text(m);
}

static void release(struct maker *m)
{
    for (size_t i = 0; i < FILES; i++)
        g_string_free(m->files[i], TRUE);
    for (size_t i = 0; i < RULES_MAX; i++)
        g_string_free(m->instances[i], TRUE);
    g_string_free(m->text, TRUE);
}

/* -------------------------------------------------------------- comparison */

/* The answers for one text; start is SIZE_MAX if a rule does not match. */
struct answer {
    size_t start, end;
};

static void ask_matcher(struct arena *a, bounce_rules *rules, bool prefilter, const struct norm_text *text,
                        const struct mask_facts *facts, struct answer *answers)
{
    struct matcher *m = matcher_new(rules, false, prefilter);
    struct searched_text *s = searched_text_of(m, a, text, facts);
    struct match_hit *hits;
    size_t count = match_all(m, s, &no_facts, a, &hits);
    for (size_t i = 0; i < RULES_MAX; i++)
        answers[i] = (struct answer){SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < count; i++)
        answers[bounce_rule_string(hits[i].rule, BOUNCE_RULE_ID)[1] - '0'] =
            (struct answer){hits[i].start, hits[i].start + hits[i].length};
    matcher_free(m);
}

static void print_answer(const char *who, const struct norm_text *text, const struct answer *a)
{
    if (a->start == SIZE_MAX)
        fprintf(stderr, "  %s: no match\n", who);
    else
        fprintf(stderr, "  %s: %zu to %zu: \"%.*s\"\n", who, a->start, a->end, (int)(a->end - a->start),
                text->text + a->start);
}

/* Prints where the answers differ, if they do. */
static bool differ(const struct maker *m, const struct norm_text *text, const struct answer *expected,
                   const struct answer *found, const char *who)
{
    for (size_t i = 0; i < m->rule_count; i++) {
        if (expected[i].start == found[i].start && expected[i].end == found[i].end)
            continue;
        for (size_t k = 0; k < FILES; k++)
            fprintf(stderr, "%s\n", m->files[k]->str);
        fprintf(stderr, "text: %s\nrule r%zu:\n", text->text, i);
        print_answer("reference", text, &expected[i]);
        print_answer(who, text, &found[i]);
        return true;
    }
    return false;
}

static enum rows_outcome compare(const struct maker *m, struct arena *a, bounce_rules *rules,
                                 struct reference *reference)
{
    struct norm_text text;
    struct answer expected[RULES_MAX], found[RULES_MAX];
    struct span host = span_z("vanish.test"), subject = span_z("gone away");
    struct mask_facts facts = {.hosts = &host, .host_count = 1, .phrases = &subject, .phrase_count = 1};
    enum rows_outcome outcome = ROWS_NO_MATCH;
    text_normalise(a, span_of(m->text->str, m->text->len), LIMIT_SEARCHED_BYTES, &text);
    for (size_t i = 0; i < m->rule_count; i++) {
        char id[] = {'r', (char)('0' + i), 0};
        expected[i] = (struct answer){SIZE_MAX, SIZE_MAX};
        if (reference_match(reference, id, &text, &facts, &expected[i].start, &expected[i].end))
            outcome = ROWS_MATCH;
    }
    for (int prefilter = 0; prefilter < 2; prefilter++) {
        ask_matcher(a, rules, prefilter, &text, &facts, found);
        if (differ(m, &text, expected, found, prefilter ? "with the pre-filter" : "without the pre-filter"))
            return ROWS_DIFFER;
    }
    return outcome;
}

enum rows_outcome rows_compare(const uint8_t *data, size_t size)
{
    struct maker m;
    struct arena arena;
    bounce_rules *rules;
    enum rows_outcome outcome = ROWS_REFUSED;
    make(&m, data, size);
    arena_init(&arena);
    struct rule_text files[FILES] = {
        {"0.rules", m.files[0]->str}, {"1.rules", m.files[1]->str}, {"2.rules", m.files[2]->str}};
    ruleset_from_texts(&no_layer, files, FILES, NULL, NULL, &rules, NULL);
    if (rules)
        outcome = compare(&m, &arena, rules, reference_read(&arena, files, FILES));
    bounce_rules_unref(rules);
    arena_free(&arena);
    release(&m);
    return outcome;
}
