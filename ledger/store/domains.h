/* SPDX-License-Identifier: MIT */
/* domains.h - the states of domains as a whole. */
#ifndef LEDGER_STORE_DOMAINS_H
#define LEDGER_STORE_DOMAINS_H

#include "store/fold.h"

/* Domains of which a batch tells. */
struct domain_note {
    int64_t domain, week; /* week: of deliveries; -1: a failure or a release */
    int64_t first, last;  /* deliveries of that week */
};

struct domain_notes {
    struct domain_note *all;
    size_t count, capacity;
};

/* Keeps of an event what tells of its domain. False: there is no memory. */
bool domains_note(struct fold *f, struct domain_notes *notes, int64_t domain, const struct ledger_event *e);
/* Writes the deliveries, and works out the states of the domains that this concerns. */
void domains_settle(struct fold *f, struct domain_notes *notes);
/* The state of one domain. */
void domains_fold(struct fold *f, int64_t domain);

#endif
