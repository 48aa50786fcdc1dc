/* SPDX-License-Identifier: MIT */
/* test_ranks.c - the order of rules and dialects: what is stated, cycles, the reasons, and the names of files. */
#include "match/tables.h"
#include "rules/layer.h"
#include "rules_testing.h"

#include <glib.h>

#define END "why w\nexample e\nnear quota\n"
#define RULE(id, lines) "rule " id "\nreason spam\nphrase over quota\n" lines END
#define DIALECT(id, lines) "dialect " id "\nknow body over quota\n" lines

static void add_id(char *ids, size_t size, const char *id)
{
    snprintf(ids + strlen(ids), size - strlen(ids), "%s%s", *ids ? " " : "", id);
}

/* All rules of a set, in order. */
static const char *rules_in(const bounce_rules *rules)
{
    static char ids[512];
    *ids = '\0';
    for (size_t i = 0; i < bounce_rules_count(rules); i++)
        add_id(ids, sizeof ids, bounce_rule_string(bounce_rules_at(rules, i), BOUNCE_RULE_ID));
    return ids;
}

/* The dialects of a set's upper layer, in order. */
static const char *dialects_in(const bounce_rules *rules)
{
    static char ids[512];
    const struct layer *layer = ruleset_layer(rules, 1);
    *ids = '\0';
    for (size_t i = 0; i < layer->dialect_count; i++)
        add_id(ids, sizeof ids, layer_string(layer, layer->dialects[i].id));
    return ids;
}

struct row {
    const char *name, *text, *want;
};

static const struct row rule_rows[] = {
    {"nothing stated", RULE("c", "") RULE("a", "") RULE("b", ""), "a b c"},
    {"who yields goes right after the other", RULE("a", "yields c\n") RULE("b", "") RULE("c", "") RULE("d", ""),
     "b c a d"},
    {"who beats goes right before the other", RULE("a", "") RULE("b", "") RULE("c", "beats b\n") RULE("d", ""),
     "a c b d"},
    {"who beats two goes before both", RULE("a", "") RULE("b", "") RULE("c", "") RULE("d", "beats c\nbeats b\n"),
     "a d b c"},
    {"two in one line", RULE("a", "yields c b\n") RULE("b", "") RULE("c", "") RULE("d", ""), "b c a d"},
    {"a chain of beats", RULE("a", "") RULE("b", "") RULE("c", "beats b\n") RULE("d", "beats c\n"), "a d c b"},
    {"a chain of yields", RULE("a", "yields b\n") RULE("b", "yields c\n") RULE("c", "") RULE("d", ""), "c b a d"},
    {"both say so", RULE("a", "yields b\n") RULE("b", "beats a\n") RULE("c", ""), "b a c"},
    {"what was so already", RULE("a", "beats c\n") RULE("b", "") RULE("c", "yields a\n"), "a b c"},
    {"its own reason is all others", RULE("a", "yields spam\n") RULE("b", "") RULE("c", ""), "b c a"},
    {"a reason is only of this tier", RULE("a", "yields spam\n") RULE("b", "tier 5\n") RULE("c", ""), "c a b"},
    {"a reason without rules", RULE("a", "yields policy\n") RULE("b", ""), "a b"},
    {"last", RULE("a", "last\n") RULE("b", "") RULE("c", "last\n") RULE("d", ""), "b d a c"},
    {"format 2", "format 2\n" RULE("a", "yields b\n") RULE("b", ""), "b a"},
};

static const struct row dialect_rows[] = {
    {"nothing stated", DIALECT("c", "") DIALECT("a", "") DIALECT("b", ""), "a b c"},
    {"languages after writers", DIALECT("general-x", "") DIALECT("z", "") DIALECT("general-b", ""),
     "z general-b general-x"},
    {"last of the writers, last of the languages",
     DIALECT("general-b", "last\n") DIALECT("general-x", "") DIALECT("z", "") DIALECT("y", "last\n"),
     "z y general-x general-b"},
    {"yields, beats", DIALECT("a", "yields c\n") DIALECT("b", "") DIALECT("c", "") DIALECT("d", "beats b\n"),
     "d b c a"},
    {"yields general", DIALECT("a", "yields general\n") DIALECT("b", "") DIALECT("general-x", ""), "b general-x a"},
    {"beats general", DIALECT("general-x", "beats general\n") DIALECT("general-b", ""), "general-x general-b"},
    {"priorities of format 1", DIALECT("a", "priority -1\n") DIALECT("b", "") DIALECT("c", "priority 1\n"), "c b a"},
};

Test(ranks, rules)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rule_rows); i++) {
        bounce_rules *rules = rules_of(NULL, rule_rows[i].text);
        cr_expect_str_eq(rules_in(rules), rule_rows[i].want, "%s: %s", rule_rows[i].name, rules_in(rules));
        for (size_t k = 0; k < bounce_rules_count(rules); k++)
            cr_expect_eq(bounce_rule_rank(rules, bounce_rules_at(rules, k)), k + 1);
        bounce_rules_unref(rules);
    }
}

Test(ranks, dialects)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dialect_rows); i++) {
        bounce_rules *rules = rules_of(NULL, dialect_rows[i].text);
        cr_expect_str_eq(dialects_in(rules), dialect_rows[i].want, "%s: %s", dialect_rows[i].name, dialects_in(rules));
        bounce_rules_unref(rules);
    }
}

/* Each text is a file of its own; lines are counted from `rule` or `dialect` on. */
static const struct row faults[] = {
    {"unknown", RULE("a", "beats b\n"), "t.rules:4:7: \"b\" is neither a rule nor a reason\n"},
    {"the second word", RULE("a", "beats spam  b\n"), "t.rules:4:13: \"b\" is neither a rule nor a reason\n"},
    {"itself", RULE("a", "yields a\n"), "t.rules:4:8: \"a\" is this rule itself\n"},
    {"another tier", RULE("a", "yields b\n") RULE("b", "tier 5\n"),
     "t.rules:4:8: \"b\" has another tier: the tiers decide the order\n"},
    {"no word", RULE("a", "yields\n"), "t.rules:4:1: \"yields\" needs a value\n"},
    {"last of what", RULE("a", "last one\n"), "t.rules:4:1: \"last\" stands alone, without a value\n"},
    {"last twice", RULE("a", "last\nlast\n"), "t.rules:5:1: \"last\" may appear only once in an entry\n"},
    {"two beat each other", RULE("a", "beats b\n") RULE("b", "beats a\n"),
     "t.rules:4:7: this closes a circle: a beats b beats a\n"},
    {"three in a circle, and one that waits for it",
     RULE("x", "yields c\n") RULE("c", "beats a\n") RULE("b", "yields a\n") RULE("a", "")
         RULE("d", "yields b\nbeats c\n"),
     "t.rules:11:7: this closes a circle: a beats b beats d beats c beats a\n"},
    {"by a reason", RULE("a", "yields spam\n") RULE("b", "yields spam\n"),
     "t.rules:4:8: this closes a circle: a beats b beats a\n"},
    {"a priority in format 2", "format 2\n" RULE("a", "priority 5\n"),
     "t.rules:5:1: format 2 has no priorities: write yields, beats or last\n"},
    {"unknown dialect", DIALECT("a", "beats spam\n"), "t.rules:3:7: \"spam\" is not the id of a dialect\n"},
    {"the dialect itself", DIALECT("a", "beats a\n"), "t.rules:3:7: \"a\" is this dialect itself\n"},
    {"a circle of dialects", DIALECT("a", "beats b\n") DIALECT("b", "beats a\n"),
     "t.rules:3:7: this closes a circle: a beats b beats a\n"},
};

Test(ranks, faults)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
        cr_expect_str_eq(errors_of(faults[i].text), faults[i].want, "%s: %s", faults[i].name,
                         errors_of(faults[i].text));
}

/* Statements of rules of the lower layer hold for their overrides; a removed rule states nothing. */
Test(ranks, layers)
{
    bounce_rules *base = rules_of(NULL, RULE("a", "yields c\n") RULE("b", "") RULE("c", "") RULE("d", "beats b\n"));
    static const struct row rows[] = {
        {"the order below stays", RULE("own", ""), "own d b c a"},
        {"an override keeps its place, and still yields", "override a\nreason spam\nphrase over quota\n" END,
         "d b c a"},
        {"an override that others yield to", "override c\nreason spam\nphrase over quota\n" END, "d b c a"},
        {"its priority in format 1", "override c\nreason spam\npriority 1\nphrase over quota\n" END, "c d b a"},
        {"an override of another tier", "override c\nreason spam\ntier 5\nphrase over quota\n" END, "d b a c"},
        {"a rule that is removed", "override c\n", "d b a"},
        {"an own rule between", RULE("own", "yields b\n"), "d b own c a"},
        {"an own rule moves those below", RULE("own", "yields c\nbeats b\n"), "d c own b a"},
    };
    cr_assert_str_eq(rules_in(base), "d b c a");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bounce_rules *rules = rules_of(ruleset_layer(base, 1), rows[i].text);
        cr_expect_str_eq(rules_in(rules), rows[i].want, "%s: %s", rows[i].name, rules_in(rules));
        bounce_rules_unref(rules);
    }
    bounce_rules *other = rules_of(ruleset_layer(base, 1), RULE("own", ""));
    cr_expect_eq(bounce_rule_rank(base, bounce_rules_at(other, 0)), 0u, "a rule of another set");
    bounce_rules_unref(other);
    bounce_rules_unref(base);
}

/* ---------------------------------------------------------------- reasons */

static const char *errors_of_order(const char *text)
{
    static char all[2048];
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    reason_order_read_bytes(&entries, "order", span_z(text));
    *all = '\0';
    for (size_t i = 0; i < entries.error_count && i < 3; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%u:%u: %s\n", (unsigned)entries.errors[i].line,
                 (unsigned)entries.errors[i].column, entries.errors[i].message);
    arena_free(&arena);
    return all;
}

Test(ranks, each_reason_once)
{
    GString *text = g_string_new("# all of them\n\n");
    for (int i = BOUNCE_REASON_DELIVERED; i >= 0; i--)
        g_string_append_printf(text, "  %s \r\n", bounce_reason_name((bounce_reason)i));
    cr_expect_str_eq(errors_of_order(text->str), "");
    g_string_append(text, " spam\n");
    cr_expect_str_eq(errors_of_order(text->str), "42:2: \"spam\" is in line 28 already\n");
    g_string_append(text, "spa\n");
    cr_expect_str_eq(errors_of_order(text->str),
                     "42:2: \"spam\" is in line 28 already\n43:1: \"spa\" is not a reason\n");
    g_string_truncate(text, (gsize)(strstr(text->str, "  no-such-user") - text->str));
    cr_expect_str_eq(errors_of_order(text->str), "0:0: \"unknown\" is missing\n0:0: \"no-such-user\" is missing\n");
    g_string_free(text, TRUE);
}

/* ------------------------------------------------------------------ files */

static bool begins_entry(const char *line)
{
    static const char *const words[] = {"rule ", "dialect ", "sign ", "words "};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(line, words[i]))
            return true;
    return false;
}

/* Entries of a rule file, each as a text of its own, in the format of the file. */
static void split_entries(GPtrArray *entries, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    const char *format = "format 1";
    GString *entry = NULL;
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, "format "))
            format = *line;
        if (begins_entry(*line) && entry)
            g_ptr_array_add(entries, g_string_free(entry, FALSE));
        if (begins_entry(*line))
            g_string_append_printf(entry = g_string_new(format), "\n");
        if (entry && **line != '#')
            g_string_append_printf(entry, "%s\n", *line);
    }
    if (entry)
        g_ptr_array_add(entries, g_string_free(entry, FALSE));
    g_strfreev(lines);
}

static void split_folder(GPtrArray *entries, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    cr_assert(folder);
    for (const char *name; (name = g_dir_read_name(folder));) {
        char *inside = g_build_filename(path, name, NULL), *text;
        if (g_file_test(inside, G_FILE_TEST_IS_DIR))
            split_folder(entries, inside);
        else if (g_str_has_suffix(name, ".rules") && g_file_get_contents(inside, &text, NULL, NULL)) {
            split_entries(entries, text);
            g_free(text);
        }
        g_free(inside);
    }
    g_dir_close(folder);
}

static void shuffle(GPtrArray *items, guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    for (guint i = items->len; i > 1; i--) {
        guint k = (guint)g_rand_int_range(random, 0, (gint)i);
        gpointer item = items->pdata[i - 1];
        items->pdata[i - 1] = items->pdata[k];
        items->pdata[k] = item;
    }
    g_rand_free(random);
}

/* The built-in entries in any order and in other files have the same ranks. */
Test(ranks, files_do_not_matter)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    split_folder(texts, BOUNCE_SOURCE_DIR "/data/patterns");
    cr_assert(texts->len > 1000);
    shuffle(texts, 10);
    reason_order_read(&entries, BOUNCE_SOURCE_DIR "/data/patterns/order");
    for (guint i = 0; i < texts->len; i++)
        rule_file_read(&entries, arena_printf(&arena, "%u.rules", i), span_z(texts->pdata[i]));
    const struct layer *a = &bounce_builtin_layer, *b = layer_build(&entries, NULL, &arena);
    cr_assert(b && a->rule_count == b->rule_count && a->dialect_count == b->dialect_count);
    for (size_t i = 0; i < a->rule_count; i++)
        cr_assert_str_eq(layer_string(a, a->rules[i].id), layer_string(b, b->rules[i].id));
    for (size_t i = 0; i < a->dialect_count; i++)
        cr_assert_str_eq(layer_string(a, a->dialects[i].id), layer_string(b, b->dialects[i].id));
    g_ptr_array_free(texts, TRUE);
    arena_free(&arena);
}
