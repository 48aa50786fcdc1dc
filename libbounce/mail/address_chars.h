/* SPDX-License-Identifier: MIT */
/* address_chars.h - the characters of an address, and its halves (RFC 5321 4.1.2, RFC 6531 3.3). */
#ifndef BOUNCE_MAIL_ADDRESS_CHARS_H
#define BOUNCE_MAIL_ADDRESS_CHARS_H

#include "base/span.h"

#include <stdint.h>

/* The parts of an address that a byte may belong to. */
enum address_byte { LOCAL_PART_BYTE = 1, LABEL_BYTE = 2 };
extern const uint8_t address_bytes[256];

/* A byte of an unquoted local part: atext, the dot, and UTF-8. */
static inline bool address_is_local_byte(char c)
{
    return address_bytes[(unsigned char)c] & LOCAL_PART_BYTE;
}

/* A byte of a domain's label. The underscore is not allowed in host names, but is in use. */
static inline bool address_is_label_byte(char c)
{
    return address_bytes[(unsigned char)c] & LABEL_BYTE;
}

/* Index of the '@' that ends the local part, which is the last one; s.n if there is none. */
size_t address_at(struct span s);

/* Length of the domain at the start of s: labels between single dots, or a literal in
 * brackets. 0 if there is none. */
size_t address_domain_length(struct span s);

#endif
