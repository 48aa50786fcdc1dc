/* SPDX-License-Identifier: MIT */
/*
 * message_mime.h - the values of MIME header fields (RFC 2045 5, RFC 2183, RFC 2231).
 */
#ifndef BOUNCE_MAIL_MESSAGE_MIME_H
#define BOUNCE_MAIL_MESSAGE_MIME_H

#include "base/arena.h"

struct mime_type {
    const char *type;        /* lower case "text/plain"; NULL: missing or broken */
    struct span boundary;    /* s is NULL if there is none */
    const char *charset;     /* or NULL; so are the others */
    const char *name;        /* UTF-8 */
    const char *report_type; /* lower case */
};

/* Reads the raw value of a Content-Type field. */
void mime_read_type(struct arena *a, struct span value, struct mime_type *out);

/* Reads the raw value of a Content-Disposition field. *filename is UTF-8, and unchanged
 * if there is none. */
void mime_read_disposition(struct arena *a, struct span value, bool *attachment, const char **filename);

/* The first word of a Content-Transfer-Encoding field in lower case, or NULL. */
const char *mime_read_encoding(struct arena *a, struct span value);

#endif
