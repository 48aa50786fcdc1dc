/* SPDX-License-Identifier: MIT */
/* each_mail.h - mails one by one, without workers, for modes that read few of them. */
#ifndef CLI_EACH_MAIL_H
#define CLI_EACH_MAIL_H

#include "bounce.h"

#include <stdbool.h>

typedef void mail_fn(void *data, const bounce_view *view);

/* Calls fn for each message of an input; "-" is standard input. False, after a message, if not everything could be
 * read. */
bool each_mail(const char *path, bounce_format format, uint64_t max_bytes, mail_fn *fn, void *data);

#endif
