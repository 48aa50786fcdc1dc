/* SPDX-License-Identifier: MIT */
/* ids.h - the numbers that stand for words, domains and scopes in the tables. */
#ifndef LEDGER_STORE_IDS_H
#define LEDGER_STORE_IDS_H

#include "db/db.h"

struct ids; /* a cache of them in this process */

struct ids *ids_new(struct db *db);
void ids_free(struct ids *ids);
/* Call it when a transaction begins: other processes may have added rows. */
void ids_begin(struct ids *ids);

/* The number of a word, which is added if it is new. NULL has -1. */
int64_t ids_word(struct ids *ids, const char *word);
int64_t ids_domain(struct ids *ids, const char *name);
/* A number for an address that has no row yet; in a transaction. */
int64_t ids_new_address(struct ids *ids);
/* kind: "scope", "tenant", "service", "all". */
int64_t ids_scope(struct ids *ids, const char *kind, const char *name);
/* The tenant of a scope, and a service, whose name is a word. */
int64_t ids_tenant(struct ids *ids, int64_t scope);
int64_t ids_service(struct ids *ids, int64_t word);

#endif
