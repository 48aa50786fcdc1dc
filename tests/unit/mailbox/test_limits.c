/* SPDX-License-Identifier: MIT */
/* test_limits.c - the splitter at its caps. */
#include "base/limits.h"
#include "mailbox_testing.h"

Test(mailbox_limits, cap_range)
{
    static const struct {
        uint64_t cap;
        bounce_status status;
    } rows[] = {
        {0, BOUNCE_OK},
        {LIMIT_MESSAGE_BYTES_MIN - 1, BOUNCE_ERROR_LIMIT},
        {LIMIT_MESSAGE_BYTES_MIN, BOUNCE_OK},
        {(uint64_t)LIMIT_MESSAGE_BYTES_MAX + 1, BOUNCE_OK},
        {(uint64_t)LIMIT_MESSAGE_BYTES_MAX + 2, BOUNCE_ERROR_LIMIT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bounce_mailbox *mb;
        cr_assert_eq(bounce_mailbox_open_memory("", 0, BOUNCE_FORMAT_AUTO, rows[i].cap, &mb, NULL), rows[i].status,
                     "%llu", (unsigned long long)rows[i].cap);
        bounce_mailbox_close(mb);
    }
}

/* A From line as long as the cap is a separator; with one byte more it is not. */
Test(mailbox_limits, from_line_length)
{
    static const char date[] = " Sat Jan  3 01:05:34 1996";
    for (size_t more = 0; more < 2; more++) {
        GString *s = g_string_new(FROM "A: 1\n\nx\n\nFrom ");
        size_t pad = LIMIT_FROM_LINE_BYTES - strlen("From ") - strlen(date) + more;
        for (size_t i = 0; i < pad; i++)
            g_string_append_c(s, 'j');
        g_string_append_printf(s, "%s\nB: 2\n", date);
        bounce_mailbox *mb;
        bounce_view v;
        bounce_mailbox_open_memory(s->str, s->len, BOUNCE_FORMAT_MBOX, 0, &mb, NULL);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), more ? BOUNCE_END : BOUNCE_OK, "%zu more", more);
        bounce_mailbox_close(mb);
        g_string_free(s, TRUE);
    }
}

/* More small messages than fit into the window. */
Test(mailbox_limits, many_messages)
{
    GString *s = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(s, "%s%sA: %d\n\nx\n", i ? "\n" : "", FROM, i);
    bounce_mailbox *mb;
    bounce_view v;
    bounce_mailbox_open_memory(s->str, s->len, BOUNCE_FORMAT_AUTO, 1024, &mb, NULL);
    for (int i = 0; i < 20000; i++) {
        char *want = g_strdup_printf("A: %d\n\nx\n", i);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK, "%d", i);
        cr_assert_eq(v.length, strlen(want), "%d", i);
        cr_assert_arr_eq(v.bytes, want, v.length, "%d", i);
        cr_assert_arr_eq(s->str + v.offset, want, v.length, "%d: offset", i);
        g_free(want);
    }
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
    g_string_free(s, TRUE);
}

static void read_three(size_t n)
{
    GString *s = three(n);
    bounce_mailbox *mb;
    bounce_mailbox_open_memory(s->str, s->len, BOUNCE_FORMAT_AUTO, 1024, &mb, NULL);
    check_three(mb, n, 1024);
    bounce_mailbox_close(mb);
    g_string_free(s, TRUE);
}

/* Lengths around the cap, and separators near the places where the window is moved or
 * its middle dropped. */
Test(mailbox_limits, long_messages)
{
    static const size_t around[] = {1024,
                                    2048,
                                    LIMIT_MAILBOX_BLOCK_BYTES,
                                    LIMIT_MAILBOX_BLOCK_BYTES + 1024,
                                    2 * LIMIT_MAILBOX_BLOCK_BYTES,
                                    5 * LIMIT_MAILBOX_BLOCK_BYTES};
    for (size_t a = 0; a < G_N_ELEMENTS(around); a++)
        for (size_t n = around[a] - 170; n < around[a] + 20; n++)
            read_three(n);
}

Test(mailbox_limits, cap_exact)
{
    for (size_t n = 1024 - 6 - 1; n <= 1024 - 6 + 1; n++)
        read_three(n);
}

/* The kept part of a long message is unquoted, too, and its length is the original one. */
Test(mailbox_limits, long_and_quoted)
{
    GString *s = g_string_new(FROM "A: 1\n\n>From a\n");
    const size_t body = LIMIT_MAILBOX_BLOCK_BYTES + 150000;
    for (size_t i = 0; i < body; i++)
        g_string_append_c(s, i % 50 == 49 ? '\n' : 'x');
    g_string_append(s, "\n>From b\n\n" FROM "B: 2\n");
    bounce_mailbox *mb;
    bounce_view v;
    bounce_mailbox_open_memory(s->str, s->len, BOUNCE_FORMAT_AUTO, 1024, &mb, NULL);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, 1023);
    cr_assert_arr_eq(v.bytes, "A: 1\n\nFrom a\nxxx", 16);
    cr_assert_eq(v.true_length, 6 + 8 + body + 1 + 8);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, 5);
    bounce_mailbox_close(mb);
    g_string_free(s, TRUE);
}

/* A single mail has the same cap. */
Test(mailbox_limits, long_mail)
{
    for (size_t n = 1022; n < 1027; n++) {
        char *s = g_strnfill(n, 'x');
        bounce_mailbox *mb;
        bounce_view v;
        bounce_mailbox_open_memory(s, n, BOUNCE_FORMAT_AUTO, 1024, &mb, NULL);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
        cr_assert_eq(v.length, n < 1024 ? n : 1024, "%zu", n);
        cr_assert_eq(v.true_length, n);
        bounce_mailbox_close(mb);
        g_free(s);
    }
    size_t huge = 3000001;
    char *s = g_strnfill(huge, 'x');
    bounce_mailbox *mb;
    bounce_view v;
    bounce_mailbox_open_memory(s, huge, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, LIMIT_MESSAGE_BYTES_DEFAULT);
    cr_assert_eq(v.true_length, huge);
    bounce_mailbox_close(mb);
    g_free(s);
}
