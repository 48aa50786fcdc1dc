/* SPDX-License-Identifier: MIT */
/*
 * standing.c - whether an address may be mailed now.
 *
 * In: an address, a scope and a service. Out: yes, not now (with a time), or never: the highest answer of all states of
 * the address that apply there, of its domain, and of its hash if it was erased. Refused: invalid addresses, which may
 * never be mailed.
 */
#include "store/standing.h"

#include <stdlib.h>
#include <string.h>

static int64_t find(struct db *db, const char *kind, const char *name)
{
    return db_number(db_run(db, SQL_find_scope, "tt", kind, name), -1);
}

bool asker_begin(struct asker *a, struct db *db, int64_t now, const char *scope, const char *service)
{
    char *tenant = strndup(scope, strcspn(scope, "/"));
    *a = (struct asker){.db = db, .now = now};
    a->scopes[0] = find(db, "scope", scope);
    a->scopes[1] = tenant ? find(db, "tenant", tenant) : -1;
    a->scopes[2] = find(db, "all", "");
    a->scopes[3] = service ? find(db, "service", service) : -1;
    a->has_domains = db_number(db_run(db, SQL_any_domain_state, ""), 0) != 0;
    if (db_number(db_run(db, SQL_any_forgotten, ""), 0) != 0)
        forgotten_begin(&a->forgotten, db, false);
    free(tenant);
    return tenant && !db_problem(db);
}

static bool holds_here(const struct asker *a, int64_t scope)
{
    for (int i = 0; i < STANDING_SCOPES; i++)
        if (a->scopes[i] == scope && scope >= 0)
            return true;
    return false;
}

static void add(const struct asker *a, struct standing *s, const char *name, int64_t until)
{
    bounce_state state = BOUNCE_STATE_FREE;
    int64_t from = 0;
    bounce_state_from_name(name, &state);
    bounce_may may = bounce_policy_may((int32_t)state, until, a->now, &from);
    if (may == BOUNCE_MAY_YES)
        from = 0;
    if (may > s->may || (may == s->may && from > s->from)) {
        s->may = may;
        s->from = from;
    }
    s->state = state > s->state ? state : s->state;
}

static void ask_domain(const struct asker *a, const char *key, struct standing *s)
{
    const char *at = strrchr(key, '@');
    struct db_rows *rows = db_run(a->db, SQL_may_domain, "t", at ? at + 1 : key);
    while (db_next(rows))
        add(a, s, db_text(rows, 0), db_int(rows, 1));
}

static void ask_forgotten(const struct asker *a, const char *key, struct standing *s)
{
    char hash[FORGOTTEN_HASH_BYTES];
    forgotten_hash(&a->forgotten, key, hash);
    struct db_rows *rows = db_run(a->db, SQL_is_forgotten, "t", hash);
    while (db_next(rows))
        if (holds_here(a, db_int(rows, 0)))
            add(a, s, "suppressed", 0);
}

bool asker_ask(struct asker *a, const char *address, struct standing *s)
{
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    *s = (struct standing){.may = BOUNCE_MAY_YES};
    if (bounce_address_key(address, key, sizeof key, NULL) != BOUNCE_OK) {
        s->may = BOUNCE_MAY_NEVER;
        return true;
    }
    s->is_address = true;
    struct db_rows *rows = db_run(a->db, SQL_may_address, "t", key);
    while (db_next(rows)) {
        s->is_known = true;
        if (holds_here(a, db_int(rows, 0)))
            add(a, s, db_text(rows, 1), db_int(rows, 2));
    }
    if (a->has_domains)
        ask_domain(a, key, s);
    if (a->forgotten.has_keys)
        ask_forgotten(a, key, s);
    return !db_problem(a->db);
}
