/* SPDX-License-Identifier: MIT */
/*
 * sqlite.c - see sqlite.h.
 *
 * In: the path of a database, which is opened read-only. Out: its Message-IDs; no connection stays open, so threads and
 * child processes share the data. Refused: a database without a column message_id, or one that cannot be read; and
 * every database if libsqlite3.so.0 is not installed. It is loaded by name, so that other programs do not pay for it at
 * start; its few functions are declared here for the same reason.
 */
#include "sent/sqlite.h"

#include "base/library.h"

#include <glib.h>
#include <string.h>

enum { SQLITE_OK = 0, SQLITE_ROW = 100, SQLITE_DONE = 101, SQLITE_OPEN_READONLY = 1 };

struct sqlite3;
struct sqlite3_stmt;

/* The functions of SQLite that are used, under its own names. */
struct sqlite {
    int (*open_v2)(const char *path, struct sqlite3 **db, int flags, const char *vfs);
    int (*close)(struct sqlite3 *db);
    int (*prepare_v2)(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **st, const char **tail);
    int (*step)(struct sqlite3_stmt *st);
    const unsigned char *(*column_text)(struct sqlite3_stmt *st, int column);
    int (*column_bytes)(struct sqlite3_stmt *st, int column);
    int (*finalize)(struct sqlite3_stmt *st);
    const char *(*errmsg)(struct sqlite3 *db);
};

/* The library; NULL: it is missing. */
static void *load(struct sqlite *q)
{
    const struct library_symbol wanted[] = {
        {"sqlite3_open_v2", &q->open_v2},         {"sqlite3_close", &q->close},
        {"sqlite3_prepare_v2", &q->prepare_v2},   {"sqlite3_step", &q->step},
        {"sqlite3_column_text", &q->column_text}, {"sqlite3_column_bytes", &q->column_bytes},
        {"sqlite3_finalize", &q->finalize},       {"sqlite3_errmsg", &q->errmsg}};
    return library_open("libsqlite3.so.0", wanted, COUNT(wanted));
}

bool sqlite_is_database(struct span front)
{
    static const char magic[] = "SQLite format 3"; /* its NUL belongs to it */
    return front.n >= sizeof magic && memcmp(front.s, magic, sizeof magic) == 0;
}

/* Runs a query. Adds the texts of its first column to ids, or sets *found to the first one (g_free); the other of the
 * two is NULL. Returns the last code. */
static int each_row(const struct sqlite *q, struct sqlite3 *db, const char *sql, struct sent_ids *ids, char **found)
{
    struct sqlite3_stmt *st = NULL;
    int code = q->prepare_v2(db, sql, -1, &st, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = q->step(st);
        if (code != SQLITE_ROW)
            break;
        const char *text = (const char *)q->column_text(st, 0);
        if (ids && text)
            sent_ids_add(ids, span_of(text, (size_t)q->column_bytes(st, 0)));
        else if (found && text && !*found)
            *found = g_strdup(text);
    }
    q->finalize(st);
    return code;
}

static char *read_database(const struct sqlite *q, struct sqlite3 *db, struct sent_ids *ids)
{
    /* Lets SQLite write the query that reads the ids, so that names are quoted correctly. */
    static const char tables[] = "SELECT printf('SELECT \"%w\" FROM \"%w\"', c.name, t.name) FROM sqlite_master AS t,"
                                 " pragma_table_info(t.name) AS c WHERE t.type IN ('table', 'view')"
                                 " AND lower(c.name) = 'message_id' ORDER BY t.rowid";
    char *query = NULL;
    int code = each_row(q, db, tables, NULL, &query);
    if (code == SQLITE_DONE && !query)
        return g_strdup("no table has a column message_id");
    if (code == SQLITE_DONE)
        code = each_row(q, db, query, ids, NULL);
    g_free(query);
    return code == SQLITE_DONE ? NULL : g_strdup(q->errmsg(db));
}

char *sqlite_read_ids(const char *path, struct sent_ids *ids)
{
    struct sqlite q;
    struct sqlite3 *db = NULL;
    void *library = load(&q);
    if (!library)
        return g_strdup("an SQLite database, but libsqlite3.so.0 cannot be loaded");
    char *wrong = NULL;
    if (q.open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        wrong = g_strdup(db ? q.errmsg(db) : "cannot be opened");
    else
        wrong = read_database(&q, db, ids);
    q.close(db);
    library_close(library);
    return wrong;
}
