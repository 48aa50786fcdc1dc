/* SPDX-License-Identifier: MIT */
/* auth_results.h - what a server of the reader's own found out about a mail (RFC 8601). */
#ifndef BOUNCE_MAIL_AUTH_RESULTS_H
#define BOUNCE_MAIL_AUTH_RESULTS_H

#include "base/arena.h"
#include "mail/fields.h"

/* Words such as "pass", in small letters; NULL: not stated. */
struct auth_results {
    const char *spf, *dkim, *dmarc, *arc;
    const char *of; /* the domain that they are about */
};

/* Reads the fields Authentication-Results of host that stand above its first Received, or, where
 * it wrote none, above the first of all: below may stand what the sender invented (RFC 8601
 * section 5). Copies lie in a. False if there is none. */
bool auth_results_read(struct arena *a, const struct field_group *header, struct span host, struct auth_results *out);

#endif
