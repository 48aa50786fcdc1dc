/* SPDX-License-Identifier: MIT */
/* test_cfws.c - comments and quoted strings, in both of which a backslash escapes. */
#include "mail/cfws.h"

#include <criterion/criterion.h>

Test(cfws, comments_and_quoted_strings)
{
    static const struct {
        const char *s;
        size_t comment, quoted, skipped;
    } rows[] = {
        {"(a) b", 3, 0, 4},
        {"(a (b) c)d", 9, 0, 9},
        {"(a \\) b) c", 8, 0, 9},
        {"(\\() x", 4, 0, 5},
        {"(\\\\) x", 4, 0, 5},
        {"(no end", 0, 0, 0},
        {"(\\)", 0, 0, 0},
        {"(\\", 0, 0, 0},
        {" \t\n (a)(b) c", 0, 0, 11},
        {" (a) (b", 0, 0, 5},
        {"\"a\" b", 0, 3, 0},
        {"\"a \\\" b\" c", 0, 8, 0},
        {"\"\\\\\" c", 0, 4, 0},
        {"\"no end\\\"", 0, 0, 0},
        {"\"", 0, 0, 0},
        {"x (a)", 0, 0, 0},
        {")", 0, 0, 0},
        {"\\(a)", 0, 0, 0},
        {"", 0, 0, 0},
        {"  ", 0, 0, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct span s = span_z(rows[i].s);
        cr_expect_eq(comment_length(s), rows[i].comment, "%s: %zu", rows[i].s, comment_length(s));
        cr_expect_eq(quoted_length(s), rows[i].quoted, "%s: %zu", rows[i].s, quoted_length(s));
        cr_expect_eq(s.n - skip_cfws(s).n, rows[i].skipped, "%s: %zu", rows[i].s, s.n - skip_cfws(s).n);
    }
}
