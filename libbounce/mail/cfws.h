/* SPDX-License-Identifier: MIT */
/* cfws.h - comments, folding white space and quoted strings (RFC 5322 3.2). */
#ifndef BOUNCE_MAIL_CFWS_H
#define BOUNCE_MAIL_CFWS_H

#include "base/span.h"

/* Length of the comment at the start of s; 0: there is none, or it has no end. */
size_t comment_length(struct span s);
/* Length of the quoted string at the start of s; 0: there is none, or it has no end. */
size_t quoted_length(struct span s);
/* s without the white space and the comments in front of it. */
struct span skip_cfws(struct span s);

#endif
