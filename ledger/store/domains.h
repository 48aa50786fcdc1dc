/* SPDX-License-Identifier: MIT */
/* domains.h - the states of domains as a whole. */
#ifndef LEDGER_STORE_DOMAINS_H
#define LEDGER_STORE_DOMAINS_H

#include "store/fold.h"

/* Keeps of an event what tells of the domain. True: the state of the domain is to be worked out. */
bool domains_note(struct fold *f, int64_t domain, const struct ledger_event *e);
void domains_fold(struct fold *f, int64_t domain);

#endif
