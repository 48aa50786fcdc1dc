/* SPDX-License-Identifier: MIT */
/* addresses.h - the rows of addresses, and their other names. */
#ifndef LEDGER_STORE_ADDRESSES_H
#define LEDGER_STORE_ADDRESSES_H

#include "store/event.h"

/* The number of the address with this key; -1: unknown. */
int64_t address_find(struct db *db, const char *key);
int64_t address_add(struct event_context *c, const char *key, const char *spelling, const char *domain);
/* Stores what a report calls the address, if that differs. reported NULL: nothing. */
void address_add_name(struct event_context *c, int64_t address, const char *key, const char *reported);

#endif
