/* SPDX-License-Identifier: MIT */
/* address_scan.h - internet addresses in free text. */
#ifndef BOUNCE_MAIL_ADDRESS_SCAN_H
#define BOUNCE_MAIL_ADDRESS_SCAN_H

#include "base/span.h"

struct found_address {
    struct span address; /* part of the line, without brackets */
    size_t start, end;   /* in the line, brackets included */
    bool bracketed;      /* it was in <…> */
};

/* Finds the next internet address in a line of free text, at or after *pos, and moves *pos to its end. Understands <…>,
 * quoted local parts, UTF-8 local parts, IDN domains and address literals. Skips what cannot be a recipient: message
 * ids in "Message-ID: <…>" or "id <…>", URLs, "user@host" inside http://, and "W32.Netsky.P@mm". Strips mailto: and
 * trailing punctuation (. , ; : ) ' "). False if there is none. */
bool address_next(struct span line, size_t *pos, struct found_address *out);

/* Whether the line has one of more than LIMIT_ADDRESS_BYTES, which address_next() skips. */
bool address_left_out(struct span line);

#endif
