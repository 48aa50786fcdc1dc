/* SPDX-License-Identifier: MIT */
/* forgotten.h - what is left of an address that was erased. */
#ifndef LEDGER_STORE_FORGOTTEN_H
#define LEDGER_STORE_FORGOTTEN_H

#include "db/db.h"

enum { FORGOTTEN_HASH_BYTES = 33 };

struct forgotten {
    uint64_t keys[4];
    bool has_keys;
};

/* Loads the keys of this ledger; may_make: creates them when the first address is forgotten. */
bool forgotten_begin(struct forgotten *f, struct db *db, bool may_make);
void forgotten_hash(const struct forgotten *f, const char *address_key, char hash[FORGOTTEN_HASH_BYTES]);

#endif
