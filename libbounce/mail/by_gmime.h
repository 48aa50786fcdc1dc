/* SPDX-License-Identifier: MIT */
/* by_gmime.h - MIME parameters as GMime reads them: comments, backslashes, RFC 2231. by_gmime.c is the only file that
 * sees GMime. */
#ifndef BOUNCE_MAIL_BY_GMIME_H
#define BOUNCE_MAIL_BY_GMIME_H

#include "base/arena.h"

/* Gets each parameter; the value is in the arena, the name only for the call. */
typedef void mime_param_fn(void *data, const char *name, struct span value);

/* The type, "text/plain" in lower case, of a value of Content-Type; NULL if there is none. */
const char *gmime_read_type(struct arena *a, const char *value, mime_param_fn *take, void *data);
/* The first word of a value of Content-Disposition; NULL if there is none. */
const char *gmime_read_disposition(struct arena *a, const char *value, mime_param_fn *take, void *data);

#endif
