/* SPDX-License-Identifier: MIT */
/* wording.h - a text without what differs from mail to mail. */
#ifndef BOUNCE_TEXT_WORDING_H
#define BOUNCE_TEXT_WORDING_H

#include "base/arena.h"

struct wording_facts {
    const struct span *hosts; /* names of hosts and domains of the mail; each has a dot */
    size_t host_count;
    const struct span *names; /* other things of this mail: local parts, display names, a subject */
    size_t name_count;
};

/* The text in its normal form with addresses, hosts, the end of URLs, IP addresses, ids, long numbers and the names
 * replaced by ones that mean nothing: <anna@maple.example> becomes <user@example.com>. Of the names in the facts, only
 * whole words are looked for, of three bytes or more, and no word that may be said of any mail ("mailbox"). In a. */
char *text_wording(struct arena *a, struct span text, const struct wording_facts *facts);

#endif
