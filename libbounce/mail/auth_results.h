/* SPDX-License-Identifier: MIT */
/* auth_results.h - what the reader's own server found out about a mail (RFC 8601). */
#ifndef BOUNCE_MAIL_AUTH_RESULTS_H
#define BOUNCE_MAIL_AUTH_RESULTS_H

#include "base/arena.h"
#include "mail/fields.h"

/* Words such as "pass", in small letters; NULL: not stated. */
struct auth_results {
    const char *spf, *dkim, *dmarc, *arc;
    const char *of; /* the domain that they are about */
};

/* Reads the Authentication-Results fields of host above its first Received field, or, if it wrote none, above the first
 * Received field of all: the sender may have forged those below (RFC 8601 section 5). Copies are in a. False if there
 * is none. */
bool auth_results_read(struct arena *a, const struct field_group *header, struct span host, struct auth_results *out);

#endif
