/* SPDX-License-Identifier: MIT */
/*
 * header_addresses.h - recipients that header fields name: the writer's own
 * list, the envelope recipient of the report (VERP), the returned message.
 */
#ifndef BOUNCE_READING_HEADER_ADDRESSES_H
#define BOUNCE_READING_HEADER_ADDRESSES_H

#include "mail/address.h"
#include "reading/reading.h"

/* X-Failed-Recipients (Exim, Gmail, mail.ru): a finding for each address. */
void header_addresses_read_listed(struct reading *rd);
/* The recipient hidden in the address to which the report was sent. */
void header_addresses_read_verp(struct reading *rd);
/* Those to whom the returned message went, by the first of its fields that names anybody. False: none does. */
bool header_addresses_read_original(struct reading *rd);
/* The only address that the subject names, if it is not the reader's or the writer's: "Rejected posting to x@y". */
void header_addresses_read_subject(struct reading *rd);
/* The address of a field, kept with the report; one that is too long is left out, with a warning. */
bool header_address_read(struct reading *rd, struct span value, struct address *out);
/* The same by address_from_orcpt(). */
bool header_address_read_orcpt(struct reading *rd, struct span value, struct address *out);
/* The warning alone, for an address in the text. */
void header_address_warn(struct reading *rd);
/* Whether an address of a header field (NULL: it is not there) is like this one; like: address_equal(), or broader. */
bool header_field_has(struct reading *rd, const char *value, const char *address,
                      bool (*like)(const char *, const char *));
/* The first address of a header field, without its display name; in scratch. NULL: none. */
const char *header_first_address(struct reading *rd, const char *value);

#endif
