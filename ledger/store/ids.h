/* SPDX-License-Identifier: MIT */
/* ids.h - the numbers that stand for words, domains and scopes in the tables. */
#ifndef LEDGER_STORE_IDS_H
#define LEDGER_STORE_IDS_H

#include "db/db.h"

struct ids; /* what of them is known in this process */

struct ids *ids_new(struct db *db);
void ids_free(struct ids *ids);
/* At the beginning of a transaction: others may have entered rows since the last one. */
void ids_begin(struct ids *ids);

/* Of a word, which is entered if it is new. NULL has -1. */
int64_t ids_word(struct ids *ids, const char *word);
int64_t ids_domain(struct ids *ids, const char *name);
/* Of an address that has no row yet; in a transaction. */
int64_t ids_new_address(struct ids *ids);
/* kind: "scope", "tenant", "service", "all". */
int64_t ids_scope(struct ids *ids, const char *kind, const char *name);
/* Of the tenant of a scope, and of a service that is a word. */
int64_t ids_tenant(struct ids *ids, int64_t scope);
int64_t ids_service(struct ids *ids, int64_t word);

#endif
