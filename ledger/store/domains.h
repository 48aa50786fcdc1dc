/* SPDX-License-Identifier: MIT */
/* domains.h - the states of domains as a whole. */
#ifndef LEDGER_STORE_DOMAINS_H
#define LEDGER_STORE_DOMAINS_H

#include "store/fold.h"

/* A domain that events of a batch are about. */
struct domain_note {
    int64_t domain, week; /* week: of deliveries; -1: a failure or a release */
    int64_t first, last;  /* deliveries of that week */
};

struct domain_notes {
    struct domain_note *all;
    size_t count, capacity;
};

/* Notes what an event says about its domain. False: memory ran out. */
bool domains_note(struct fold *f, struct domain_notes *notes, int64_t domain, const struct ledger_event *e);
/* Stores the deliveries, and computes the states of the domains concerned. */
void domains_settle(struct fold *f, struct domain_notes *notes);
/* Computes the state of one domain. */
void domains_fold(struct fold *f, int64_t domain);

#endif
