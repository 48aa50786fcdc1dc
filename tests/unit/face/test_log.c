/* SPDX-License-Identifier: MIT */
/* test_log.c - the interface for logs: what counts, chains of messages, the end and warnings. */
#include "base/limits.h"
#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>

static bounce_log *log_made(void)
{
    bounce_rules *rules = bounce_rules_default();
    bounce_log *log = bounce_log_new(rules, NULL);
    bounce_rules_unref(rules);
    bounce_log_file(log, 1791500000);
    return log;
}

/* "address action reason|..." of all reports that are ready. */
static const char *told(bounce_log *log)
{
    static char text[4096];
    bounce_report *r;
    text[0] = '\0';
    while (bounce_log_next(log, &r, NULL) == BOUNCE_OK) {
        const bounce_recipient *to = bounce_report_recipient(r, 0);
        const char *address = bounce_recipient_string(to, BOUNCE_RECIPIENT_ADDRESS);
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %s %s", n ? "|" : "", address ? address : "-",
                 bounce_action_name(bounce_recipient_action(to)), bounce_reason_name(bounce_recipient_reason(to)));
        bounce_report_free(r);
    }
    return text;
}

static void feed(bounce_log *log, const char *message)
{
    char line[2048];
    int n = snprintf(line, sizeof line, "Oct  4 04:36:41 mx1 postfix/%s\n", message);
    cr_assert_eq(bounce_log_line(log, line, (size_t)n, NULL), BOUNCE_OK);
}

#define SMTP "smtp[1]: "
#define UNKNOWN \
    "dsn=5.1.1, status=bounced (host mx.b[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))"
#define SUSPENDED \
    "dsn=4.4.1, status=deferred (delivery temporarily suspended: connect to b[192.0.2.1]:25: Connection refused)"

Test(log, a_failure_without_an_attempt_counts_if_it_is_new)
{
    bounce_log *log = log_made();
    feed(log, "error[1]: A1: to=<a@b>, relay=none, delay=1, " SUSPENDED);
    cr_assert_str_eq(told(log), "a@b delayed network-error");
    feed(log, "error[1]: A1: to=<a@b>, relay=none, delay=2, " SUSPENDED);
    cr_assert_str_eq(told(log), "");
    bounce_log_set(log, BOUNCE_LOG_ALL, true);
    feed(log, "error[1]: A1: to=<a@b>, relay=none, delay=3, " SUSPENDED);
    cr_assert_str_eq(told(log), "a@b delayed network-error");
    bounce_log_free(log);
}

Test(log, only_the_last_outcome)
{
    bounce_log *log = log_made();
    bounce_log_set(log, BOUNCE_LOG_FINAL, true);
    feed(
        log, SMTP
        "A1: to=<a@b>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to b[192.0.2.1]:25: Connection refused)");
    feed(
        log, SMTP
        "A2: to=<c@b>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to b[192.0.2.1]:25: Connection refused)");
    cr_assert_str_eq(told(log), "");
    feed(log, SMTP "A1: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    cr_assert_str_eq(told(log), "");
    feed(log, "qmgr[1]: A1: removed");
    cr_assert_str_eq(told(log), "a@b failed no-such-user");
    bounce_log_end(log);
    cr_assert_str_eq(told(log), "c@b delayed network-error");
    bounce_log_free(log);
}

Test(log, an_entry_knows_its_file)
{
    bounce_log *log = log_made();
    const void *bytes;
    size_t length;
    bounce_source source;
    cr_assert_eq(bounce_log_entry_file(NULL), 0);
    bounce_log_set(log, BOUNCE_LOG_FINAL, true);
    const uint64_t before = bounce_log_entry_file(log);
    cr_assert_eq(bounce_log_file(log, 1000), BOUNCE_OK);
    feed(log, SMTP "A1: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    feed(log, SMTP "A2: to=<c@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    cr_assert_eq(bounce_log_file(log, 2000), BOUNCE_OK);
    feed(log, SMTP "A3: to=<d@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    feed(log, "qmgr[1]: A1: removed");
    cr_assert_eq(bounce_log_next_entry(log, &bytes, &length, &source), BOUNCE_OK);
    cr_assert_eq(bounce_log_entry_file(log), before + 1);
    cr_assert_eq(source.index, 0);
    bounce_log_end(log);
    for (uint64_t file = 1; file <= 2; file++) {
        cr_assert_eq(bounce_log_next_entry(log, &bytes, &length, &source), BOUNCE_OK);
        cr_assert_eq(bounce_log_entry_file(log), before + file);
    }
    bounce_log_free(log);
}

Test(log, inbound_refusals)
{
    bounce_log *log = log_made();
    const char *line = "smtpd[1]: NOQUEUE: reject: RCPT from x.example[192.0.2.9]: 550 5.1.1 <a@b>: Recipient address "
                       "rejected: User unknown; from=<c@d> to=<a@b> proto=ESMTP helo=<x>";
    feed(log, line);
    cr_assert_str_eq(told(log), "");
    bounce_log_set(log, BOUNCE_LOG_INBOUND, true);
    feed(log, line);
    cr_assert_str_eq(told(log), "a@b failed no-such-user");
    bounce_log_free(log);
}

Test(log, a_queue_id_is_used_again)
{
    bounce_log *log = log_made();
    bounce_report *r;
    feed(log, "qmgr[1]: A1: from=<x@y>, size=7, nrcpt=1 (queue active)");
    feed(log, SMTP "A1: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_OK);
    uint64_t size = 0;
    cr_assert_str_eq(bounce_report_string(r, BOUNCE_REPORT_ENVELOPE_FROM), "x@y");
    cr_assert(bounce_report_message_size(r, &size) && size == 7);
    cr_assert(bounce_report_attempted(r) && !bounce_report_inbound(r) && bounce_report_repeated(r) == 1);
    bounce_report_free(r);
    feed(log, "qmgr[1]: A1: removed");
    feed(log, SMTP "A1: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_OK);
    cr_assert_null(bounce_report_string(r, BOUNCE_REPORT_ENVELOPE_FROM));
    bounce_report_free(r);
    bounce_log_free(log);
}

Test(log, repetitions)
{
    bounce_log *log = log_made();
    bounce_report *r;
    feed(log, "smtp[1]: message repeated 3 times: [ A1: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN "]");
    cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_report_repeated(r), 3);
    bounce_report_free(r);
    feed(log, SMTP "A2: to=<a@b>, relay=mx.b[192.0.2.1]:25, delay=9, " UNKNOWN);
    cr_assert_str_eq(told(log), "a@b failed no-such-user");
    static const char again[] = "Oct  4 04:36:41 mx1 last message repeated 4 times";
    bounce_log_line(log, again, sizeof again - 1, NULL);
    cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_report_repeated(r), 4);
    bounce_report_free(r);
    bounce_log_free(log);
}

static bool warned(const bounce_log *log, const char *id)
{
    for (size_t i = 0; i < bounce_log_warnings(log); i++)
        if (strcmp(bounce_log_warning_id(log, i), id) == 0)
            return true;
    return false;
}

Test(log, lines_at_the_limit)
{
    bounce_log *log = log_made();
    char *line = calloc(1, LIMIT_LOG_LINE_BYTES + 1);
    cr_assert_not_null(line);
    memset(line, 'x', LIMIT_LOG_LINE_BYTES + 1);
    bounce_log_line(log, line, LIMIT_LOG_LINE_BYTES, NULL);
    cr_assert(!warned(log, "long-line"));
    bounce_log_line(log, line, LIMIT_LOG_LINE_BYTES + 1, NULL);
    cr_assert(warned(log, "long-line"));
    cr_assert(strstr(bounce_log_warning_text(log, 0), "line 2, offset 1048577: "));
    free(line);
    bounce_log_free(log);
}

/* A line that names as many recipients as are read, or one more. */
static void check_recipients(const char *front, const char *unit, const char *back)
{
    enum { MOST = 64 };
    for (unsigned count = MOST; count <= MOST + 1; count++) {
        bounce_log *log = log_made();
        char line[4096];
        strcpy(line, front);
        for (unsigned i = 0; i < count; i++) {
            strcat(line, i ? "," : "");
            sprintf(line + strlen(line), unit, i);
        }
        strcat(line, back);
        bounce_log_line(log, line, strlen(line), NULL);
        unsigned reports = 0;
        for (bounce_report *r; bounce_log_next(log, &r, NULL) == BOUNCE_OK; bounce_report_free(r))
            reports++;
        cr_expect_eq(reports, MOST, "%s", front);
        cr_expect_eq(warned(log, "too-many-recipients"), count > MOST, "%s", front);
        bounce_log_free(log);
    }
}

Test(log, recipients_of_one_line)
{
    check_recipients("Oct  4 04:36:41 mx1 sm-mta[1]: 6942aeXY012345: to=", "<u%u@b>",
                     ", delay=00:00:01, mailer=esmtp, relay=b. [192.0.2.1], dsn=5.1.1, stat=User unknown");
    check_recipients("{\"type\":\"Bounce\",\"id\":\"a1\",\"sender\":\"a@b\",\"recipient\":[", "\"u%u@b\"",
                     "],\"response\":{\"code\":550,\"content\":\"5.1.1 User unknown\"}}");
}

/* A text of 64 KiB and more is judged by its beginning, like any other. */
Test(log, long_text_of_an_object)
{
    static const size_t sizes[] = {65535, 65536, 65540};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        bounce_log *log = log_made();
        char line[66000] = "{\"type\":\"Bounce\",\"id\":\"a1\",\"sender\":\"a@b\",\"recipient\":\"u@b\","
                           "\"response\":{\"code\":550,\"content\":\"5.1.1 User unknown";
        size_t n = strlen(line), begin = n - strlen("5.1.1 User unknown");
        memset(line + n, 'x', begin + sizes[i] - n);
        strcpy(line + begin + sizes[i], "\"}}");
        bounce_log_line(log, line, strlen(line), NULL);
        bounce_report *r = NULL;
        cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_OK);
        cr_expect_eq(bounce_recipient_reason(bounce_report_recipient(r, 0)), BOUNCE_REASON_NO_SUCH_USER, "%zu",
                     sizes[i]);
        bounce_report_free(r);
        bounce_log_free(log);
    }
}

Test(log, arguments)
{
    bounce_log *log = log_made();
    bounce_report *r;
    cr_assert_null(bounce_log_new(NULL, NULL));
    cr_assert_eq(bounce_log_line(NULL, "", 0, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_log_line(log, NULL, 1, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_log_line(log, NULL, 0, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_log_next(log, &r, NULL), BOUNCE_END);
    cr_assert_null(r);
    cr_assert_eq(bounce_log_file(log, -1), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_log_set_timezone(log, "+0200"), BOUNCE_OK);
    cr_assert_eq(bounce_log_set_timezone(log, "-05:30"), BOUNCE_OK);
    cr_assert_eq(bounce_log_set_timezone(log, "CET"), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_log_set_timezone(log, "+2500"), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_log_add_relay(log, "a b"), BOUNCE_ERROR_ARGUMENT);
    cr_assert_null(bounce_log_software(log));
    cr_assert_null(bounce_log_warning_id(log, 0));
    bounce_log_free(log);
    bounce_log_free(NULL);
}

Test(log, what_is_a_log)
{
    static const char *const logs[] = {
        "Oct  4 04:36:41 mx1 postfix/smtp[1]: connect to b", "2026-10-04 04:36:41 1wsCbW-0003ab-1a Completed",
        "Oct  4 04:36:41 mx1 cron[1]: x\nOct  4 04:36:41 mx1 sm-mta[1]: x: y",
        "{\"type\":\"Reception\",\"queue\":\"q\"}", "@400000006aa6e6d02b3c1f74 new msg 1"};
    static const char *const others[] = {"",
                                         "From: a@b\nSubject: postfix/smtp[1]: x\n",
                                         "From a@b Thu Jan  1 00:00:00 1970\n",
                                         "Received: by x\n",
                                         "hello\n",
                                         "{\"a\":1}",
                                         "\xff\xfe\n"};
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        cr_assert(bounce_log_is_known(logs[i], strlen(logs[i])), "%s", logs[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_assert(!bounce_log_is_known(others[i], strlen(others[i])), "%s", others[i]);
}
