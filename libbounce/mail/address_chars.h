/* SPDX-License-Identifier: MIT */
/* address_chars.h - what may stand in an address (RFC 5321 4.1.2, RFC 6531 3.3). */
#ifndef BOUNCE_MAIL_ADDRESS_CHARS_H
#define BOUNCE_MAIL_ADDRESS_CHARS_H

#include "base/arena.h"

#include <string.h>

/* A byte of an unquoted local part: atext, the dot, and UTF-8. */
static inline bool address_is_local_byte(char c)
{
    switch (c) {
    case '.':
    case '!':
    case '#':
    case '$':
    case '%':
    case '&':
    case '\'':
    case '*':
    case '+':
    case '-':
    case '/':
    case '=':
    case '?':
    case '^':
    case '_':
    case '`':
    case '{':
    case '|':
    case '}':
    case '~': return true;
    default: return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
    }
}

/* A byte of a domain's label. The underscore is no host name but is in use. */
static inline bool address_is_label_byte(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '-' || c == '_';
}

/* Bytes at the start of s that are a domain: labels between single dots, or a
 * literal in brackets. 0 if there is none. */
size_t address_domain_length(struct span s);

/* Index of the '@' that ends the local part (the last one); n if there is none. */
size_t address_at(struct span s);

#endif
