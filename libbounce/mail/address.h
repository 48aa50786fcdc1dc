/* SPDX-License-Identifier: MIT */
/*
 * address.h - address fields, and comparing addresses (RFC 5321 4.1.2, RFC 3461 4.2,
 * RFC 6533 3).
 */
#ifndef BOUNCE_MAIL_ADDRESS_H
#define BOUNCE_MAIL_ADDRESS_H

#include "base/arena.h"

struct address {
    const char *type;    /* lower case: "rfc822", "utf-8", "x400", "unknown" …; NULL if none was stated */
    const char *address; /* without brackets, comments, display name; NULL if there is none */
    bool too_long;       /* one of more than LIMIT_ADDRESS_BYTES was left out: its beginning is another address */
};

/* Reads the value of an RFC 3464 address field ("rfc822; <User@Example.net> (x)"),
 * decoded to UTF-8. Splits off the type; undoes the \x{HEX} of utf-8 addresses (RFC
 * 6533); removes angle brackets, comments, a trailing dot, display names and mailto:.
 * An address without '@' is kept (a local name). False if nothing is left, or if
 * that is too long. */
bool address_from_field(struct arena *a, struct span value, struct address *out);
/* The same for an Original-Recipient, which comes from ORCPT: undoes xtext, too. In a Final-Recipient
 * "joe+3D@example.net" has a plus tag. */
bool address_from_orcpt(struct arena *a, struct span value, struct address *out);
/* s without the "+XX" of xtext (RFC 3461 4), if the result is sane: text, and still an address if s was one. */
struct span address_undo_xtext(struct arena *a, struct span s);

/* True if s is one plausible internet address: exactly local@domain, where the
 * domain has letters, digits, hyphens, dots or UTF-8, or is a literal. */
bool address_is_plausible(struct span s);

/* True if both are the same address: domains are compared without case and trailing
 * dot, local parts without quotes and without (ASCII) case. */
bool address_equal(const char *a, const char *b);
/* The same bytes for all addresses that are equal, and for no others. */
struct span address_key(struct arena *a, struct span s);

#endif
