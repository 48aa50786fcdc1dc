/* SPDX-License-Identifier: MIT */
/* test_load.c - sets of rules: order, layers, overrides, files and folders, digests, threads. */
#include "base/arena.h"
#include "base/limits.h"
#include "match/regex.h"
#include "match/ruleset.h"
#include "match/tables.h"
#include "rules/load.h"
#include "rules_testing.h"

#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENTRY(id, lines) "rule " id "\n" REASON lines "why w\nexample e\nnear quota user\n"

static const char base_rules[] = ENTRY("one", "phrase quota one\ntag red\n") ENTRY("two", "phrase quota two\n")
    ENTRY("three", "tier 1\nphrase quota three\n") "dialect d\nknow subject failure\n";

/* "id id id", in the order of bounce_rules_at(). */
static const char *ids_of(const bounce_rules *rules)
{
    static char ids[512];
    ids[0] = '\0';
    for (size_t i = 0; i < bounce_rules_count(rules); i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", i ? " " : "",
                 bounce_rule_string(bounce_rules_at(rules, i), BOUNCE_RULE_ID));
    return ids;
}

Test(load, fields_of_a_rule)
{
    bounce_rules *rules = rules_of(NULL, base_rules);
    cr_expect_str_eq(ids_of(rules), "three one two");
    const bounce_rule *rule = bounce_rules_at(rules, 1);
    cr_expect_str_eq(bounce_rule_string(rule, BOUNCE_RULE_ID), "one");
    cr_expect_str_eq(bounce_rule_string(rule, BOUNCE_RULE_FILE), "t.rules");
    cr_expect_str_eq(bounce_rule_string(rule, BOUNCE_RULE_WHY), "w");
    cr_expect_str_eq(bounce_rule_string(rule, BOUNCE_RULE_TAG), "red");
    cr_expect_null(bounce_rule_string(rule, (bounce_rule_field)99));
    cr_expect_null(bounce_rule_string(bounce_rules_at(rules, 2), BOUNCE_RULE_TAG));
    cr_expect_eq(bounce_rule_reason(rule), BOUNCE_REASON_MAILBOX_FULL);
    cr_expect_eq(bounce_rule_tier(rule), 3);
    cr_expect_eq(bounce_rule_tier(bounce_rules_at(rules, 0)), 1);
    cr_expect_eq(bounce_rule_rank(rules, rule), 2u);
    cr_expect_eq(bounce_rule_line(rule), 1u);
    cr_expect_null(bounce_rules_at(rules, 3));
    bounce_rules_unref(rules);
}

Test(load, null_is_allowed)
{
    cr_expect_null(bounce_rules_ref(NULL));
    bounce_rules_unref(NULL);
    cr_expect_eq(bounce_rules_count(NULL), 0u);
    cr_expect_null(bounce_rules_at(NULL, 0));
    cr_expect_null(bounce_rules_digest(NULL));
    cr_expect_null(bounce_rule_string(NULL, BOUNCE_RULE_ID));
    cr_expect_eq(bounce_rule_rank(NULL, NULL), 0u);
    cr_expect_eq(bounce_rule_line(NULL), 0u);
}

struct layer_row {
    const char *name, *upper, *ids;
};

static const struct layer_row layers[] = {
    {"nothing", "", "three one two"},
    {"one more", ENTRY("four", "phrase quota four\n"), "three four one two"},
    {"before built-in ones, within the tier", ENTRY("pad", "phrase quota pad\n"), "three pad one two"},
    {"replaced", "override one\n" REASON "tier 5\nphrase quota one\nwhy w\nexample e\nnear quota\n", "three two one"},
    {"replaced, and the tier kept", "override three\n" REASON "phrase quota one\nwhy w\nexample e\nnear quota\n",
     "three one two"},
    {"format 2: before all built-in ones", "format 2\n" ENTRY("pad", "phrase quota pad\n"), "pad three one two"},
    {"format 2: unless it states a tier", "format 2\n" ENTRY("pad", "tier 3\nphrase quota pad\n"), "three pad one two"},
    {"format 2: what it states something of", "format 2\n" ENTRY("pad", "yields three\nphrase quota pad\n"),
     "three pad one two"},
    {"format 2: its tier, too", "format 2\n" ENTRY("pad", "yields two\nphrase quota pad\n"), "three one two pad"},
    {"format 2: or that it is last", "format 2\n" ENTRY("pad", "last\nphrase quota pad\n"), "three one two pad"},
    {"an own rule replaced",
     "format 2\n" ENTRY("pad", "tier 5\nphrase quota pad\n") "override pad\n" REASON
                                                             "phrase quota one\nwhy w\nexample e\nnear quota\n",
     "three one two pad"},
    {"removed", "override one\n", "three two"},
    {"two removed, one added", "override one\noverride three\n" ENTRY("four", "tier 2\nphrase quota four\n"),
     "four two"},
    {"added and removed again", ENTRY("four", "phrase quota four\n") "override four\n", "three one two"},
};

Test(load, layers)
{
    bounce_rules *base = rules_of(NULL, base_rules);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        bounce_rules *rules = rules_of(ruleset_layer(base, 1), layers[i].upper);
        cr_expect_str_eq(ids_of(rules), layers[i].ids, "%s: %s", layers[i].name, ids_of(rules));
        for (size_t place = 0; place < bounce_rules_count(rules); place++) {
            size_t layer;
            const struct bounce_rule *rule = ruleset_at(rules, place, &layer);
            cr_expect_eq(ruleset_places(rules, layer)[rule->rank], place, "%s: from place to rule and back",
                         layers[i].name);
        }
        bounce_rules_unref(rules);
    }
    bounce_rules_unref(base);
}

Test(load, hiding_a_rule_needs_override)
{
    bounce_rules *base = rules_of(NULL, base_rules), *rules;
    struct rule_text text = {"u.rules", ENTRY("one", "phrase quota x\n") "override five\n"};
    struct found_errors found = {0};
    cr_assert_eq(ruleset_from_texts(ruleset_layer(base, 1), &text, 1, note_error, &found, &rules, NULL),
                 BOUNCE_ERROR_RULES);
    cr_expect_str_eq(found.text, "u.rules:1:1: \"one\" is a built-in rule: write \"override\" to replace it\n"
                                 "u.rules:7:1: \"five\" is not the id of a rule: there is nothing to override\n");
    bounce_rules_unref(base);
}

Test(load, dialects_are_replaced)
{
    bounce_rules *base = rules_of(NULL, base_rules);
    bounce_rules *rules =
        rules_of(ruleset_layer(base, 1), "dialect d\nknow subject success\ndialect e\nknow subject x y\n");
    cr_expect(ruleset_dialect_off(rules, 0, 0));
    cr_expect_not(ruleset_dialect_off(rules, 1, 0));
    bounce_rules_unref(rules);
    bounce_rules_unref(base);
}

/* "see|ask us": one list of a set, in the order in which it is searched. */
static const char *words_of(const bounce_rules *rules, enum word_list list)
{
    static char words[256];
    words[0] = '\0';
    for (const struct search_word *w = ruleset_words(rules)->of[list]; w->text.n; w++) {
        size_t n = strlen(words);
        cr_assert_eq(w->pairs, word_pairs(w->text));
        snprintf(words + n, sizeof words - n, "%s%.*s", n ? "|" : "", (int)w->text.n, w->text.s);
    }
    return words;
}

/* A word that is also built in is no error: a later version of the library may add it. */
Test(load, words_are_added)
{
    bounce_rules *base = rules_of(NULL, "words contact\nword see\nword ask us\nwords footer\nword scanned\n");
    bounce_rules *rules = rules_of(ruleset_layer(base, 1), "words turn-to\nword ring\nwords contact\nword write\n"
                                                           "word See\nwords contact\nword ring\n");
    cr_expect_str_eq(words_of(rules, WORDS_CONTACT), "see|ask us|write|ring");
    cr_expect_str_eq(words_of(rules, WORDS_TURN_TO), "ring");
    cr_expect_str_eq(words_of(rules, WORDS_FOOTER), "scanned");
    cr_expect_str_eq(words_of(rules, WORDS_REFUSED), "");
    cr_expect_str_eq(words_of(base, WORDS_CONTACT), "see|ask us", "the other set has not changed");
    bounce_rules_unref(rules);
    bounce_rules_unref(base);
    rules = bounce_rules_default();
    for (size_t i = 0; i < WORDS_COUNT; i++)
        cr_expect_str_neq(words_of(rules, (enum word_list)i), "");
    bounce_rules_unref(rules);
}

Test(load, a_word_twice_in_two_files)
{
    static const struct rule_text files[] = {{"a", "words contact\nword see\n"}, {"b", "words contact\nword SEE\n"}};
    struct found_errors found = {0};
    bounce_rules *rules;
    cr_assert_eq(ruleset_from_texts(&no_layer, files, 2, note_error, &found, &rules, NULL), BOUNCE_ERROR_RULES);
    cr_expect_str_eq(found.text, "b:2:6: \"SEE\" is in the list \"contact\" already (a:2)\n");
}

Test(load, a_dialect_of_a_later_file_replaces_one_of_an_earlier)
{
    static const struct rule_text files[] = {{"a", "dialect d\nknow subject one\n"},
                                             {"b", "dialect d\nknow subject two\n"}};
    bounce_rules *rules;
    cr_assert_eq(ruleset_from_texts(&no_layer, files, 2, NULL, NULL, &rules, NULL), BOUNCE_OK);
    const struct layer *layer = ruleset_layer(rules, 1);
    cr_expect_eq(layer->dialect_count, 1u);
    cr_expect_str_eq(layer_string(layer, layer->knows[layer->dialects[0].knows.first].pattern.text), "two");
    bounce_rules_unref(rules);
}

/* ---------------------------------------------------------------- digests */

static char *digest_of(const struct rule_text *files, size_t count)
{
    bounce_rules *rules;
    cr_assert_eq(ruleset_from_texts(&no_layer, files, count, NULL, NULL, &rules, NULL), BOUNCE_OK);
    char *digest = strdup(bounce_rules_digest(rules));
    bounce_rules_unref(rules);
    return digest;
}

Test(load, digests)
{
    static const struct rule_text files[][2] = {
        {{"a", ENTRY("one", "phrase quota one\n")}, {"b", ENTRY("two", "phrase quota two\n")}},
        {{"z", ENTRY("two", "phrase quota two\n")}, {"y", ENTRY("one", "phrase quota one\n")}},
        {{"a", ENTRY("one", "phrase quota one\n")}, {"b", ENTRY("two", "phrase quota tw0\n")}},
    };
    char *a = digest_of(files[0], 2), *renamed = digest_of(files[1], 2), *changed = digest_of(files[2], 2);
    cr_expect(strncmp(a, "test+sha256:", 12) == 0 && strlen(a) == 12 + 64 && strspn(a + 12, "0123456789abcdef") == 64,
              "%s", a);
    cr_expect_str_eq(a, renamed, "the names of the files do not matter");
    cr_expect_str_neq(a, changed);
    free(a);
    free(renamed);
    free(changed);
}

/* --------------------------------------------------------- files and folders */

struct folder {
    char path[64];
};

static void make_folder(struct folder *f)
{
    strcpy(f->path, "/tmp/bounce-rules-XXXXXX");
    cr_assert(mkdtemp(f->path));
}

static const char *path_in(const struct folder *f, const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", f->path, name);
    return path;
}

static void write_file(const struct folder *f, const char *name, const char *text)
{
    FILE *file = fopen(path_in(f, name), "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static const char *const file_names[] = {"b.rules", "a.rules", "a.txt", "c.rules"};

static void remove_folder(const struct folder *f)
{
    for (size_t i = 0; i < sizeof file_names / sizeof *file_names; i++)
        unlink(path_in(f, file_names[i]));
    cr_expect_eq(rmdir(f->path), 0);
}

Test(load, folders)
{
    struct folder f;
    struct found_errors found = {0};
    bounce_rules *rules;
    bounce_error error;
    const char *path = f.path;
    make_folder(&f);
    cr_expect_eq(bounce_rules_load(&path, 1, note_error, &found, &rules, &error), BOUNCE_ERROR_IO, "an empty folder");
    cr_expect_eq(found.count, 1u);
    write_file(&f, "b.rules", "x\n");
    write_file(&f, "a.txt", "ignored\n");
    write_file(&f, "a.rules", "y\n");
    found = (struct found_errors){0};
    cr_expect_eq(bounce_rules_load(&path, 1, note_error, &found, &rules, &error), BOUNCE_ERROR_RULES);
    cr_expect_null(rules);
    cr_expect_eq(found.count, 2u);
    cr_expect_eq(strncmp(found.text, path_in(&f, "a.rules:1:1: "), strlen(f.path) + 14), 0, "%s", found.text);
    cr_expect_eq(error.line, 1u);
    write_file(&f, "a.rules", ENTRY("zzz/a", "phrase quota a\n"));
    write_file(&f, "b.rules", "# nothing\n");
    cr_expect_eq(bounce_rules_load(&path, 1, NULL, NULL, &rules, NULL), BOUNCE_OK);
    bounce_rules *builtin = bounce_rules_default();
    cr_expect_eq(bounce_rules_count(rules), bounce_rules_count(builtin) + 1);
    cr_expect_str_neq(bounce_rules_digest(rules), bounce_rules_digest(builtin));
    bounce_rules_unref(builtin);
    bounce_rules_unref(rules);
    remove_folder(&f);
}

/* A chain of folders d/d/..., with a file in the last; the folder itself is the first. */
static bounce_status load_nested(unsigned depth, struct found_errors *found)
{
    struct folder top;
    char path[256];
    bounce_rules *rules;
    make_folder(&top);
    snprintf(path, sizeof path, "%s", top.path);
    for (unsigned i = 1; i < depth; i++) {
        strcat(path, "/d");
        cr_assert_eq(mkdir(path, 0700), 0);
    }
    struct folder last;
    g_strlcpy(last.path, path, sizeof last.path);
    write_file(&last, "a.rules", ENTRY("zzz/a", "phrase quota a\n"));
    const char *given = top.path;
    bounce_status status = bounce_rules_load(&given, 1, note_error, found, &rules, NULL);
    bounce_rules_unref(rules);
    unlink(path_in(&last, "a.rules"));
    for (unsigned i = depth; i-- > 0; *strrchr(path, '/') = '\0')
        cr_expect_eq(rmdir(path), 0);
    return status;
}

Test(load, folders_inside_folders)
{
    struct found_errors found = {0};
    cr_expect_eq(load_nested(2, &found), BOUNCE_OK);
    cr_expect_eq(load_nested(LIMIT_RULE_FOLDER_DEPTH, &found), BOUNCE_OK);
    cr_expect_eq(found.count, 0u);
    cr_expect_eq(load_nested(LIMIT_RULE_FOLDER_DEPTH + 1, &found), BOUNCE_ERROR_IO);
    cr_expect(strstr(found.text, "nested too deep"), "%s", found.text);
}

Test(load, files_that_cannot_be_read)
{
    struct folder f;
    struct found_errors found = {0};
    bounce_rules *rules = (bounce_rules *)&f;
    bounce_error error;
    make_folder(&f);
    write_file(&f, "c.rules", "x\n");
    const char *const paths[] = {path_in(&f, "missing"), path_in(&f, "c.rules")};
    cr_expect_eq(bounce_rules_load(paths, 1, note_error, &found, &rules, &error), BOUNCE_ERROR_IO);
    cr_expect_null(rules);
    cr_expect_eq(error.status, BOUNCE_ERROR_IO);
    cr_expect(g_str_has_prefix(error.message, f.path), "%s", error.message);
    cr_expect(g_str_has_suffix(error.message, "/missing: No such file or directory"), "%s", error.message);
    cr_expect_eq(error.line, 0u);
    found = (struct found_errors){0};
    cr_expect_eq(bounce_rules_load(paths, 2, note_error, &found, &rules, &error), BOUNCE_ERROR_IO,
                 "the status of the first error");
    cr_expect_eq(found.count, 2u, "the other file is still read: %s", found.text);
    remove_folder(&f);
}

Test(load, arguments)
{
    const char *const none[] = {NULL};
    bounce_rules *rules = NULL;
    bounce_error error;
    cr_expect_eq(bounce_rules_load(none, 1, NULL, NULL, NULL, &error), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_rules_load(none, 1, NULL, NULL, &rules, &error), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(error.status, BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_rules_load(NULL, 1, NULL, NULL, &rules, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_rules_load(NULL, 0, NULL, NULL, &rules, NULL), BOUNCE_OK, "no files: the built-in rules");
    cr_expect_not_null(rules);
    bounce_rules_unref(rules);
}

/* ------------------------------------------------------------------- caps */

static bounce_status load_many(size_t count)
{
    struct arena arena;
    struct strbuf text;
    bounce_rules *rules;
    arena_init(&arena);
    strbuf_init(&text, &arena);
    for (size_t i = 0; i < count; i++)
        strbuf_puts(&text, arena_printf(&arena, "rule r%zu\nreason spam\nphrase q%zuz\nwhy w\nexample e\nnear q%zuz\n",
                                        i, i, i));
    struct rule_text file = {"t", text.s};
    bounce_status status = ruleset_from_texts(&no_layer, &file, 1, NULL, NULL, &rules, NULL);
    bounce_rules_unref(rules);
    arena_free(&arena);
    return status;
}

Test(load, cap_of_rules)
{
    cr_expect_eq(load_many(LIMIT_RULES), BOUNCE_OK);
    cr_expect_eq(load_many(LIMIT_RULES + 1), BOUNCE_ERROR_RULES);
}

/* ------------------------------------------------------------------ threads */

static void *use_regexes(void *data)
{
    bounce_rules *rules = bounce_rules_ref(data);
    const struct layer *layer = ruleset_layer(rules, 1);
    const struct regex *last = NULL;
    for (size_t i = 0; i < layer->rule_count; i++)
        last = ruleset_regex(rules, 1, rule_patterns(layer, &layer->rules[i]), i % 2);
    bounce_rules_unref(rules);
    return (void *)last;
}

/* All threads get the same compiled expression, whoever made it. */
Test(load, expressions_are_published_once)
{
    pthread_t threads[8];
    void *results[8];
    char text[8192] = "";
    for (int i = 0; i < 40; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "rule r%d\n" REASON "match quota \\d+ of %d\nneed quota\nwhy w\nexample e\nnear quota\n", i, i);
    bounce_rules *rules = rules_of(NULL, text);
    for (size_t i = 0; i < 8; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, use_regexes, rules), 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], &results[i]);
    for (size_t i = 0; i < 8; i++)
        cr_expect(results[i] && results[i] == results[0]);
    bounce_rules_unref(rules);
}
