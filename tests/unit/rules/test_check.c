/* SPDX-License-Identifier: MIT */
/* test_check.c - bounce_rules_check(), sources in memory and bounce_rules_draft(). */
#include "base/limits.h"
#include "rules_testing.h"

#include <glib.h>

#define RULE(id, lines) "rule " id "\nreason policy\n" lines "why w\n"
#define GOOD RULE("mine/zebra", "phrase zebra crossing\n") "example 550 zebra crossing\nnear 550 zebra\n"

static bounce_rules_source source(const char *text)
{
    return (bounce_rules_source){.path = "x/t.rules", .text = text, .length = strlen(text)};
}

struct findings {
    struct found_errors errors, warnings;
};

static void on_error(void *data, const char *path, const bounce_error *error)
{
    note_error(&((struct findings *)data)->errors, path, error);
}

static void on_warning(void *data, const char *path, const bounce_error *error)
{
    cr_expect_eq(error->status, BOUNCE_OK);
    note_error(&((struct findings *)data)->warnings, path, error);
}

Test(check, counts_and_findings)
{
    struct findings found = {{0}, {0}};
    size_t counts[BOUNCE_RULES_COUNTS + 1];
    bounce_rules_source s =
        source("format 2\n" GOOD RULE("mine/gnu", "phrase \"a gnu\"\n") "example a gnu\nnear gnu\n"
                                                                        "override no-such-user/user-unknown\n"
                                                                        "dialect zebra\nknow subject zebra\n");
    cr_assert_eq(bounce_rules_check(&s, 1, on_error, on_warning, &found, counts, COUNT(counts), NULL), BOUNCE_OK);
    cr_expect_str_eq(found.errors.text, "");
    cr_expect_str_eq(found.warnings.text,
                     "x/t.rules:10:8: the quotes belong to the phrase, and few texts have them: leave them out\n"
                     "x/t.rules:12:1: this example is decided by no rule\n");
    static const size_t want[] = {2, 0, 1, 1, 2, 2, 1, 0};
    cr_expect_arr_eq(counts, want, sizeof want);
    cr_expect_eq(bounce_rules_check(&s, 1, NULL, NULL, NULL, NULL, 0, NULL), BOUNCE_OK);
    cr_expect_eq(bounce_rules_check(&s, 1, NULL, NULL, NULL, NULL, 1, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_rules_check(NULL, 1, NULL, NULL, NULL, NULL, 0, NULL), BOUNCE_ERROR_ARGUMENT);
}

Test(check, errors_and_warnings_of_one_file)
{
    struct findings found = {{0}, {0}};
    bounce_error error;
    bounce_rules_source s = source("format 2\nrule x\nreason policy\nphrase \"a zebra\"\n");
    cr_assert_eq(bounce_rules_check(&s, 1, on_error, on_warning, &found, NULL, 0, &error), BOUNCE_ERROR_RULES);
    cr_expect_eq(found.errors.count, 3u);
    cr_expect_eq(found.warnings.count, 1u);
    cr_expect_eq(error.line, 2u);
}

Test(check, what_is_unchecked_belongs_to_the_set)
{
    struct findings found = {{0}, {0}};
    size_t counts[BOUNCE_RULES_COUNTS];
    bounce_rules_source both[] = {
        source("format 2\n" RULE("a", "phrase \"gnu\"\nscope software none-such\n") "example gnu\nnear gnus\n"),
        source("format 2\noverride a\nreason spam\nphrase gnu\nwhy w\n"
               "example 550 gnu\nnear 550 gnus\n")};
    both[0].unchecked = true;
    cr_assert_eq(bounce_rules_check(both, 2, on_error, on_warning, &found, counts, COUNT(counts), NULL), BOUNCE_OK,
                 "%s", found.errors.text);
    cr_expect_str_eq(found.warnings.text, "");
    static const size_t want[] = {0, 1, 0, 0, 1, 1, 0};
    cr_expect_arr_eq(counts, want, sizeof want);
}

Test(check, rules_from_memory)
{
    bounce_rules *rules;
    bounce_rules_source s = source("format 2\n" GOOD);
    cr_assert_eq(bounce_rules_load_sources(&s, 1, NULL, NULL, &rules, NULL), BOUNCE_OK);
    cr_expect_str_eq(bounce_rule_string(bounce_rules_at(rules, 0), BOUNCE_RULE_ID), "mine/zebra");
    cr_expect_str_eq(bounce_rule_string(bounce_rules_at(rules, 0), BOUNCE_RULE_FILE), "t.rules");
    bounce_rules_unref(rules);
    s.path = NULL;
    cr_expect_eq(bounce_rules_load_sources(&s, 1, NULL, NULL, &rules, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_null(rules);
    cr_expect_eq(bounce_rules_load_sources(&s, 1, NULL, NULL, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_rules_load_sources(NULL, 0, NULL, NULL, &rules, NULL), BOUNCE_OK);
    bounce_rules_unref(rules);
}

/* ---------------------------------------------------------------- drafts */

static const char *draft(bounce_reason reason, const char *wording, bounce_status want)
{
    static char text[4096];
    size_t length;
    *text = '\0';
    cr_expect_eq(bounce_rules_draft(NULL, 0, reason, wording, text, sizeof text, &length), want, "%s", wording);
    cr_expect_eq(length, strlen(text));
    return text;
}

/* The phrase of a draft: "phrase the words". */
static const char *phrase_of(const char *wording)
{
    static char phrase[512];
    const char *text = draft(BOUNCE_REASON_NO_SUCH_USER, wording, BOUNCE_OK), *at = strstr(text, "\nphrase ");
    if (!at)
        return "";
    snprintf(phrase, sizeof phrase, "%.*s", (int)strcspn(at + 8, "\n"), at + 8);
    return phrase;
}

Test(draft, phrases)
{
    static const struct {
        const char *wording, *phrase;
    } rows[] = {
        {"550 5.7.1 <user@example.com>: the locker of this person has evaporated",
         "locker of this person has evaporated"},
        {"550 the locker of user1 has evaporated", "locker .. evaporated"},
        {"554 gremlins", "gremlins"},
        {"550 5.1.1 mailbox full", "mailbox full"},
        {"450 see https://gremlins.oak.example/ wardrobe", "wardrobe"},
        {"554 5.7.1 受信者の箱が消えました", "受信者の箱が消えまし"},
        {"550 Service unavailable; zebra crossing", "zebra crossing"},
        {"550 {strange} *words* | here a|b wardrobe gone", "wardrobe gone"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_str_eq(phrase_of(rows[i].wording), rows[i].phrase, "%s", rows[i].wording);
}

Test(draft, it_passes_and_decides)
{
    bounce_rules *rules;
    bounce_report *report;
    bounce_rules_source s = source(draft(BOUNCE_REASON_SPAM, "550 5.1.1 user unknown to the zebra", BOUNCE_OK));
    struct findings found = {{0}, {0}};
    cr_assert_eq(bounce_rules_check(&s, 1, on_error, on_warning, &found, NULL, 0, NULL), BOUNCE_OK);
    cr_expect_str_eq(found.warnings.text, "");
    cr_assert_eq(bounce_rules_load_sources(&s, 1, NULL, NULL, &rules, NULL), BOUNCE_OK);
    bounce_parser *parser = bounce_parser_new(rules, NULL);
    static const char reply[] = "550 5.1.1 user unknown to the zebra";
    cr_assert_eq(bounce_parse_reply(parser, reply, strlen(reply), NULL, &report, NULL), BOUNCE_OK);
    cr_expect_eq(bounce_recipient_reason(bounce_report_recipient(report, 0)), BOUNCE_REASON_SPAM);
    bounce_report_free(report);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

/* A rule of the user that was wrong is overruled, too. */
Test(draft, own_rules)
{
    char text[4096];
    size_t length;
    bounce_rules_source own = source("format 2\n" GOOD);
    own.unchecked = true;
    cr_assert_eq(
        bounce_rules_draft(&own, 1, BOUNCE_REASON_SPAM, "550 a zebra crossing closed", text, sizeof text, &length),
        BOUNCE_OK);
    cr_expect(strstr(text, "\nreason spam\nbeats mine/zebra\nphrase zebra crossing closed\n"), "%s", text);
    cr_assert_eq(bounce_rules_draft(&own, 1, BOUNCE_REASON_SPAM, "550 gremlins", text, sizeof text, &length),
                 BOUNCE_OK);
    cr_expect_null(strstr(text, "beats"));
}

/* A comment says which texts the draft would take away from other rules. */
Test(draft, words_of_others)
{
    cr_expect(strstr(draft(BOUNCE_REASON_SPAM, "550 service unavailable", BOUNCE_OK),
                     " examples of built-in rules for other reasons have these words, too.\nreason spam\n"));
    cr_expect_null(strstr(draft(BOUNCE_REASON_SPAM, "550 zebra crossing", BOUNCE_OK), "#"));
}

Test(draft, what_cannot_be_drafted)
{
    size_t length = 7;
    char small[16];
    cr_expect(strstr(draft(BOUNCE_REASON_UNKNOWN, "550 gremlins", BOUNCE_OK), "\nreason ?\n"));
    static const char *const nothing[] = {"",          "550",      "550 5.1.1 <user@example.com> a1b2c3d4",
                                          "550 is it", "550 user", "\xff\xfe gremlins"};
    for (size_t i = 0; i < G_N_ELEMENTS(nothing); i++)
        draft(BOUNCE_REASON_SPAM, nothing[i], BOUNCE_END);
    cr_expect_eq(bounce_rules_draft(NULL, 0, BOUNCE_REASON_SPAM, "550 gremlins", small, sizeof small, &length),
                 BOUNCE_ERROR_LIMIT);
    cr_expect_gt(length, sizeof small);
    cr_expect_eq(bounce_rules_draft(NULL, 0, BOUNCE_REASON_SPAM, NULL, small, sizeof small, &length),
                 BOUNCE_ERROR_ARGUMENT);
    bounce_rules_source wrong = source("rule x\n");
    cr_expect_eq(bounce_rules_draft(&wrong, 1, BOUNCE_REASON_SPAM, "550 gremlins", small, sizeof small, &length),
                 BOUNCE_ERROR_RULES);
    cr_expect_eq(length, 0u);
}

/* The example is as much of a longer text as a wording may have. */
Test(draft, a_long_text)
{
    char text[LIMIT_WORDING_BYTES + 64];
    memset(text, 'z', sizeof text);
    memcpy(text, "550 gremlins ate ", 17);
    text[LIMIT_WORDING_BYTES] = '\0';
    cr_expect(strstr(draft(BOUNCE_REASON_SPAM, text, BOUNCE_OK), text));
    text[LIMIT_WORDING_BYTES] = 'z';
    text[LIMIT_WORDING_BYTES + 1] = '\0';
    cr_expect_null(strstr(draft(BOUNCE_REASON_SPAM, text, BOUNCE_OK), text));
}
