/* SPDX-License-Identifier: MIT */
/*
 * ids.c - the numbers that stand for words, domains and scopes in the tables.
 *
 * In: texts. Out: their numbers, which are cached in memory; a full cache is emptied. Numbers of new rows are counted
 * here, since there is only one writer at a time: a statement that returns the number chosen by the database costs
 * twice as much. Nothing is refused.
 */
#include "store/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 131072, MOST = SLOTS / 2 };

/* Tables whose rows are numbered here. */
enum numbered { WORDS, DOMAINS, ADDRESSES, NUMBERED };

struct id_slot {
    char *key; /* a letter for the table, then the text */
    int64_t id;
};

struct ids {
    struct db *db;
    int count;
    int64_t last[NUMBERED]; /* the largest number in each; -1: not yet looked up in this transaction */
    struct id_slot slots[SLOTS];
};

struct ids *ids_new(struct db *db)
{
    struct ids *ids = calloc(1, sizeof *ids);
    if (ids) {
        ids->db = db;
        ids_begin(ids);
    }
    return ids;
}

void ids_begin(struct ids *ids)
{
    for (int i = 0; i < NUMBERED; i++)
        ids->last[i] = -1;
}

static void forget(struct ids *ids)
{
    for (int i = 0; i < SLOTS; i++)
        free(ids->slots[i].key);
    memset(ids->slots, 0, sizeof ids->slots);
    ids->count = 0;
}

void ids_free(struct ids *ids)
{
    if (ids)
        forget(ids);
    free(ids);
}

static struct id_slot *slot_of(struct ids *ids, char table, const char *text)
{
    unsigned hash = 2166136261u ^ (unsigned char)table;
    for (const char *s = text; *s; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619u;
    struct id_slot *slot;
    for (hash ^= hash >> 15; (slot = &ids->slots[hash % SLOTS])->key; hash++)
        if (slot->key[0] == table && strcmp(slot->key + 1, text) == 0)
            break;
    return slot;
}

static void keep(struct ids *ids, char table, const char *text, int64_t id)
{
    if (ids->count >= MOST)
        forget(ids);
    struct id_slot *slot = slot_of(ids, table, text);
    size_t length = strlen(text) + 1;
    if (!slot->key && (slot->key = malloc(length + 1))) {
        slot->key[0] = table;
        memcpy(slot->key + 1, text, length);
        slot->id = id;
        ids->count++;
    }
}

static int64_t new_number(struct ids *ids, enum numbered table)
{
    static const enum sql_name last[] = {SQL_last_word, SQL_last_domain, SQL_last_address};
    if (ids->last[table] < 0)
        ids->last[table] = db_number(db_run(ids->db, last[table], ""), -1);
    return ids->last[table] < 0 ? -1 : ++ids->last[table];
}

int64_t ids_new_address(struct ids *ids)
{
    return new_number(ids, ADDRESSES);
}

static int64_t id_of(struct ids *ids, char letter, enum numbered table, const char *text)
{
    static const enum sql_name find[] = {SQL_find_word, SQL_find_domain}, enter[] = {SQL_add_word, SQL_add_domain};
    struct id_slot *slot = slot_of(ids, letter, text);
    if (slot->key)
        return slot->id;
    int64_t id = db_number(db_run(ids->db, find[table], "t", text), -1);
    if (id < 0 && (id = new_number(ids, table)) >= 0 && !db_do(ids->db, enter[table], "it", id, text))
        id = -1;
    if (id >= 0)
        keep(ids, letter, text, id);
    return id;
}

int64_t ids_word(struct ids *ids, const char *word)
{
    return word ? id_of(ids, 'w', WORDS, word) : -1;
}

int64_t ids_domain(struct ids *ids, const char *name)
{
    return id_of(ids, 'd', DOMAINS, name);
}

int64_t ids_scope(struct ids *ids, const char *kind, const char *name)
{
    struct id_slot *slot = slot_of(ids, kind[0], name);
    if (slot->key)
        return slot->id;
    int64_t tenant = -1, id = db_number(db_run(ids->db, SQL_find_scope, "tt", kind, name), -1);
    if (id < 0 && strcmp(kind, "scope") == 0) {
        char *first = strndup(name, strcspn(name, "/"));
        tenant = first ? ids_scope(ids, "tenant", first) : -1;
        free(first);
    }
    if (id < 0)
        id = db_number(db_run(ids->db, SQL_add_scope, "ttn", kind, name, tenant), -1);
    if (id >= 0)
        keep(ids, kind[0], name, id);
    return id;
}

int64_t ids_tenant(struct ids *ids, int64_t scope)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)scope);
    struct id_slot *slot = slot_of(ids, '#', text);
    if (slot->key)
        return slot->id;
    int64_t id = db_number(db_run(ids->db, SQL_tenant_of, "i", scope), -1);
    keep(ids, '#', text, id);
    return id;
}

int64_t ids_service(struct ids *ids, int64_t word)
{
    if (word < 0)
        return -1;
    struct db_rows *rows = db_run(ids->db, SQL_get_word, "i", word);
    char *name = db_next(rows) ? strdup(db_text(rows, 0)) : NULL;
    int64_t id = -1;
    db_end(rows);
    if (name)
        id = ids_scope(ids, "service", name);
    free(name);
    return id;
}
