/* SPDX-License-Identifier: MIT */
/*
 * ids.c - the numbers that stand for words, domains and scopes in the tables.
 *
 * In: texts. Out: their numbers, which are kept in memory for the next time. What is
 * kept has a limit; beyond it, the memory begins anew. Nothing is refused.
 */
#include "store/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 32768, MOST = SLOTS / 2 };

struct id_slot {
    char *key; /* a letter for the table, and the text */
    int64_t id;
};

struct ids {
    struct db *db;
    int count;
    struct id_slot slots[SLOTS];
};

struct ids *ids_new(struct db *db)
{
    struct ids *ids = calloc(1, sizeof *ids);
    if (ids)
        ids->db = db;
    return ids;
}

void ids_forget(struct ids *ids)
{
    for (int i = 0; i < SLOTS; i++)
        free(ids->slots[i].key);
    memset(ids->slots, 0, sizeof ids->slots);
    ids->count = 0;
}

void ids_free(struct ids *ids)
{
    if (ids)
        ids_forget(ids);
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
        ids_forget(ids);
    struct id_slot *slot = slot_of(ids, table, text);
    size_t length = strlen(text) + 1;
    if (!slot->key && (slot->key = malloc(length + 1))) {
        slot->key[0] = table;
        memcpy(slot->key + 1, text, length);
        slot->id = id;
        ids->count++;
    }
}

/* The number of a row, if the statement gives one; else -1. */
static int64_t one_id(struct db_rows *rows)
{
    int64_t id = db_next(rows) ? db_int(rows, 0) : -1;
    db_end(rows);
    return id;
}

static int64_t id_of(struct ids *ids, char table, const char *text, enum sql_name find, enum sql_name enter)
{
    struct id_slot *slot = slot_of(ids, table, text);
    if (slot->key)
        return slot->id;
    int64_t id = one_id(db_run(ids->db, find, "t", text));
    if (id < 0)
        id = one_id(db_run(ids->db, enter, "t", text));
    if (id >= 0)
        keep(ids, table, text, id);
    return id;
}

int64_t ids_word(struct ids *ids, const char *word)
{
    return word ? id_of(ids, 'w', word, SQL_find_word, SQL_add_word) : -1;
}

int64_t ids_domain(struct ids *ids, const char *name)
{
    return id_of(ids, 'd', name, SQL_find_domain, SQL_add_domain);
}

int64_t ids_scope(struct ids *ids, const char *kind, const char *name)
{
    struct id_slot *slot = slot_of(ids, kind[0], name);
    if (slot->key)
        return slot->id;
    int64_t tenant = -1, id = one_id(db_run(ids->db, SQL_find_scope, "tt", kind, name));
    if (id < 0 && strcmp(kind, "scope") == 0) {
        char *first = strndup(name, strcspn(name, "/"));
        tenant = first ? ids_scope(ids, "tenant", first) : -1;
        free(first);
    }
    if (id < 0)
        id = one_id(db_run(ids->db, SQL_add_scope, "ttn", kind, name, tenant));
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
    int64_t id = one_id(db_run(ids->db, SQL_tenant_of, "i", scope));
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
