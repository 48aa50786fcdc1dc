/* SPDX-License-Identifier: MIT */
/* test_signs.c - mistakes in a sign, and their places. */
#include "rules/layer.h"
#include "rules/signs.h"
#include "rules_testing.h"

#define SIGN "sign s\nknow subject abc\n"

static const struct {
    const char *name, *text, *errors;
} faults[] = {
    {"good",
     SIGN
     "also from abc\nspeaks for\nweight 3\nknow sign t\nsign t\nknow type abc\ndialect d\nknow sign s\nalso not sign t\n",
     ""},
    {"no name", "sign\nknow subject abc\n", "t.rules:1:1: an id is missing\n"},
    {"bad name", "sign S\nknow subject abc\n", "t.rules:1:6: an id must begin with a lower-case letter or a digit\n"},
    {"no know", "sign s\nspeaks for\nweight 1\n", "t.rules:1:1: the sign has no know: nothing shows it\n"},
    {"also first", "sign s\nalso subject abc\nknow subject abc\n",
     "t.rules:2:1: \"also\" must come after a \"know\"\n"},
    {"weight too large", SIGN "weight 10\n", "t.rules:3:8: a weight is a number from -9 to 9\n"},
    {"weight without a digit", SIGN "weight -\n", "t.rules:3:8: a weight is a number from -9 to 9\n"},
    {"weight twice", SIGN "speaks for\nweight 1\nweight 1\n",
     "t.rules:5:1: \"weight\" may appear only once in an entry\n"},
    {"weight without a direction", SIGN "weight 1\n",
     "t.rules:1:1: a sign with a weight needs a line \"speaks for\" or \"speaks against\"\n"},
    {"weight against the direction", SIGN "speaks against\nweight 1\n",
     "t.rules:1:1: the weight says the contrary of \"speaks against\"\n"},
    {"threshold of another sign", SIGN "threshold 3\n",
     "t.rules:3:1: only the sum of all signs has a threshold: the sign \"report\"\n"},
    {"the sum as a condition", "sign report\nthreshold 3\ndialect d\nknow sign report\n",
     "t.rules:4:11: \"report\" is the sum of all signs, and no condition\n"},
    {"misspelt", SIGN "wieght 1\n", "t.rules:3:1: unknown keyword \"wieght\", did you mean \"weight\"?\n"},
    {"of a dialect", SIGN "software x\n",
     "t.rules:3:1: \"software\" is a keyword of dialects, and this entry is a sign\n"},
    {"of a sign", "dialect d\nknow subject abc\nweight 1\n",
     "t.rules:3:1: \"weight\" is a keyword of signs, and this entry is a dialect\n"},
    {"not in a know", SIGN "know not sign s\n",
     "t.rules:3:6: \"not\" belongs to an \"also\": what a mail lacks identifies nothing\n"},
    {"not without a sign", SIGN "also not subject x y\n", "t.rules:3:6: \"not\" may stand only in front of \"sign\"\n"},
    {"no name in a condition", SIGN "also sign\n", "t.rules:3:1: the name of a sign is missing\n"},
    {"bad name in a condition", SIGN "also sign a b\n", "t.rules:3:12: an id may contain only a-z, 0-9 and / . _ -\n"},
    {"not there", "dialect d\nknow subject abc\n  also  not sign  s\n", "t.rules:3:19: there is no sign \"s\"\n"},
    {"not there, in a sign", SIGN "also sign t\n", "t.rules:3:11: there is no sign \"t\"\n"},
    {"twice", SIGN "\n" SIGN, "t.rules:4:1: \"s\" is the name of another sign (t.rules:1)\n"},
    {"uses itself", "sign s\nknow sign s\n", "t.rules:2:11: the sign uses itself: s -> s\n"},
    {"circle", "sign a\nknow sign b\nsign b\nknow sign c\nsign c\nknow type abc\nknow type abc\nalso not sign b\n",
     "t.rules:8:15: the sign uses itself: b -> c -> b\n"},
    {"header and text", "sign a\nknow body abc\nsign b\nknow type abc\nknow subject abc\nalso not sign a\n",
     "t.rules:6:15: a sign is about the header or about the rest of a mail, not about both\n"},
    {"text and field", "sign a\nknow body abc\nknow header To\n",
     "t.rules:3:13: a sign is about the header or about the rest of a mail, not about both\n"},
    {"eight in a row",
     "sign a\nknow sign b\nsign b\nknow sign c\nsign c\nknow sign d\nsign d\nknow sign e\nsign e\nknow sign f\n"
     "sign f\nknow sign g\nsign g\nknow sign h\nsign h\nknow type abc\n",
     ""},
    {"nine in a row, from below",
     "sign h\nknow type abc\nsign g\nknow sign h\nsign f\nknow sign g\nsign e\nknow sign f\nsign d\nknow sign e\n"
     "sign c\nknow sign d\nsign b\nknow sign c\nsign a\nknow sign b\nsign z\nknow sign a\n",
     "t.rules:18:11: more than 8 signs use each other in a row\n"},
    {"nine in a row, from above",
     "sign z\nknow sign a\nsign a\nknow sign b\nsign b\nknow sign c\nsign c\nknow sign d\nsign d\nknow sign e\n"
     "sign e\nknow sign f\nsign f\nknow sign g\nsign g\nknow sign h\nsign h\nknow type abc\n",
     "t.rules:16:11: more than 8 signs use each other in a row\n"},
};

Test(signs, every_fault_has_its_place)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *errors = errors_of(faults[i].text);
        cr_expect_str_eq(errors, faults[i].errors, "%s:\n%s", faults[i].name, errors);
    }
}

static char *weighed_signs(size_t count)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "sign s%zu\nspeaks for\nknow type abc\n", i);
    return g_string_free(text, FALSE);
}

Test(signs, in_the_sum_at_the_limit)
{
    char *most = weighed_signs(LIMIT_WEIGHED_SIGNS), *too_many = weighed_signs(LIMIT_WEIGHED_SIGNS + 1);
    cr_expect_str_eq(errors_of(most), "");
    cr_expect_str_eq(errors_of(too_many), "t.rules:145:1: more than 48 signs have a part in the sum\n");
    g_free(most);
    g_free(too_many);
}

/* A sign may be defined after its use, and in another file. */
Test(signs, of_several_files)
{
    static const struct rule_text files[] = {{"a.rules", "dialect d\nknow sign s\n"},
                                             {"b.rules", SIGN},
                                             {"c.rules", "sign t\nknow sign s\nsign s\nknow type abc\n"}};
    struct found_errors found = {0};
    bounce_rules *rules;
    cr_assert_eq(ruleset_from_texts(&no_layer, files, 2, note_error, &found, &rules, NULL), BOUNCE_OK, "%s",
                 found.text);
    bounce_rules_unref(rules);
    cr_expect_eq(ruleset_from_texts(&no_layer, files, 3, note_error, &found, &rules, NULL), BOUNCE_ERROR_RULES);
    cr_expect_str_eq(found.text, "c.rules:3:1: \"s\" is the name of another sign (b.rules:1)\n");
}

Test(signs, of_the_layer_below)
{
    bounce_rules *lower = rules_of(NULL, SIGN "sign text\nknow body abc\n");
    const struct layer *below = ruleset_layer(lower, 1);
    bounce_rules_unref(rules_of(below, "sign t\nknow sign s\ndialect d\nknow sign t\nalso sign text\n"));
    static const struct rule_text files[] = {{"t.rules", SIGN}, {"u.rules", "sign t\nknow sign s\nknow sign text\n"}};
    struct found_errors found = {0};
    bounce_rules *rules;
    ruleset_from_texts(below, files, 2, note_error, &found, &rules, NULL);
    cr_expect_str_eq(found.text,
                     "t.rules:1:1: \"s\" is a built-in sign: give yours another name\n"
                     "u.rules:3:11: a sign is about the header or about the rest of a mail, not about both\n");
    bounce_rules_unref(lower);
}

/* Only built-in files have these errors. */
Test(signs, that_nothing_uses)
{
    struct arena arena;
    struct rule_entries e;
    arena_init(&arena);
    rule_entries_init(&e, &arena);
    rule_file_read(&e, "t.rules", span_z(SIGN "sign t\nknow type abc\nsign u\nknow sign t\ndialect d\nknow sign s\n"));
    cr_expect(layer_build(&e, NULL, &arena));
    signs_check_builtin(&e);
    cr_assert_eq(e.error_count, 1u + ASKED_COUNT);
    cr_expect_str_eq(e.errors[0].message, "nothing uses the sign \"u\"");
    cr_expect_eq(e.errors[0].line, 5u);
    cr_expect_str_eq(e.errors[1].message, "the sign \"mail-system\" is missing: the library asks for it");
    arena_free(&arena);
}
