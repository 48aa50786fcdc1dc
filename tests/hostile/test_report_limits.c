/* SPDX-License-Identifier: MIT */
/*
 * test_report_limits.c - the caps of base/limits.h that a whole report reaches, at
 * the limit and one beyond it: beyond, the report has a warning, and what comes
 * before the cap is judged all the same.
 *
 * The caps of mail/message.c are in test_message_limits.c, those of mailboxes,
 * rule files and addresses in the unit tests of their modules.
 */
#include "made_report.h"

#include <sys/mman.h>
#include <unistd.h>

/* ------------------------------------------------------------- recipients */

static void check_recipients(const char *what, size_t beyond)
{
    bounce_report *report = parse(builtin, false);
    expect_count(bounce_report_recipients(report), LIMIT_RECIPIENTS, what, beyond);
    expect(warned(report, "too-many-recipients") == (beyond > 0), what, beyond, "the other warning");
    expect(!strcmp(address_of(report, 0), "u10000@b.c"), what, beyond, address_of(report, 0));
    expect(!strcmp(address_of(report, LIMIT_RECIPIENTS - 1), "u19999@b.c"), what, beyond,
           address_of(report, LIMIT_RECIPIENTS - 1));
    bounce_report_free(report);
}

static void test_recipients_in_fields(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        enum { HALF = LIMIT_RECIPIENTS / 2 }; /* one part's text is capped, too */
        start(MULTIPART "Not delivered.\n" FIELDS);
        add_numbered(HALF, "\nFinal-Recipient: rfc822;u", "@b.c\n");
        strbuf_puts(&text, "\n--b\nContent-Type: message/delivery-status\n\n");
        for (size_t i = HALF; i < LIMIT_RECIPIENTS + beyond; i++) {
            char line[64];
            snprintf(line, sizeof line, "\nFinal-Recipient: rfc822;u%zu@b.c\n", 10000 + i);
            strbuf_puts(&text, line);
        }
        strbuf_puts(&text, "\n--b--\n");
        check_recipients("recipients in fields", beyond);
    }
}

static void test_recipients_in_text(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\nYour message was not delivered to:\n");
        add_numbered(LIMIT_RECIPIENTS + beyond, "<u", "@b.c>\n");
        check_recipients("recipients in text", beyond);
    }
}

/* ------------------------------------------------------------ lines of text */

static void test_text_lines(void)
{
    for (int crlf = 0; crlf < 2; crlf++)
        for (size_t beyond = 0; beyond < 2; beyond++) {
            const char *end = crlf ? "\r\n" : "\n";
            start(HEADER "\nYour message was not delivered to:");
            strbuf_puts(&text, end);
            add_times(LIMIT_TEXT_LINES - 2 + beyond, end);
            strbuf_puts(&text, "<u@example.net>: user unknown");
            strbuf_puts(&text, end);
            bounce_report *report = parse(builtin, false);
            const char *address = address_of(report, 0);
            expect(warned(report, "long-text") == (beyond > 0), "lines: warning", beyond, "the other one");
            expect(!strcmp(address, "u@example.net") == !beyond, "lines: the last one", beyond, address);
            bounce_report_free(report);
        }
}

static void test_line_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\n");
        size_t begin = text.n;
        strbuf_puts(&text, "<v@example.net>: mailbox full ");
        pad_to(begin + LIMIT_LINE_BYTES + beyond);
        strbuf_puts(&text, "\n\n<w@example.net>: user unknown\n");
        bounce_report *report = parse(builtin, false);
        expect(warned(report, "long-line") == (beyond > 0), "line: warning", beyond, "the other one");
        expect_count(bounce_report_recipients(report), 2, "line: recipients", beyond);
        expect(!strcmp(reason_of(report, 0), "mailbox-full"), "line: its front", beyond, reason_of(report, 0));
        expect(!strcmp(reason_of(report, 1), "no-such-user"), "line: the next", beyond, reason_of(report, 1));
        bounce_report_free(report);
    }
}

static void test_part_text_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\n");
        size_t begin = text.n;
        strbuf_puts(&text, "<u@example.net>: user unknown\n");
        while (text.n < begin + LIMIT_PART_TEXT_BYTES + beyond)
            strbuf_putc(&text, text.n % 64 ? 'x' : '\n');
        bounce_report *report = parse(builtin, false);
        expect(warned(report, "truncated") == (beyond > 0), "part: warning", beyond, "the other one");
        expect(!strcmp(reason_of(report, 0), "no-such-user"), "part: its front", beyond, reason_of(report, 0));
        bounce_report_free(report);
    }
}

static void test_field_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART "Not delivered.\n" FIELDS "\nFinal-Recipient: rfc822; u@example.net\nStatus: 5.1.1\n");
        add_times(LIMIT_HEADER_LINES - 2 + beyond, "X: y\n");
        strbuf_puts(&text, "\n--b--\n");
        bounce_report *report = parse(builtin, false);
        expect(warned(report, "too-many-fields") == (beyond > 0), "fields: warning", beyond, "the other one");
        expect(!strcmp(address_of(report, 0), "u@example.net"), "fields: the front", beyond, address_of(report, 0));
        expect(!strcmp(reason_of(report, 0), "no-such-user"), "fields: the front", beyond, reason_of(report, 0));
        bounce_report_free(report);
    }
}

/* --------------------------------------------------------------- judging */

static void test_subject_bytes(void)
{
    static const char words[] = " no such user";
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("550 ");
        pad_to(LIMIT_SEARCHED_BYTES + beyond - strlen(words));
        strbuf_puts(&text, words);
        bounce_report *report = parse(builtin, true);
        expect(warned(report, "long-subject") == (beyond > 0), "subject: warning", beyond, "the other one");
        expect(!strcmp(reason_of(report, 0), "no-such-user") == !beyond, "subject: its end", beyond,
               reason_of(report, 0));
        bounce_report_free(report);
    }
    start("550 user unknown");
    pad_to(LIMIT_SEARCHED_BYTES + 1);
    bounce_report *report = parse(builtin, true);
    expect(!strcmp(reason_of(report, 0), "no-such-user"), "subject: its front", 1, reason_of(report, 0));
    bounce_report_free(report);
}

/* Recipients that share one long text: as many as each get all of it, and one more. */
static void test_judged_bytes(void)
{
    enum { ALL_OF_IT = LIMIT_JUDGED_BYTES / LIMIT_SEARCHED_BYTES };
    static const char words[] = " user unknown";
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART);
        add_numbered(ALL_OF_IT + beyond, "u", "@b.c\n");
        strbuf_putc(&text, '\n');
        size_t begin = text.n;
        while (text.n < begin + LIMIT_SEARCHED_BYTES - sizeof words)
            strbuf_putc(&text, text.n % 64 ? 'x' : '\n');
        strbuf_puts(&text, words);
        strbuf_puts(&text, FIELDS);
        add_numbered(ALL_OF_IT + beyond, "\nFinal-Recipient: rfc822; u", "@b.c\nAction: failed\n");
        strbuf_puts(&text, "\n--b--\n");
        bounce_report *report = parse(builtin, false);
        expect_count(bounce_report_recipients(report), ALL_OF_IT + beyond, "judged: recipients", beyond);
        if (beyond) /* the list in front makes the prose itself longer than its cap, in both rounds */
            expect(warned(report, "long-subject"), "judged: warning", beyond, "none");
        expect(!strcmp(reason_of(report, 7), "no-such-user") == !beyond, "judged: the end", beyond,
               reason_of(report, 7));
        bounce_report_free(report);
    }
}

static bounce_rules *rules_of(const char *file)
{
    char path[64];
    int fd = memfd_create("rules", 0);
    bounce_rules *rules = NULL;
    bounce_error error = {.message = "no file"};
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, file, strlen(file)) != (ssize_t)strlen(file) ||
        bounce_rules_load((const char *const[]){path}, 1, NULL, NULL, &rules, &error) != BOUNCE_OK) {
        printf("FAIL rules: %s\n%s", error.message, file);
        failures++;
    }
    close(fd);
    return rules;
}

/* Texts that reach the limit of steps, by all ways to divide a run; and those of PCRE2:
 * depth by one level for each byte; heap by levels with many groups. */
static void test_match_limits(void)
{
    static const struct {
        const char *name, *pattern;
        size_t fine, beyond;
    } limits[] = {{"steps", "zzz(?:a|aa){1,60}b$", 8, 60},
                  {"depth", "zzz(?:a|b)*c$", 1000, 15000},
                  {"heap", "zzz(?:(a)|(b)|(c)|(d)|(e)|(f)|(g)|(h)|(i)|(j)|(k)|(l)|(m)|(n)|(o)|(p)|(q)|(r)|(s)|(t))*!$",
                   100, 8000}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (size_t beyond = 0; beyond < 2; beyond++) {
            char file[512];
            snprintf(file, sizeof file,
                     "rule test/limit\nreason mailbox-full\ntier 1\nmatch %s|zzz bomb\nneed zzz\n"
                     "example zzz bomb\nnear zzz bum\nwhy Runs into a limit.\n",
                     limits[i].pattern);
            bounce_rules *rules = rules_of(file);
            if (!rules)
                continue;
            start("550 user unknown zzz");
            add_times(beyond ? limits[i].beyond : limits[i].fine, "a");
            strbuf_puts(&text, " .b");
            bounce_report *report = parse(rules, true);
            expect(warned(report, "match-limit") == (beyond > 0), limits[i].name, beyond, "the other warning");
            expect(!strcmp(reason_of(report, 0), "no-such-user"), limits[i].name, beyond, reason_of(report, 0));
            bounce_report_free(report);
            bounce_rules_unref(rules);
        }
}

static void test_phrase_gap(void)
{
    bounce_rules *rules = rules_of("rule test/gap\nreason mailbox-full\ntier 1\nphrase zzzz ... yyyy\n"
                                   "example zzzz yyyy\nnear yyyy zzzz\nwhy A gap.\n");
    for (size_t beyond = 0; rules && beyond < 2; beyond++) {
        start("550 zzzz ");
        add_times(LIMIT_PHRASE_GAP_BYTES - 2 + beyond, "x");
        strbuf_puts(&text, " yyyy");
        bounce_report *report = parse(rules, true);
        expect(!strcmp(reason_of(report, 0), "mailbox-full") == !beyond, "gap", beyond, reason_of(report, 0));
        bounce_report_free(report);
    }
    bounce_rules_unref(rules);
}

/* More warnings than there are ids; the first ones stay. */
static void test_warnings(void)
{
    start("550 x");
    bounce_report *report = parse(builtin, true);
    static char ids[LIMIT_WARNINGS + 1][8];
    for (size_t i = 0; i <= LIMIT_WARNINGS; i++) {
        snprintf(ids[i], sizeof ids[i], "id%zu", i);
        report_warn(report, ids[i], "x");
        report_warn(report, ids[i], "again");
        size_t kept = i < LIMIT_WARNINGS ? i + 1 : LIMIT_WARNINGS;
        expect_count(bounce_report_warnings(report), kept, "warnings", i == LIMIT_WARNINGS);
    }
    expect(warned(report, "id31") && !warned(report, "id32"), "warnings: the first ones", 1, "others");
    bounce_report_free(report);
}

int main(void)
{
    static void (*const tests[])(void) = {
        test_recipients_in_fields, test_recipients_in_text, test_text_lines,    test_line_bytes,
        test_part_text_bytes,      test_field_lines,        test_subject_bytes, test_judged_bytes,
        test_match_limits,         test_phrase_gap,         test_warnings,
    };
    return run_tests(tests, sizeof tests / sizeof *tests);
}
