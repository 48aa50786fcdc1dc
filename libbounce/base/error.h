/* SPDX-License-Identifier: MIT */
/* error.h - filling in a bounce_error. */
#ifndef BOUNCE_BASE_ERROR_H
#define BOUNCE_BASE_ERROR_H

#include "bounce.h"

/* Sets status and message, cut at the end of a character; error may be NULL. Returns status. */
bounce_status error_set(bounce_error *error, bounce_status status, const char *message);
/* Sets "PATH: REASON" as one line of UTF-8, or "REASON" if there is no path. Of a path that is too long, the end
 * is shown. Returns status. */
bounce_status error_set_at(bounce_error *error, bounce_status status, const char *path, const char *reason);
/* What errno says, in the same words under every locale. */
const char *error_describe(int error_number);

#endif
