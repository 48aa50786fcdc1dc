/* SPDX-License-Identifier: MIT */
/*
 * test_memory.c - whichever request for memory fails for a mail, a reply or its JSON,
 * the caller gets a status, nothing is lost, and the same parser can read the next one.
 *
 * Arenas and the JSON writer allocate with g_try_malloc() and g_try_realloc() while
 * memory errors can be handled, and with nothing else, so that they can be made to fail
 * here. Leaks are found by the presets with AddressSanitizer.
 */
#include "base/arena.h"
#include "bounce.h"
#include "mail/message_mime.h"
#include "text/text.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static int calls, fails_at; /* 0: never */

/* Replaces GLib's function; declared by glib.h. */
gpointer g_try_malloc(gsize n)
{
    return ++calls == fails_at ? NULL : malloc(n);
}

gpointer g_try_realloc(gpointer memory, gsize n)
{
    return ++calls == fails_at ? NULL : realloc(memory, n);
}

struct input {
    char *bytes;
    gsize n;
    bool reply;
};

static bounce_parser *make_parser(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_options *options = bounce_options_new();
    bounce_options_set(options, BOUNCE_OPTION_EXPLAIN, 1);
    bounce_options_set(options, BOUNCE_OPTION_READ_ALL, 1);
    bounce_options_set(options, BOUNCE_OPTION_READ_FORWARDED, 1);
    bounce_options_add_header(options, "Received");
    bounce_parser *parser = bounce_parser_new(rules, options);
    bounce_options_free(options);
    bounce_rules_unref(rules);
    return parser;
}

static bounce_status read_input(bounce_parser *parser, const struct input *in, bounce_report **report,
                                bounce_error *error)
{
    return in->reply ? bounce_parse_reply(parser, in->bytes, in->n, NULL, report, error)
                     : bounce_parse(parser, in->bytes, in->n, report, error);
}

/* The JSON of the result, to be freed. */
static char *answer(bounce_parser *parser, const struct input *in)
{
    bounce_report *report;
    const char *json;
    cr_assert_eq(read_input(parser, in, &report, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_report_json(report, NULL, &json, NULL), BOUNCE_OK);
    char *copy = strdup(json);
    bounce_report_free(report);
    return copy;
}

/* The status of reading if the request with this number fails; BOUNCE_OK if there are fewer requests. */
static bounce_status read_failing(bounce_parser *parser, const struct input *in, int number)
{
    bounce_report *report = NULL;
    bounce_error error = {.status = BOUNCE_OK};
    calls = 0;
    fails_at = number;
    bounce_status status = read_input(parser, in, &report, &error);
    fails_at = 0;
    cr_assert_eq(error.status, status);
    cr_assert_eq(report != NULL, status == BOUNCE_OK);
    if (status != BOUNCE_OK)
        cr_assert_str_eq(error.message, "memory ran out");
    bounce_report_free(report);
    return status;
}

/* Returns how many requests failed. */
static int fail_reading(bounce_parser *parser, const struct input *in, const char *expected)
{
    int number = 1;
    for (bounce_status status; (status = read_failing(parser, in, number)) != BOUNCE_OK; number++) {
        cr_assert_eq(status, BOUNCE_ERROR_MEMORY);
        char *again = answer(parser, in);
        cr_assert_str_eq(again, expected);
        free(again);
    }
    return number - 1;
}

static void fail_json_into(const bounce_report *report, const char *expected)
{
    size_t n = strlen(expected), length;
    char *buffer = malloc(n + 1);
    calls = 0;
    fails_at = 1; /* the buffer is never large enough to write into without a check */
    cr_assert_eq(bounce_report_json_into(report, NULL, buffer, n + 1, &length), BOUNCE_ERROR_MEMORY);
    cr_assert_eq(length, 0);
    cr_assert_eq(bounce_report_json_into(report, NULL, buffer, n + 1, &length), BOUNCE_OK);
    cr_assert_str_eq(buffer, expected);
    free(buffer);
}

/* Returns how many requests failed. */
static int fail_json(bounce_parser *parser, const struct input *in, const char *expected)
{
    bounce_report *report;
    const char *json;
    size_t length;
    int failed = 0;
    for (;; failed++) {
        cr_assert_eq(read_input(parser, in, &report, NULL), BOUNCE_OK);
        calls = 0;
        fails_at = failed + 1;
        bounce_status status = bounce_report_json(report, NULL, &json, &length);
        fails_at = 0;
        if (status == BOUNCE_OK)
            break;
        cr_assert_eq(status, BOUNCE_ERROR_MEMORY);
        cr_assert_null(json);
        cr_assert_eq(length, 0);
        cr_assert_eq(bounce_report_json(report, NULL, &json, NULL), BOUNCE_OK);
        cr_assert_str_eq(json, expected);
        bounce_report_free(report);
    }
    fail_json_into(report, expected);
    bounce_report_free(report);
    return failed;
}

/* The expressions that an input needs are compiled when it is first read, in PCRE2's memory. */
static void check(const struct input *in, int reading, int json)
{
    bounce_parser *parser = make_parser();
    free(answer(parser, in));
    char *expected = answer(parser, in);
    int failed = fail_reading(parser, in, expected);
    cr_assert_geq(failed, reading, "%d requests failed", failed);
    failed = fail_json(parser, in, expected);
    cr_assert_geq(failed, json, "%d requests failed", failed);
    bounce_parser_free(parser);
    free(expected);
}

static void check_mail(const char *name, int reading)
{
    struct input in = {.reply = false};
    char *path = g_strdup_printf("%s/corpus/%s/mail.eml", TEST_DATA_DIR, name);
    cr_assert(g_file_get_contents(path, &in.bytes, &in.n, NULL), "%s", path);
    check(&in, reading, 1);
    g_free(in.bytes);
    g_free(path);
}

Test(memory, mails)
{
    static const char *const names[] = {
        "lab-exim/too-many-hops",         "lab-exim/smtputf8-unknown-user",
        "made-arf/abuse-rfc5965",         "made-dsn/chasquid-three-fates",
        "made-mdn/deleted-unread-german", "made-structure/encoded-word-split-in-character"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_mail(names[i], 2);
}

/* Read as three mails: as it is, its contents, and once more as it is if these are not a report. */
Test(memory, a_forwarded_mail)
{
    static const char *const inner[] = {
        "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail\n\n<ann@example.net>: user unknown\n",
        "From: ann@example.net\nSubject: lunch\n\nAt noon?\n"};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        char *mail = g_strconcat("From: joe@example.org\nSubject: Fwd: look\nMIME-Version: 1.0\n"
                                 "Content-Type: message/rfc822\n\n",
                                 inner[i], NULL);
        check(&(struct input){mail, strlen(mail), false}, 2, 1);
        g_free(mail);
    }
}

Test(memory, replies)
{
    check(&(struct input){"550 5.1.1 <ann@example.net>: user unknown", 41, true}, 2, 1);
    check(&(struct input){"452 4.2.2 \xff\xc3\xa4 over quota", 25, true}, 2, 1);
}

/* A header whose parameters GMime has to read, a charset, and more than fits into some blocks. */
static char *long_mail(gsize *n)
{
    GString *mail = g_string_new("From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
                                 "Content-Type: text/plain (a comment); charset*=us-ascii'en'iso-2022-jp;\n name*=");
    for (int i = 0; i < 9000; i++)
        g_string_append(mail, "x%41");
    g_string_append(mail, "\nContent-Disposition: inline (a comment); filename*0=abc; filename*1=def\n\n"
                          "\033$B$3$s$K$A$O\033(B\n<ann@example.net>: user unknown\n");
    for (int i = 0; i < 20000; i++)
        g_string_append(mail, "\033$B$3$s$K$A$O\033(B a line of text\n");
    *n = mail->len;
    return g_string_free(mail, FALSE);
}

Test(memory, a_long_mail_with_what_gmime_and_iconv_hold)
{
    struct input in = {.reply = false};
    in.bytes = long_mail(&in.n);
    check(&in, 6, 1);
    g_free(in.bytes);
}

/* Memory that is held outside of arenas. In small blocks, so that many requests are made meanwhile. */
typedef void holding_fn(struct arena *a);

/* Returns how many requests failed. The variables are static because setjmp() leaves those alone. */
static int fail_holding(holding_fn *read)
{
    static struct arena_exit way_out;
    static struct arena a;
    static int number;
    for (number = 1;; number++) {
        arena_init_small(&a, 16);
        a.exit = &way_out;
        way_out.open = true;
        calls = 0;
        fails_at = number;
        bool failed = setjmp(way_out.place) != 0;
        if (!failed)
            read(&a);
        fails_at = 0;
        arena_free(&a);
        cr_assert_null(way_out.held);
        if (!failed)
            return number - 1;
    }
}

static void hold_type(struct arena *a)
{
    struct mime_type type;
    mime_read_type(a,
                   span_z("text/plain (a comment); charset*=us-ascii'en'iso-2022-jp; name*0=abcdefghijklmnopqrstuvwxyz;"
                          " name*1=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"),
                   &type);
}

static void hold_disposition(struct arena *a)
{
    bool attachment;
    const char *name = NULL;
    mime_read_disposition(a,
                          span_z("attachment (a comment); filename*0=abcdefghijklmnopqrstuvwxyzabcdefghijkl; "
                                 "filename*1=mnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"),
                          &attachment, &name);
}

static void hold_converter(struct arena *a)
{
    unsigned flags = 0;
    text_decode(a, span_z("\033$B$3$s$K$A$O\033(B and a text of some length, which grows from block to block"),
                "iso-2022-jp", &flags);
}

Test(memory, what_gmime_and_iconv_give_is_released)
{
    static holding_fn *const readers[] = {hold_type, hold_disposition, hold_converter};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        int failed = fail_holding(readers[i]);
        cr_assert_geq(failed, 3, "reader %zu: %d requests failed", i, failed);
    }
}
