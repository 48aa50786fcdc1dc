/* SPDX-License-Identifier: MIT */
/*
 * message_mime.h - values of MIME header fields (RFC 2045 5, RFC 2183, RFC 2231).
 * message_mime.c is the only file that sees GMime.
 */
#ifndef BOUNCE_MAIL_MESSAGE_MIME_H
#define BOUNCE_MAIL_MESSAGE_MIME_H

#include "base/arena.h"

struct mime_type {
    const char *type;        /* lower case "text/plain"; NULL: missing or broken */
    struct span boundary;    /* s == NULL: not stated */
    const char *charset;     /* these: NULL if not stated */
    const char *name;        /* UTF-8 */
    const char *report_type; /* lower case */
};

/* The value of a Content-Type field, raw. */
void mime_read_type(struct arena *a, struct span value, struct mime_type *out);

/* The value of a Content-Disposition field, raw. *filename is UTF-8, and left
 * alone if none is stated. */
void mime_read_disposition(struct arena *a, struct span value, bool *attachment, const char **filename);

/* The value of a Content-Transfer-Encoding field: its first word in lower
 * case, or NULL. */
const char *mime_read_encoding(struct arena *a, struct span value);

#endif
