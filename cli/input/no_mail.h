/* SPDX-License-Identifier: MIT */
/* no_mail.h - files that are not mail, recognised by their first bytes. */
#ifndef CLI_INPUT_NO_MAIL_H
#define CLI_INPUT_NO_MAIL_H

#include <stddef.h>

/* What the file is, if it is not mail, and what to do about it; NULL if it may be mail. */
const char *no_mail(const unsigned char *bytes, size_t n);

#endif
