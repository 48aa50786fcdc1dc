/* SPDX-License-Identifier: MIT */
/*
 * test_search.c - the searches of the splitter compared with the simplest ones, in bytes
 * after which any read faults.
 */
#include "guarded.h"
#include "mailbox/mailbox.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

enum { MOST_BYTES = 400 };

/* ------------------------------------------------------- plain searches */

static size_t plain_from(const unsigned char *s, size_t i, size_t n)
{
    for (; i + 5 <= n; i++)
        if (memcmp(s + i, "From ", 5) == 0)
            return i;
    return n;
}

static bool ends_line(unsigned char c)
{
    return c == '\n' || c == '\r';
}

static size_t plain_line_end(const unsigned char *s, size_t i, size_t n)
{
    while (i < n && !ends_line(s[i]))
        i++;
    return i;
}

static size_t plain_blank_line(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t end = plain_line_end(s, i, n);
        if (end == i)
            return i;
        i = end + (end + 1 < n && s[end] == '\r' && s[end + 1] == '\n' ? 2 : 1);
    }
    return n;
}

static size_t plain_length_field(const unsigned char *s, size_t i, size_t stop, size_t n)
{
    for (; i + 15 <= n && i + 7 < stop; i++)
        if ((i == 0 || ends_line(s[i - 1])) && g_ascii_strncasecmp((const char *)s + i, "Content-Length:", 15) == 0)
            return i;
    return stop;
}

/* --------------------------------------------------------------- inputs */

/* n bytes that end at the guard page: pieces of the patterns, complete and broken. */
static const unsigned char *make_bytes(GRand *r, size_t n)
{
    static const char *const pieces[] = {"From ", "F   ", "Fr",         "\n",      "\r",      "\r\n",
                                         "x",     "-",    "Content",    "-Length", ":",       "content-length:",
                                         " ",     "From", "a -L-l  ::", "abcdefg", "\nFrom ", "CONTENT-LENGTH:"};
    unsigned char *s = (unsigned char *)guarded_bytes(n);
    gint32 plain = g_rand_int_range(r, 0, 3) == 0 ? 200 : 3;
    for (size_t i = 0; i < n;) {
        const char *piece = pieces[g_rand_int_range(r, 0, G_N_ELEMENTS(pieces))];
        for (gint32 k = g_rand_int_range(r, 0, plain); k > 0 && i < n; k--)
            s[i++] = 'x';
        for (; *piece && i < n; piece++)
            s[i++] = (unsigned char)*piece;
    }
    return s;
}

Test(mailbox_search, same_as_plain_searches)
{
    GRand *r = g_rand_new_with_seed(1);
    for (int round = 0; round < 20000; round++) {
        size_t n = (size_t)g_rand_int_range(r, 0, MOST_BYTES + 1), i = (size_t)g_rand_int_range(r, 0, (gint32)n + 1);
        size_t stop = i + (size_t)g_rand_int_range(r, 0, (gint32)(n - i) + 1);
        const unsigned char *s = make_bytes(r, n);
        cr_assert_eq(search_from(s, i, n), plain_from(s, i, n), "%d: From", round);
        cr_assert_eq(search_from_narrow(s, i, n), plain_from(s, i, n), "%d: From, narrow", round);
        cr_assert_eq(search_line_end(s, i, n), plain_line_end(s, i, n), "%d: line end", round);
        cr_assert_eq(search_blank_line(s, n), plain_blank_line(s, n), "%d: blank line", round);
        cr_assert_eq(search_blank_line_narrow(s, n), plain_blank_line(s, n), "%d: blank line, narrow", round);
        cr_assert_eq(search_length_field(s, i, stop, n), plain_length_field(s, i, stop, n), "%d: length", round);
    }
    g_rand_free(r);
}

/* One hit, at every position of inputs of every length. */
Test(mailbox_search, every_position)
{
    for (size_t n = 0; n <= 300; n++) {
        unsigned char *s = (unsigned char *)guarded_bytes(n);
        for (size_t at = 0; at < n; at++) {
            memset(s, 'x', n);
            memcpy(s + at, "From ", MIN(n - at, 5));
            cr_assert_eq(search_from(s, 0, n), at + 5 <= n ? at : n, "%zu of %zu", at, n);
            cr_assert_eq(search_from_narrow(s, 0, n), at + 5 <= n ? at : n, "%zu of %zu, narrow", at, n);
            cr_assert_eq(search_from(s, at, n), at + 5 <= n ? at : n, "%zu of %zu", at, n);
            cr_assert_eq(search_from(s, at + 1, n), n, "%zu of %zu", at, n);
            s[at] = '\r';
            cr_assert_eq(search_line_end(s, 0, n), at, "%zu of %zu", at, n);
        }
    }
}
