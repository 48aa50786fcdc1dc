/* SPDX-License-Identifier: MIT */
/* test_date.c - dates of mail to seconds, and seconds to RFC 3339. */
#include "base/limits.h"
#include "mail/date.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *in, *want; /* NULL: no date */
} rows[] = {
    {"Thu, 29 Apr 2011 23:34:45 +0900", "2011-04-29T14:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 +0900 (JST)", "2011-04-29T14:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 +0900 JST", "2011-04-29T14:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 +0000 UTC", "2011-04-29T23:34:45Z"},
    {"29 Apr 2011 23:34:45 -0000", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 -0330", "2011-04-30T03:04:45Z"},
    {"Thu,29 Apr 2011 23:34:45+0000", "2011-04-29T23:34:45Z"},
    {"  29  Apr\r\n 2011 23:34 +0000 ", "2011-04-29T23:34:00Z"},
    {"29 Apr 2011 (a (nested) comment) 23:34:45 GMT (so)", "2011-04-29T23:34:45Z"},
    {"29 Apr 2011 (smile \\( :-\\)) 23:34:45 GMT (\\)", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 GMT", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 UT", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 Z", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 EST", "2011-04-30T04:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 EDT", "2011-04-30T03:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 PST", "2011-04-30T07:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 JST", "2011-04-29T14:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 A", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 XYZT", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45", "2011-04-29T23:34:45Z"},
    {"thu, 29 APR 2011 23:34:45 gmt", "2011-04-29T23:34:45Z"},
    {"Thursday, 29 April 2011 23:34:45 GMT", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 11 23:34:45 GMT", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 49 23:34:45 GMT", "2049-04-29T23:34:45Z"},
    {"Thu, 29 Apr 50 23:34:45 GMT", "1950-04-29T23:34:45Z"},
    {"Thu, 29 Apr 99 23:34:45 GMT", "1999-04-29T23:34:45Z"},
    {"Thu, 29 Apr 111 23:34:45 GMT", "2011-04-29T23:34:45Z"},
    {"29-Apr-2011 23:34:45", "2011-04-29T23:34:45Z"},
    {"Thu Apr 29 23:34:45 2011", "2011-04-29T23:34:45Z"},
    {"Thu Apr  9 23:34:45 2011", "2011-04-09T23:34:45Z"},
    {"Thu Apr 29 23:34:45 EST 2011", "2011-04-30T04:34:45Z"},
    {"Apr 29, 2011 23:34:45", "2011-04-29T23:34:45Z"},
    {"2011-04-29T23:34:45Z", "2011-04-29T23:34:45Z"},
    {"2011-04-29T23:34:45.123Z", "2011-04-29T23:34:45Z"},
    {"2011-04-29t23:34:45+09:00", "2011-04-29T14:34:45Z"},
    {"2011-04-29 23:34:45 -0500", "2011-04-30T04:34:45Z"},
    {"2011-04-29 23:34:45-05", "2011-04-30T04:34:45Z"},
    {"2011/04/29 23:34:45", "2011-04-29T23:34:45Z"},
    {"'Thu, 29 Apr 2011 23:34:45 +0000'", "2011-04-29T23:34:45Z"},
    {"Thu, 029 Apr 2011 23:34:45 +0000", "2011-04-29T23:34:45Z"},
    {"Thu, 29 Apr 2011 23:34:45 +0000 JST", "2011-04-29T23:34:45Z"},
    {"31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z"},
    {"29 Feb 2012 00:00:00 +0000", "2012-02-29T00:00:00Z"},
    {"29 Feb 2000 00:00:00 +0000", "2000-02-29T00:00:00Z"},
    {"1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z"},
    {"1 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"},
    {"31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z"},
    {"1 Jan 1970 00:00:00 +2400", "1969-12-31T00:00:00Z"},
    {"1 Jan 1970 00:00:00 +9999", "1970-01-01T00:00:00Z"},
    {"1 Jan 1970 00:00:00 +0060", "1970-01-01T00:00:00Z"},
    {"29 Feb 2011 00:00:00 +0000", NULL},
    {"29 Feb 1900 00:00:00 +0000", NULL},
    {"31 Apr 2011 00:00:00 +0000", NULL},
    {"32 Jan 2011 00:00:00 +0000", NULL},
    {"0 Jan 2011 00:00:00 +0000", NULL},
    {"1 Jan 2011 24:00:00 +0000", NULL},
    {"1 Jan 2011 23:60:00 +0000", NULL},
    {"1 Jan 2011 23:59:61 +0000", NULL},
    {"1 Jan 1899 00:00:00 +0000", NULL},
    {"1 Jan 10000 00:00:00 +0000", NULL},
    {"1 Jan 99999999999999999999 00:00:00", NULL},
    {"1 Foo 2011 00:00:00 +0000", NULL},
    {"1 Jan 2011", NULL},
    {"2011-13-01T00:00:00Z", NULL},
    {"2011-04/29 23:34:45", NULL},
    {"29/04/2011 23:34:45", NULL},
    {"29 Apr 2011 23:34:45 12", NULL},
    {"29 Apr 2011 23:34:45 soon +", NULL},
    {"Thu, Apr 2011 00:00:00", NULL},
    {"never", NULL},
    {"", NULL},
    {"(29 Apr 2011 23:34:45 GMT)", NULL},
    {"::::::::::::::::::::::::::", NULL},
};

Test(date, parses)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t seconds = -1;
        bool ok = date_parse(span_z(rows[i].in), &seconds);
        cr_expect_eq(ok, rows[i].want != NULL, "\"%s\": %s", rows[i].in, ok ? date_format(&a, seconds) : "no date");
        if (ok && rows[i].want)
            cr_expect_str_eq(date_format(&a, seconds), rows[i].want, "\"%s\": %s", rows[i].in,
                             date_format(&a, seconds));
    }
    arena_free(&a);
}

Test(date, knows_the_number_of_seconds)
{
    int64_t seconds;
    cr_expect(date_parse(span_z("Fri, 13 Feb 2009 23:31:30 +0000"), &seconds));
    cr_expect_eq(seconds, 1234567890);
}

/* A bad last token makes the date invalid; a token after the limit does not. */
Test(date, tokens_have_a_limit)
{
    struct arena a;
    arena_init(&a);
    for (size_t commas = LIMIT_DATE_TOKENS - 10; commas <= LIMIT_DATE_TOKENS - 8; commas++) {
        struct strbuf b;
        int64_t seconds;
        strbuf_init(&b, &a);
        strbuf_puts(&b, "29 Apr 2011 23:34:45"); /* 8 tokens */
        for (size_t i = 0; i < commas; i++)
            strbuf_puts(&b, " ,");
        strbuf_puts(&b, " 7");
        cr_expect_eq(date_parse(span_of(b.s, b.n), &seconds), commas == LIMIT_DATE_TOKENS - 8, "%zu commas", commas);
    }
    arena_free(&a);
}

/* A comment at the beginning makes a date be read token by token: the result must be
 * the same as by position, whichever byte is wrong. */
Test(date, by_position_as_by_tokens)
{
    static const char *const dates[] = {"Thu, 29 Apr 2011 23:34:45 +0900", "9 Apr 2011 23:34:45 -0330 (JST)",
                                        "Sat, 31 Dec 2016 23:59:60 +0000\r\n"};
    static const char bytes[] = "0123456789 :,+-.(aZ\"\n\xc3";
    char text[64] = "()";
    for (size_t i = 0; i < COUNT(dates); i++)
        for (size_t at = 0; at < strlen(dates[i]); at++)
            for (size_t b = 0; b < sizeof bytes; b++) {
                int64_t by_position = 0, by_tokens = 0;
                strcpy(text + 2, dates[i]);
                text[2 + at] = bytes[b];
                struct span s = span_of(text + 2, strlen(dates[i]) - (b % 3 == 0));
                bool ok = date_parse(s, &by_position);
                cr_assert_eq(ok, date_parse(span_of(text, s.n + 2), &by_tokens), "\"%s\"", text);
                cr_assert_eq(by_position, by_tokens, "\"%s\"", text);
            }
}

Test(date, formats)
{
    struct arena a;
    arena_init(&a);
    cr_expect_str_eq(date_format(&a, 0), "1970-01-01T00:00:00Z");
    cr_expect_str_eq(date_format(&a, -1), "1969-12-31T23:59:59Z");
    cr_expect_str_eq(date_format(&a, 951782399), "2000-02-28T23:59:59Z");
    cr_expect_str_eq(date_format(&a, 951782400), "2000-02-29T00:00:00Z");
    cr_expect_str_eq(date_format(&a, -86400), "1969-12-31T00:00:00Z");
    arena_free(&a);
}

/* Every day from 1900 to 2200 is formatted as the day after the one before. */
Test(date, days_follow_each_other)
{
    struct arena a;
    arena_init(&a);
    int64_t start;
    cr_assert(date_parse(span_z("1900-01-01T12:00:00Z"), &start));
    for (int64_t day = 0; day < 300 * 365; day++) {
        int64_t back;
        char *text = date_format(&a, start + day * 86400);
        cr_assert(date_parse(span_z(text), &back), "%s", text);
        cr_assert_eq(back, start + day * 86400, "%s", text);
        if (day % 1000 == 0)
            arena_reset(&a);
    }
    arena_free(&a);
}
