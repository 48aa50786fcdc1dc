/* SPDX-License-Identifier: MIT */
/* standing.h - whether an address may be mailed now. */
#ifndef LEDGER_STORE_STANDING_H
#define LEDGER_STORE_STANDING_H

#include "bounce.h"
#include "db/db.h"
#include "store/forgotten.h"

enum { STANDING_SCOPES = 4 };

/* The scope and service of the query. */
struct asker {
    struct db *db;
    int64_t now;
    int64_t scopes[STANDING_SCOPES]; /* the scope, its tenant, all, a service; -1: none */
    bool has_domains;
    struct forgotten forgotten; /* without keys: no address was forgotten */
};

struct standing {
    bounce_may may;
    int64_t from; /* when it may be mailed again; 0: now, or never */
    bounce_state state;
    bool is_address, is_known;
};

/* scope is "TENANT/STREAM/LIST"; service may be NULL. False: there is a database problem. */
bool asker_begin(struct asker *a, struct db *db, int64_t now, const char *scope, const char *service);
/* False as above. */
bool asker_ask(struct asker *a, const char *address, struct standing *s);

#endif
