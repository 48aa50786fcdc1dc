/* SPDX-License-Identifier: MIT */
/*
 * test_memory.c - whichever request for memory of a mailbox's window fails, its reader
 * gets a status, and the next mailbox can be read.
 */
#include "bounce.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int calls, fails_at; /* 0: never */

/* Replaces GLib's function; declared by glib.h. */
gpointer g_try_realloc(gpointer memory, gsize n)
{
    return ++calls == fails_at ? NULL : realloc(memory, n);
}

#define FROM "From a Sat Jan 3 01:05 1996\n"
enum { LONG_BYTES = 5 << 20 };

/* Three messages, of which the second is long. */
static char *make_box(size_t *n)
{
    char *box = malloc(LONG_BYTES + 200), *to = box;
    cr_assert_not_null(box);
    to += strlen(strcpy(to, FROM "one\n\n" FROM));
    memset(to, 'x', LONG_BYTES);
    to += LONG_BYTES;
    to += strlen(strcpy(to, "\n\n" FROM "three\n"));
    *n = (size_t)(to - box);
    return box;
}

/* Returns how many messages came before the end or the error. */
static int read_all(const char *box, size_t n, bounce_status *status)
{
    bounce_mailbox *mb;
    bounce_view v;
    bounce_error error;
    int count = 0;
    cr_assert_eq(bounce_mailbox_open_memory(box, n, BOUNCE_FORMAT_AUTO, 4 << 20, &mb, NULL), BOUNCE_OK);
    while ((*status = bounce_mailbox_next(mb, &v, &error)) == BOUNCE_OK)
        count++;
    if (*status != BOUNCE_END) {
        cr_assert_str_eq(error.message, "Cannot allocate memory");
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
    }
    bounce_mailbox_close(mb);
    return count;
}

Test(memory, each_request_fails_in_turn)
{
    size_t n;
    char *box = make_box(&n);
    bounce_status status;
    cr_assert_eq(read_all(box, n, &status), 3);
    int all = calls;
    cr_assert_gt(all, 3);
    for (int i = 1; i <= all; i++) {
        calls = 0;
        fails_at = i;
        cr_assert_eq(read_all(box, n, &status), i == 1 ? 0 : 1);
        cr_assert_eq(status, BOUNCE_ERROR_IO);
        fails_at = 0;
        cr_assert_eq(read_all(box, n, &status), 3);
    }
    free(box);
}
