/* SPDX-License-Identifier: MIT */
/* merge.h - the same failure from several sources is one event. */
#ifndef LEDGER_STORE_MERGE_H
#define LEDGER_STORE_MERGE_H

#include "store/event.h"

/* Adds what a verdict says to the events of its address. False: memory ran out. */
bool merge_event(struct ledger_events *list, const struct ledger_event *seen, int64_t default_scope);
/* Marks the leading events: of those that the guard counts, each one without another of the same cause at the same
 * provider in the day before. Sorts the events by time. */
void merge_leaders(struct ledger_events *list);

#endif
