/* SPDX-License-Identifier: MIT */
/*
 * addresses.c - the rows of addresses, and their other names.
 *
 * In: keys and spellings. Out: numbers of rows. Refused: names that are not addresses.
 */
#include "store/addresses.h"

#include "bounce.h"

#include <string.h>

int64_t address_find(struct db *db, const char *key)
{
    return db_number(db_run(db, SQL_find_address, "t", key), -1);
}

int64_t address_add(struct event_context *c, const char *key, const char *spelling, const char *domain)
{
    int64_t id = ids_new_address(c->ids), domain_id = ids_domain(c->ids, domain);
    return id >= 0 && db_do(c->db, SQL_add_address, "itti", id, key, spelling, domain_id) ? id : -1;
}

void address_add_name(struct event_context *c, int64_t address, const char *key, const char *reported)
{
    char name[BOUNCE_ADDRESS_KEY_BYTES];
    if (reported && strcmp(reported, key) != 0 && bounce_address_key(reported, name, sizeof name, NULL) == BOUNCE_OK &&
        strcmp(name, key) != 0)
        db_do(c->db, SQL_add_name, "ti", name, address);
}
