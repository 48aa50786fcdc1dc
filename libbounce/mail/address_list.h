/* SPDX-License-Identifier: MIT */
/* address_list.h - the addresses of a header field (RFC 5322 3.4): To, From, Cc ... */
#ifndef BOUNCE_MAIL_ADDRESS_LIST_H
#define BOUNCE_MAIL_ADDRESS_LIST_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Finds the next address in the decoded value of a field, at or after *pos, and
 * moves *pos after it. Each item of the list has one: that in angle brackets if there
 * are any, whatever a display name or a comment shows; members of a group are items,
 * too. False at the end. *address is part of list. */
bool address_list_next(struct span list, size_t *pos, struct span *address);

#endif
