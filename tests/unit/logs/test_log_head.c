/* SPDX-License-Identifier: MIT */
/* test_log_head.c - time, host, program and message of a log line. */
#include "logs/log_head.h"

#include "mail/date.h"

#include <criterion/criterion.h>

enum { NOW = 1791500000 }; /* 2026-10-09T00:53:20Z */

static void check(const char *line, const char *host, const char *program, const char *message, int64_t seconds)
{
    struct log_head h;
    log_head_read(span_z(line), &h);
    cr_assert(span_equal_nocase(h.host, host), "%s: host %.*s", line, (int)h.host.n, h.host.s);
    cr_assert(span_equal_nocase(h.program, program), "%s: program %.*s", line, (int)h.program.n, h.program.s);
    cr_assert(span_equal_nocase(h.message, message), "%s: message %.*s", line, (int)h.message.n, h.message.s);
    cr_assert_eq(log_head_time(&h, NOW, 0).seconds, seconds, "%s: %lld", line,
                 (long long)log_head_time(&h, NOW, 0).seconds);
}

Test(log_head, forms)
{
    check("Oct  4 04:36:40 mx1 postfix/smtp[1]: x", "mx1", "postfix/smtp", "x", 1791088600);
    check("Oct 04 2025 04:36:40 mx1 postfix/smtp[1]: x", "mx1", "postfix/smtp", "x", 1759552600);
    check("2026-10-04T06:36:40.125+02:00 mx1 postfix/smtp[1]: x", "mx1", "postfix/smtp", "x", 1791088600);
    check("2026-10-04T06:36:40+0200 mx1 exim[1]: x", "mx1", "exim", "x", 1791088600);
    check("<22>1 2026-10-04T04:36:40Z mx1 postfix/smtp 12 ID4 [a@1 b=\"] c\"][d e=\"f\"] x", "mx1", "postfix/smtp", "x",
          1791088600);
    check("<22>1 2026-10-04T04:36:40Z mx1 postfix/smtp 12 - - x", "mx1", "postfix/smtp", "x", 1791088600);
    check("Oct  4 04:36:40 <mail.info> mx1 sm-mta[1]: x", "mx1", "sm-mta", "x", 1791088600);
    check("Oct  4 04:36:40 mx1 sendmail[1]: [ID 801593 mail.info] x", "mx1", "sendmail", "x", 1791088600);
    check("2026-10-04 04:36:40 +0200 1wrCbT-0003ab-1a => x", "", "", "1wrCbT-0003ab-1a => x", 1791081400);
    check("1791088600.125 new msg 1", "", "", "new msg 1", 1791088600);
    check("@400000006ac1d8a22b3c1f74 new msg 1", "", "", "new msg 1", 1791088792);
    check("no time at all", "", "", "no time at all", INT64_MIN);
}

Test(log_head, a_year_that_is_missing_is_counted_back)
{
    check("Oct  9 04:36:40 mx1 a: x", "mx1", "a", "x", 1791520600); /* hours ahead: clocks differ */
    check("Dec 31 23:59:59 mx1 a: x", "mx1", "a", "x", 1767225599);
    check("Feb 29 00:00:00 mx1 a: x", "mx1", "a", "x", 1709164800); /* of 2024 */
}

Test(log_head, the_first_second_of_each_year)
{
    struct log_head h;
    int64_t day, before = 0;
    log_head_read(span_z("Jan  1 00:00:00 mx1 a: x"), &h);
    for (int64_t year = 1971; year < 10000; year++, before = day) {
        cr_assert(date_day(year, 1, 1, &day));
        cr_assert_eq(log_head_time(&h, (day - 1) * 86400, 0).seconds, day * 86400, "%d", (int)year);
        cr_assert_eq(log_head_time(&h, (day - 1) * 86400 - 1, 0).seconds, before * 86400, "%d", (int)year);
    }
}

Test(log_head, zones)
{
    struct log_head h;
    log_head_read(span_z("Oct  4 04:36:40 mx1 a: x"), &h);
    struct log_time t = log_head_time(&h, NOW, 7200);
    cr_assert(t.no_zone && t.no_year && t.seconds == 1791088600 - 7200);
    log_head_read(span_z("2026-10-04T04:36:40Z mx1 a: x"), &h);
    t = log_head_time(&h, NOW, 7200);
    cr_assert(!t.no_zone && !t.no_year && t.seconds == 1791088600);
}

Test(log_head, what_is_cut)
{
    static const char line[] = "<22>1 2026-10-04T04:36:40.5+02:00 mx1 postfix/smtp 12 ID4 [a@1 b=\"] c\"] text";
    for (size_t n = 0; n < sizeof line; n++) {
        struct log_head h;
        log_head_read(span_of(line, n), &h);
        log_head_time(&h, NOW, 0);
        cr_assert(h.message.n <= n);
    }
}
