/* SPDX-License-Identifier: MIT */
/* merge.h - the same failure, seen through several doors, is one event. */
#ifndef LEDGER_STORE_MERGE_H
#define LEDGER_STORE_MERGE_H

#include "store/event.h"

/* Adds what a verdict tells to the events of its address. False: there is no memory. */
bool merge_event(struct ledger_events *list, const struct ledger_event *seen, int64_t default_scope);
/* Marks the events that lead: of those that the guard counts, each that has no leading one of the same cause at the
 * same provider in the day before. Orders the events by time. */
void merge_leaders(struct ledger_events *list);

#endif
