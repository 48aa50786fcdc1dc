/* SPDX-License-Identifier: MIT */
/*
 * typed.h - what somebody typed, in a text: addresses, URLs and host names. Servers
 * repeat them, and the words that they are made of say nothing about a mail.
 */
#ifndef BOUNCE_TEXT_TYPED_H
#define BOUNCE_TEXT_TYPED_H

#include "base/span.h"

struct typed_range {
    size_t start, end;
};

/* A search begins with the last four 0. */
struct typed_search {
    struct span text;         /* UTF-8 on one line, as text_normalise() gives it */
    const struct span *hosts; /* names that are known to be hosts, each with a dot */
    size_t host_count;
    size_t at;        /* where to go on */
    size_t floor;     /* where the last find ended */
    size_t local_end; /* where the last run of characters of a local part that was looked at ends */
    size_t tried;     /* where the labels that are known not to be a host end */
};

/* The next one, in the order of the text; they do not overlap. False at the end.
 *
 *   address   an "@" with a domain after it, and the local part before it if there is one
 *   URL       "//" and what follows up to a space, with the scheme before it
 *   host      labels with dots that begin with "www.", or at least three of which the
 *             last one is a top-level domain, or that are or end in a known name; and
 *             the path after it
 *
 * X.Y.Z codes, IP addresses and "RESOLVER.ADR.RecipientNotFound" are none of them. In
 * "unknown@example.net.Please" the host ends before a capital letter. */
bool typed_next(struct typed_search *s, struct typed_range *found);

#endif
