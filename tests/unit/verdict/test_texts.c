/* SPDX-License-Identifier: MIT */
/* test_texts.c - which texts of a recipient are judged, and how much of them (verdict/texts.c). */
#include "verdict/texts.h"

#include "core_testing.h"

static struct arena scratch;
static struct judge judge;
static struct judged judged;
static struct verdict verdict;

static void set_up(void)
{
    core_set_up();
    arena_init(&scratch);
    judge = (struct judge){.scratch = &scratch, .text_bytes = 1000};
    bounce_report *report;
    cr_assert_eq(bounce_parse_reply(core_parser, "", 0, NULL, &report, NULL), BOUNCE_OK);
    judge.report = core_keep(report);
}

static void tear_down(void)
{
    arena_free(&scratch);
    core_tear_down();
}

TestSuite(verdict_texts, .init = set_up, .fini = tear_down);

/* Prepares the texts, all of one origin, up to a NULL. */
static void judge_texts(enum text_origin origin, const char *const *words)
{
    static struct fact_text texts[8];
    static struct facts facts;
    size_t n = 0;
    for (; *words; words++, n++) {
        texts[n] = (struct fact_text){.origin = origin, .where = "test", .raw = span_z(*words)};
        if (n)
            texts[n - 1].next = &texts[n];
    }
    facts = (struct facts){.texts = texts};
    judged_set_up(&judged, &judge, &facts, &verdict);
}

static const char *words_of(size_t i)
{
    return i < judged.count ? arena_strndup(&scratch, judged.texts[i].norm.text, judged.texts[i].norm.length) : "-";
}

/* All texts of a recipient together have text_bytes; what is left out leads to a warning. */
Test(verdict_texts, texts_share_their_bytes)
{
    static const struct {
        size_t bytes;
        const char *judged[3];
        bool warned;
    } rows[] = {
        {13, {"one two", "three", "4"}, false},
        {12, {"one two", "three", "-"}, true},
        {11, {"one two", "thre", "-"}, true},
        {8, {"one two", "t", "-"}, true},
        {7, {"one two", "-", "-"}, true},
        {3, {"one", "-", "-"}, true},
        {0, {"-", "-", "-"}, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *report;
        cr_assert_eq(bounce_parse_reply(core_parser, "", 0, NULL, &report, NULL), BOUNCE_OK);
        judge.report = core_keep(report);
        judge.text_bytes = rows[i].bytes;
        judge_texts(ORIGIN_BESIDE, (const char *const[]){"one two", "one two", "three", "4", NULL});
        for (size_t k = 0; k < 3; k++)
            cr_expect_str_eq(words_of(k), rows[i].judged[k], "%zu bytes, text %zu: \"%s\"", rows[i].bytes, k,
                             words_of(k));
        cr_expect_eq(has_warning(report, "long-subject"), rows[i].warned, "%zu bytes", rows[i].bytes);
    }
}

/* Only a reply has lines that repeat their code. */
Test(verdict_texts, lines_of_a_reply_are_joined)
{
    static const char *const words[] = {"550-5.1.1 the user\r\n550 5.1.1 is unknown", NULL};
    judge_texts(ORIGIN_REPLY, words);
    cr_expect_str_eq(words_of(0), "550-5.1.1 the user is unknown");
    judge_texts(ORIGIN_BESIDE, words);
    cr_expect_str_eq(words_of(0), "550-5.1.1 the user 550 5.1.1 is unknown");
}
