/* SPDX-License-Identifier: MIT */
/*
 * mailbox_error.c - what is said of an input that cannot be read.
 *
 * In: its path, and a reason or errno. Out: one line of UTF-8, the same under every
 * locale. Nothing is refused: what is no UTF-8 is replaced, what is long is cut.
 */
#define _GNU_SOURCE 1 /* strerrordesc_np() */
#include "mailbox/mailbox_state.h"

#include "base/utf8.h"

#include <glib.h>
#include <string.h>

static const char *describe(int error_number)
{
#ifdef __GLIBC__
    /* Not strerror(): the same words under every locale. */
    const char *text = strerrordesc_np(error_number);
    return text ? text : "unknown error";
#else
    return g_strerror(error_number);
#endif
}

bounce_status mailbox_error(bounce_error *error, bounce_status status, const char *path, const char *reason)
{
    if (!error)
        return status;
    *error = (bounce_error){.status = status};
    if (!path) {
        g_strlcpy(error->message, reason, sizeof error->message);
        return status;
    }
    char *shown = g_utf8_make_valid(path, -1);
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    size_t room = sizeof error->message - strlen(reason) - sizeof ": ";
    const char *from = shown;
    if (strlen(shown) > room) {
        from += strlen(shown) - (room - strlen("..."));
        while (utf8_is_tail(*from))
            from++;
    }
    g_snprintf(error->message, sizeof error->message, "%s%s: %s", from == shown ? "" : "...", from, reason);
    g_free(shown);
    return status;
}

bounce_status mailbox_io_error(bounce_error *error, const char *path, int error_number)
{
    return mailbox_error(error, BOUNCE_ERROR_IO, path, describe(error_number));
}
