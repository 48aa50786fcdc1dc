/* SPDX-License-Identifier: MIT */
/*
 * test_texts.c - each text of a report exists once, and its reply is parsed
 * once (reading/texts.c); also in whole reports.
 */
#include "reading_testing.h"

#include <stdlib.h>

#include "base/limits.h"
#include "parser.h"

#define LONG_FRONT "550 5.1.1 the mailbox that you have tried to reach is not here, says host number "

static void set_up_reports(void)
{
    core_set_up();
    reading_set_up();
}

static void tear_down_reports(void)
{
    reading_tear_down();
    core_tear_down();
}

TestSuite(texts, .init = reading_set_up, .fini = reading_tear_down);
TestSuite(texts_of_reports, .init = set_up_reports, .fini = tear_down_reports);

static struct read_text *intern(const char *words)
{
    return texts_intern(&rd, span_z(words));
}

/* The same words at another place in memory. */
static struct read_text *intern_copy(const char *words)
{
    return intern(arena_strdup(&reading_keep, words));
}

/* ------------------------------------------------------------- interning */

Test(texts, equal_bytes_are_one_text)
{
    struct read_text *a = intern("550 unknown");
    cr_expect_eq(intern_copy("550 unknown"), a);
    cr_expect_eq(intern_copy(" \r\n\t550 unknown\f "), a); /* white space at either end is not part of it */
    cr_expect_eq(a->raw.n, strlen("550 unknown"));
    cr_expect_eq(rd.text_count, 1u);
    cr_expect_neq(intern_copy("550  unknown"), a); /* inside, it is */
    cr_expect_neq(intern_copy("550 Unknown"), a);  /* so is case */
    cr_expect_eq(rd.text_count, 3u);
}

Test(texts, an_empty_text_is_one_too)
{
    struct read_text *empty = intern("");
    cr_expect_eq(intern_copy(""), empty);
    cr_expect_eq(texts_intern(&rd, span_of(NULL, 0)), empty);
    cr_expect_eq(intern_copy(" \n"), empty);
    cr_expect_eq(empty->raw.n, 0u);
    cr_expect_neq(intern("x"), empty);
    cr_expect_eq(texts_reply(&rd, empty)->code, 0);
}

Test(texts, numbers_count_from_one_in_the_order_of_meeting)
{
    cr_expect_eq(intern("a")->id, 1u);
    cr_expect_eq(intern("b")->id, 2u);
    cr_expect_eq(intern("a")->id, 1u);
    cr_expect_eq(texts_add(&rd, span_z("c"))->id, 3u);
}

Test(texts, one_of_its_own_is_never_shared)
{
    struct read_text *shared = intern("words"), *own = texts_add(&rd, span_z(" words "));
    cr_expect_neq(own, shared);
    cr_expect_neq(texts_add(&rd, span_z("words")), own);
    cr_expect_eq(intern_copy("words"), shared);
    cr_expect_eq(own->raw.n, strlen("words"));
}

/* Of the same length or a byte longer, with one different byte: in any word of the
 * hash, and in its rest. */
Test(texts, texts_that_are_nearly_equal_are_different)
{
    enum { MAX = 67 };
    char words[MAX + 1];
    uint32_t different = 0;
    for (size_t n = MAX; n > 0; n--) { /* none is mistaken for a longer one with that beginning */
        memset(words, 'x', n);
        words[n] = '\0';
        struct read_text *plain = intern_copy(words);
        cr_assert_eq(rd.text_count, ++different, "%zu bytes", n);
        for (size_t i = 0; i < n; i++, words[i - 1] = 'x') {
            words[i] = 'y';
            cr_assert_neq(intern_copy(words), plain, "byte %zu of %zu", i, n);
            cr_assert_eq(rd.text_count, ++different, "byte %zu of %zu", i, n);
        }
        cr_assert_eq(intern(words), plain);
    }
}

Test(texts, nothing_is_lost_when_the_table_grows)
{
    enum { MANY = 20000 };
    struct read_text **texts = malloc(MANY * sizeof *texts);
    for (size_t i = 0; i < MANY; i++)
        texts[i] = intern(arena_printf(&reading_keep, LONG_FRONT "%zu", i));
    cr_expect_eq(rd.text_count, (uint32_t)MANY);
    for (size_t i = 0; i < MANY; i++) {
        cr_assert_eq(texts[i]->id, i + 1);
        cr_assert_eq(intern(arena_printf(&reading_keep, LONG_FRONT "%zu", i)), texts[i], "%zu", i);
    }
    cr_expect_eq(rd.text_count, (uint32_t)MANY);
    free(texts);
}

/* --------------------------------------------------------- parsed at most once */

#define HOST_SAID "host mx.x.test said: 550 5.1.1 unknown (in reply to RCPT TO command)"

Test(texts, a_reply_is_parsed_once_however_often_it_is_needed)
{
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(texts_reply(&rd, intern_copy(HOST_SAID))->code, 550);
        cr_expect_eq(texts_codes(&rd, intern_copy(HOST_SAID))->code, 550);
        cr_expect_eq(texts_codes_of(&rd, span_z(HOST_SAID)).code, 550);
        cr_expect_eq(rd.replies_parsed, 1u);
    }
    texts_reply(&rd, intern("550 another"));
    cr_expect_eq(rd.replies_parsed, 2u);
}

Test(texts, codes_first_and_the_rest_of_the_reply_when_it_is_needed)
{
    struct read_text *t = intern(HOST_SAID);
    cr_expect_not(t->is_read);
    const struct reply *codes = texts_codes(&rd, t);
    cr_expect(t->is_read && !t->is_whole);
    cr_expect(codes->code == 550 && codes->status.detail == 1);
    cr_expect(!codes->host && codes->command == BOUNCE_COMMAND_NONE && !codes->from_remote);
    const struct reply *whole = texts_reply(&rd, t);
    cr_expect_eq(whole, codes);
    cr_expect(t->is_whole && whole->code == 550 && whole->from_remote);
    cr_expect_str_eq(whole->host, "mx.x.test");
    cr_expect_eq(whole->command, BOUNCE_COMMAND_RCPT);
    cr_expect_eq(rd.replies_parsed, 1u);
}

Test(texts, both_steps_give_what_one_gives)
{
    static const char *const rows[] = {HOST_SAID, "550-5.7.1 first\n550 5.7.1 second", "no code", "421 4.4.2 x", ""};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reply whole;
        reply_read(&reading_keep, span_z(rows[i]), &whole);
        texts_codes(&rd, intern(rows[i]));
        const struct reply *steps = texts_reply(&rd, intern(rows[i]));
        cr_expect(steps->code == whole.code && !memcmp(&steps->status, &whole.status, sizeof whole.status), "%zu", i);
        if (*rows[i]) /* an empty text may be anywhere */
            cr_expect(steps->text.s == whole.text.s && steps->inner.s == whole.inner.s, "%zu", i);
        cr_expect(steps->text.n == whole.text.n && steps->inner.n == whole.inner.n, "%zu", i);
        cr_expect(steps->command == whole.command && steps->from_remote == whole.from_remote, "%zu", i);
        cr_expect_str_eq(shown(steps->host), shown(whole.host), "%zu", i);
        cr_expect_eq(steps->has_lines, whole.has_lines, "%zu", i);
    }
}

/* Nothing in it can be the code of a failure: it is not parsed until all of the reply is needed. */
Test(texts, words_without_a_code_are_not_parsed_for_codes)
{
    struct read_text *t = intern("250 ok, mail of the 24th");
    const struct reply *codes = texts_codes(&rd, t);
    cr_expect_eq(rd.replies_parsed, 0u);
    cr_expect_eq(codes->code, 0);
    cr_expect(codes->text.n == t->raw.n && codes->inner.n == t->raw.n);
    cr_expect_eq(texts_reply(&rd, t)->code, 250);
    cr_expect_eq(rd.replies_parsed, 1u);
    cr_expect_eq(texts_codes(&rd, t)->code, 250);
    cr_expect_eq(rd.replies_parsed, 1u);
}

Test(texts, a_line_that_is_only_looked_at_need_not_become_a_text)
{
    cr_expect_eq(texts_codes_of(&rd, span_z("no code here")).code, 0);
    cr_expect_eq(rd.text_count, 0u);
    cr_expect_eq(texts_codes_of(&rd, span_z("452 full")).code, 452);
    cr_expect_eq(rd.text_count, 1u);
    cr_expect_eq(intern_copy("452 full")->id, 1u);
    cr_expect_eq(texts_codes(&rd, intern("452 full"))->code, 452);
    cr_expect_eq(rd.replies_parsed, 1u);
}

/* --------------------------------------------------------- whole reports */

static struct span read_case(const char *name)
{
    enum { ROOM = 1 << 20 };
    char *bytes = arena_alloc(&reading_keep, ROOM);
    FILE *file = fopen(arena_printf(&reading_keep, "%s/corpus/%s/mail.eml", TEST_DATA_DIR, name), "rb");
    cr_assert_not_null(file, "%s", name);
    size_t n = fread(bytes, 1, ROOM, file);
    fclose(file);
    cr_assert(n && n < ROOM);
    return span_of(bytes, n);
}

/* Reads a mail of the corpus as parse.c does before the verdicts. */
static void read_mail(const char *name)
{
    rd = (struct reading){
        .rules = core_rules,
        .matcher = core_parser->matcher,
        .words = ruleset_words(core_rules),
        .use_dialects = true,
        .scratch = &reading_scratch,
        .report = core_keep(report_make(bounce_rules_digest(core_rules), NULL, NULL, &(bounce_report *){NULL}))};
    message_begin(rd.scratch, read_case(name), LIMIT_MESSAGE_BYTES_DEFAULT, &rd.m);
    rd.return_path = message_header(&rd.m, "Return-Path");
    rd.from = message_header(&rd.m, "From");
    rd.to = message_header(&rd.m, "To");
    rd.subject = message_header(&rd.m, "Subject");
    rd.report->strings[BOUNCE_REPORT_TO] = rd.to;
    rd.from_system = true;
    dialect_begin(&rd);
    message_finish(&rd.m);
    kind_find(&rd);
}

/* The Diagnostic-Code, and the paragraph of the text for people, which has "host ...
 * said" around the same reply. */
Test(texts_of_reports, each_text_of_a_report_of_one_is_parsed_once)
{
    read_mail("lab-postfix/gmail-no-such-user");
    cr_assert_eq(rd.resolved.count, 1u);
    cr_expect_eq(rd.replies_parsed, 2u, "%u", rd.replies_parsed);
}

/* The five paragraphs, of <iris@pond.example>, <lily@lake.example>, <fern@nowhere.test>,
 * <moss@slow.example> and <rose@mx.garden.example>; and the line "Remote host said: 550
 * 5.1.1 <iris@pond.example>...", which names iris once more, by itself. */
Test(texts_of_reports, each_text_of_a_report_of_five_is_parsed_once)
{
    read_mail("made-free-text/qmail-five-fates");
    cr_assert_eq(rd.resolved.count, 5u);
    cr_expect_eq(rd.replies_parsed, 6u, "%u", rd.replies_parsed);
}
