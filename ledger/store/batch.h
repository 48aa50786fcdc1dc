/* SPDX-License-Identifier: MIT */
/* batch.h - the messages of a batch, for the guard. */
#ifndef LEDGER_STORE_BATCH_H
#define LEDGER_STORE_BATCH_H

#include "store/event.h"
#include "store/guard.h"

struct batch_item {
    struct seen_verdict verdict;
    const char *key, *domain; /* of the address; NULL: none */
};

/* Judges the messages of the events that the guard counts, and empties the list. */
void batch_judge_messages(struct guard *g, struct ledger_events *counted, struct address_set *concerned);

#endif
