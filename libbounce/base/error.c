/* SPDX-License-Identifier: MIT */
/*
 * error.c - see error.h.
 *
 * In: a status and a message, for a path or not; or a value of errno. Out: a bounce_error, or the words for it. What
 * does not fit is cut off. Nothing is refused.
 */
#include "base/error.h"
#include "base/utf8.h"

#include <glib.h>
#include <string.h>

bounce_status error_set(bounce_error *error, bounce_status status, const char *message)
{
    if (!error)
        return status;
    *error = (bounce_error){.status = status};
    const size_t n = utf8_cut(message, strlen(message), sizeof error->message - 1);
    memcpy(error->message, message, n);
    return status;
}

bounce_status error_set_at(bounce_error *error, bounce_status status, const char *path, const char *reason)
{
    if (!error)
        return status;
    if (!path)
        return error_set(error, status, reason);
    *error = (bounce_error){.status = status};
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

const char *error_describe(int error_number)
{
#ifdef __GLIBC__
    /* Not strerror(): the same words under every locale. */
    const char *text = strerrordesc_np(error_number);
    return text ? text : "unknown error";
#else
    return g_strerror(error_number);
#endif
}
