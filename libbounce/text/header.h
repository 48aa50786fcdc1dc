/* SPDX-License-Identifier: MIT */
/* header.h - header values as UTF-8 (RFC 5322 2.2.3, RFC 2047). */
#ifndef BOUNCE_TEXT_HEADER_H
#define BOUNCE_TEXT_HEADER_H

#include "base/arena.h"

/* A raw header value, folded and encoded, as one line of UTF-8: unfolded, encoded words
 * decoded, neighbours in one charset as one (GMime 3.2.13 loses words), raw 8-bit bytes read as by text_decode()
 * without a charset. flags: enum text_flag (text.h); may be NULL. */
char *text_decode_header(struct arena *a, struct span raw, unsigned *flags);

/* True if decoding a value would change nothing. In any case, *value is the value
 * without the white space around it. */
bool text_header_is_plain(struct span raw, struct span *value);

#endif
