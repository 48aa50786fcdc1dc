/* SPDX-License-Identifier: MIT */
/*
 * test_reuse.c - a report that is given back: the next one uses its memory, and is the same as without that.
 *
 * If the C library is glibc and no sanitizer has its own malloc(), allocations are counted.
 */
#include "bounce.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ && \
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define COUNTED 1
#else
#define COUNTED 0
#endif

static size_t requests;

#if COUNTED
/* NOLINTBEGIN(bugprone-reserved-identifier): glibc's own names */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *memory, size_t n);

#define IN_PLACE_OF_GLIBCS __attribute__((visibility("default")))

IN_PLACE_OF_GLIBCS void *malloc(size_t __size)
{
    requests++;
    return __libc_malloc(__size);
}

IN_PLACE_OF_GLIBCS void *calloc(size_t __nmemb, size_t __size)
{
    requests++;
    return __libc_calloc(__nmemb, __size);
}

IN_PLACE_OF_GLIBCS void *realloc(void *__ptr, size_t __size)
{
    requests++;
    return __libc_realloc(__ptr, __size);
}
/* NOLINTEND(bugprone-reserved-identifier) */
#endif

/* Their charsets are read without iconv(3), which allocates memory of its own. */
static const char *const mails[] = {"lab-postfix/several-fates",
                                    "lab-exim/unknown-user",
                                    "made-free-text/qmail-five-fates",
                                    "made-free-text/mdaemon-transcript",
                                    "lab-sendmail/unknown-user",
                                    "made-none/order-receipt",
                                    "lab-courier/nxdomain"};
enum { MAILS = sizeof mails / sizeof *mails, JSON_BYTES = 1 << 16 };
static const char reply[] = "550 5.1.1 <joe@example.net>: Recipient address rejected: User unknown";

struct input {
    char *bytes;
    size_t n;
};

static void read_mails(struct input *inputs)
{
    for (size_t i = 0; i < MAILS; i++) {
        gsize n;
        char *path = g_strdup_printf("%s/corpus/%s/mail.eml", TEST_DATA_DIR, mails[i]);
        cr_assert(g_file_get_contents(path, &inputs[i].bytes, &n, NULL), "%s", path);
        inputs[i].n = n;
        g_free(path);
    }
}

static bounce_report *parse(bounce_parser *parser, const struct input *in)
{
    bounce_report *report;
    bounce_status status = in ? bounce_parse(parser, in->bytes, in->n, &report, NULL)
                              : bounce_parse_reply(parser, reply, sizeof reply - 1, NULL, &report, NULL);
    cr_assert_eq(status, BOUNCE_OK);
    return report;
}

static void write_json(const bounce_report *report, char *json)
{
    size_t length;
    cr_assert_eq(bounce_report_json_into(report, NULL, json, JSON_BYTES, &length), BOUNCE_OK);
    cr_assert_lt(length, (size_t)JSON_BYTES);
}

Test(reuse, allocates_nothing_and_changes_nothing)
{
    static char json[JSON_BYTES], expected[JSON_BYTES];
    struct input inputs[MAILS];
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL), *other = bounce_parser_new(rules, NULL);
    size_t asked = 0;
    read_mails(inputs);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i <= MAILS; i++) {
            const struct input *in = i < MAILS ? &inputs[i] : NULL;
            bounce_report *report = parse(other, in);
            write_json(report, expected);
            bounce_report_free(report);

            const size_t before = requests;
            report = parse(parser, in);
            write_json(report, json);
            bounce_parser_reuse(parser, report);
            asked += requests - before;
            cr_expect(round < 2 || requests == before, "%s: %zu requests", in ? mails[i] : reply, requests - before);
            cr_expect_str_eq(json, expected);
        }
    cr_expect(!COUNTED || asked > 0, "at first");
    for (size_t i = 0; i < MAILS; i++)
        g_free(inputs[i].bytes);
    bounce_parser_free(other);
    bounce_parser_free(parser);
    bounce_rules_unref(rules);
}

/* AddressSanitizer checks that nothing is lost or used twice. */
Test(reuse, takes_any_report_and_nothing)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_parser *parser = bounce_parser_new(rules, NULL), *other = bounce_parser_new(rules, NULL);
    bounce_report *of_other = parse(other, NULL), *first = parse(parser, NULL), *second = parse(parser, NULL);
    const char *json;
    bounce_parser_free(other);
    cr_assert_eq(bounce_report_json(of_other, NULL, &json, NULL), BOUNCE_OK); /* it owns the JSON */
    bounce_parser_reuse(parser, of_other);
    bounce_parser_reuse(parser, first);
    bounce_parser_reuse(NULL, second);
    bounce_parser_reuse(parser, NULL);
    bounce_parser_reuse(NULL, NULL);
    bounce_report *report = parse(parser, NULL);
    bounce_parser_free(parser);
    cr_expect_eq(bounce_recipient_reason(bounce_report_recipient(report, 0)), BOUNCE_REASON_NO_SUCH_USER);
    bounce_report_free(report);
    bounce_rules_unref(rules);
}
