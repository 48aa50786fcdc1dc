/* SPDX-License-Identifier: MIT */
/* no_mail.h - files that are no mail, by how they begin. */
#ifndef CLI_INPUT_NO_MAIL_H
#define CLI_INPUT_NO_MAIL_H

#include <stddef.h>

/* What a file is that is no mail, and what to do about it; NULL if it may be one. */
const char *no_mail(const unsigned char *bytes, size_t n);

#endif
