/* SPDX-License-Identifier: MIT */
/* domain.h - whether two host names belong to one organisation. */
#ifndef BOUNCE_MAIL_DOMAIN_H
#define BOUNCE_MAIL_DOMAIN_H

#include "base/span.h"

/* The part of a name under which an organisation registers: its last two labels, or three under a
 * suffix such as co.uk. A guess: there is no list of public suffixes here. n 0 for a name without
 * a dot, and for an address of digits. */
struct span domain_organisation(struct span name);
/* The domain of an address, or of the last one in a field; n 0 if there is none. */
struct span domain_of_address(struct span text);

#endif
