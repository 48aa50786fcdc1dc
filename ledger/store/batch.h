/* SPDX-License-Identifier: MIT */
/* batch.h - the recipients that are put into the tables at once. */
#ifndef LEDGER_STORE_BATCH_H
#define LEDGER_STORE_BATCH_H

#include "store/event.h"
#include "store/guard.h"

struct batch_item {
    struct seen_verdict verdict;
    const char *key, *domain; /* of the address; NULL: there is none */
};

/* False: there is no memory. */
bool batch_judge_messages(struct event_context *c, struct guard *g, const struct batch_item *items, size_t count,
                          struct address_set *concerned);

#endif
