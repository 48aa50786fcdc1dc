/* SPDX-License-Identifier: MIT */
/*
 * sqlite.c - a ledger in a file, by libsqlite3.
 *
 * In: a path, statements and values. Out: rows. Several processes read and one writes at a time (WAL); others wait for
 * it. Committed data is on disk. Refused: files that are not an SQLite database, or that this user may not write to.
 */
#include "db/sqlite.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 120000 };

static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 16000;"
                               "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON;";

static bool script(void *connection, const char *sql)
{
    return sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* SQLite needs to write even for a query, since the write-ahead log (WAL) is next to the file. */
static const char *problem_of_opening(sqlite3 *connection, const char *where, bool may_create)
{
    char folder[4096];
    const char *slash = strrchr(where, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - where) + 1 : 1, slash ? where : ".");
    if (!connection)
        return "out of memory";
    if (!may_create && access(where, F_OK) != 0 && errno == ENOENT)
        return "there is no such ledger: record, sent and import make one";
    if (access(where, F_OK) == 0 && (access(where, W_OK) != 0 || access(folder, W_OK) != 0))
        return "this user may not write to the file and its folder, which is also needed to read it";
    return sqlite3_errmsg(connection);
}

static void *open_database(const char *where, bool may_create, char *problem, size_t size)
{
    sqlite3 *connection = NULL;
    /* There is only one thread, and no memory statistics are needed: no locks. */
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (may_create ? SQLITE_OPEN_CREATE : 0);
    int failed = sqlite3_open_v2(where, &connection, flags, NULL);
    if (!failed) {
        sqlite3_extended_result_codes(connection, 1);
        sqlite3_busy_timeout(connection, BUSY_MS);
        failed = sqlite3_db_readonly(connection, "main") == 1 || !script(connection, settings);
    }
    if (!failed)
        return connection;
    snprintf(problem, size, "%s", problem_of_opening(connection, where, may_create));
    sqlite3_close(connection);
    return NULL;
}

static void close_database(void *connection)
{
    sqlite3_close(connection);
}

static const char *problem_of(void *connection)
{
    return sqlite3_errmsg(connection);
}

static void *prepare(void *connection, const char *name, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    (void)name;
    sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    return statement;
}

static bool run(void *statement, const struct db_value *values, int count, bool has_rows)
{
    int failed = 0;
    (void)has_rows;
    for (int i = 0; i < count && !failed; i++)
        if (values[i].is_text)
            failed = sqlite3_bind_text(statement, i + 1, values[i].text, -1, SQLITE_STATIC);
        else
            failed = sqlite3_bind_int64(statement, i + 1, values[i].number);
    return !failed;
}

static enum db_step step(void *statement)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW: return DB_ROW;
    case SQLITE_DONE: return DB_DONE;
    default: return DB_FAILED;
    }
}

static void reset(void *statement)
{
    sqlite3_reset(statement);
}

static void finish(void *statement)
{
    sqlite3_finalize(statement);
}

static int64_t number(void *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

static const char *text(void *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static bool is_null(void *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

const struct db_driver *sqlite_driver(void)
{
    static const struct db_driver driver = {.begin = "BEGIN IMMEDIATE", DB_DRIVER_FUNCTIONS};
    return &driver;
}
