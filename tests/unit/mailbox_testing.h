/* SPDX-License-Identifier: MIT */
/* mailbox_testing.h - mailboxes for the tests of the splitter. */
#ifndef MAILBOX_TESTING_H
#define MAILBOX_TESTING_H

#include "bounce.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define FROM "From joe@example.org Sat Jan  3 01:05:34 1996\n"
#define FROM_CRLF "From joe@example.org Sat Jan  3 01:05:34 1996\r\n"
#define FROM_CR "From joe@example.org Sat Jan  3 01:05:34 1996\r"

/* An mbox of three messages whose middle one has a body of n bytes of lines. */
static inline GString *three(size_t n)
{
    GString *s = g_string_new(FROM "A: 1\n\nx\n\n" FROM "B: 2\n\n");
    size_t start = s->len;
    g_string_set_size(s, start + n);
    memset(s->str + start, 'b', n);
    for (size_t i = 60; i < n; i += 61)
        s->str[start + i] = '\n';
    s->str[start + n - 1] = '\n';
    g_string_append(s, "\n" FROM "C: 3\n\nz\n");
    return s;
}

static inline void check_three(bounce_mailbox *mb, size_t n, size_t cap)
{
    bounce_view v;
    size_t middle = 6 + n;
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, 8);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.true_length, middle, "%zu: true length %zu", n, (size_t)v.true_length);
    cr_assert_eq(v.length, middle < cap ? middle : cap, "%zu: length %zu", n, v.length);
    cr_assert_arr_eq(v.bytes, "B: 2\n\n", 6);
    for (size_t i = 6; i < v.length; i++)
        if (v.bytes[i] != ((i - 6) % 61 == 60 || i + 1 == middle ? '\n' : 'b'))
            cr_assert_fail("%zu: byte %zu is %d", n, i, v.bytes[i]);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK, "%zu: third message", n);
    cr_assert_eq(v.offset, 101 + middle + 1 + 46, "%zu", n);
    cr_assert_eq(v.length, 8);
    cr_assert_arr_eq(v.bytes, "C: 3\n\nz\n", 8);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
}

#endif
