/* SPDX-License-Identifier: MIT */
/* address_chars.h - the characters of an address, and its halves (RFC 5321 4.1.2, RFC 6531 3.3). */
#ifndef BOUNCE_MAIL_ADDRESS_CHARS_H
#define BOUNCE_MAIL_ADDRESS_CHARS_H

#include "base/span.h"

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

/* A byte of a domain's label. The underscore is not allowed in host names, but in use. */
static inline bool address_is_label_byte(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '-' || c == '_';
}

/* Index of the '@' that ends the local part, which is the last one; s.n if there is none. */
size_t address_at(struct span s);

/* Length of the domain at the start of s: labels between single dots, or a literal in
 * brackets. 0 if there is none. */
size_t address_domain_length(struct span s);

#endif
