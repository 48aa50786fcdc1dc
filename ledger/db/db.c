/* SPDX-License-Identifier: MIT */
/*
 * db.c - a ledger's database, whichever it is.
 *
 * In: where it is, names of statements and values. Out: rows. Tables are created, or upgraded from an older version,
 * when the database is opened. Refused: a database of a newer version than this program knows; after an error,
 * everything until the transaction is rolled back.
 */
#include "db/db.h"

#include "db/driver.h"
#include "db/sqlite.h"
#ifdef LEDGER_POSTGRES
#include "db/postgres.h"
#endif

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SCHEMA_VERSION = 1, PROBLEM_BYTES = 1024, PATH_BYTES = 4096 };

struct db_rows {
    struct db *db;
    void *statement;
    bool running;
};

struct db {
    const struct db_driver *driver;
    void *connection;
    bool failed, is_postgres, in_transaction;
    char problem[PROBLEM_BYTES];
    char name[PATH_BYTES]; /* for people */
    struct db_rows statements[SQL_COUNT];
};

static void fail(struct db *db, const char *message)
{
    if (!db->failed)
        snprintf(db->problem, sizeof db->problem, "%s", message);
    /* Messages of libpq end with a line end. */
    db->problem[strcspn(db->problem, "\n")] = '\0';
    db->failed = true;
}

static void fail_by_driver(struct db *db)
{
    fail(db, db->driver->problem(db->connection));
}

const char *db_problem(const struct db *db)
{
    return db->failed ? db->problem : NULL;
}

const char *db_name(const struct db *db)
{
    return db->name;
}

/* --------------------------------------------------------- transactions */

bool db_begin(struct db *db)
{
    if (!db->failed && !db->driver->script(db->connection, db->driver->begin))
        fail_by_driver(db);
    db->in_transaction = !db->failed;
    return !db->failed;
}

bool db_commit(struct db *db)
{
    if (!db->failed && !db->driver->script(db->connection, "COMMIT"))
        fail_by_driver(db);
    if (!db->failed)
        db->in_transaction = false;
    return !db->failed;
}

void db_rollback(struct db *db)
{
    for (int i = 0; i < SQL_COUNT; i++)
        db_end(&db->statements[i]);
    if (db->in_transaction)
        db->driver->script(db->connection, "ROLLBACK");
    db->in_transaction = false;
    db->failed = false;
}

/* ----------------------------------------------------------- statements */

static void *prepared(struct db *db, enum sql_name name)
{
    struct db_rows *rows = &db->statements[name];
    if (!rows->statement) {
        char *sql = sql_statement(name, db->is_postgres);
        if (sql)
            rows->statement = db->driver->prepare(db->connection, sql_name(name), sql);
        free(sql);
        if (!rows->statement)
            fail_by_driver(db);
    }
    return rows->statement;
}

static struct db_rows *run(struct db *db, enum sql_name name, bool has_rows, const char *types, va_list arguments)
{
    struct db_rows *rows = &db->statements[name];
    struct db_value values[DB_MAX_VALUES];
    int count = 0;
    rows->db = db;
    if (db->failed || !prepared(db, name))
        return rows;
    db_end(rows);
    for (; types[count]; count++) {
        values[count] = (struct db_value){.is_text = types[count] == 't'};
        if (types[count] == 't')
            values[count].text = va_arg(arguments, const char *);
        else
            values[count].number = va_arg(arguments, int64_t);
        if (types[count] == 'n' && values[count].number < 0)
            values[count].is_text = true;
    }
    rows->running = true;
    if (!db->driver->run(rows->statement, values, count, has_rows))
        fail_by_driver(db);
    return rows;
}

struct db_rows *db_run(struct db *db, enum sql_name name, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    struct db_rows *rows = run(db, name, true, types, arguments);
    va_end(arguments);
    return rows;
}

bool db_next(struct db_rows *rows)
{
    struct db *db = rows->db;
    if (db->failed || !rows->running)
        return false;
    enum db_step step = db->driver->step(rows->statement);
    if (step == DB_ROW)
        return true;
    if (step == DB_FAILED)
        fail_by_driver(db);
    db_end(rows);
    return false;
}

void db_end(struct db_rows *rows)
{
    if (rows->running)
        rows->db->driver->reset(rows->statement);
    rows->running = false;
}

int64_t db_number(struct db_rows *rows, int64_t otherwise)
{
    int64_t number = db_next(rows) && !db_is_null(rows, 0) ? db_int(rows, 0) : otherwise;
    db_end(rows);
    return number;
}

bool db_do(struct db *db, enum sql_name name, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    struct db_rows *rows = run(db, name, false, types, arguments);
    va_end(arguments);
    while (db_next(rows)) {
    }
    return !db->failed;
}

int64_t db_int(const struct db_rows *rows, int column)
{
    return rows->db->driver->number(rows->statement, column);
}

const char *db_text(const struct db_rows *rows, int column)
{
    return rows->db->driver->text(rows->statement, column);
}

bool db_is_null(const struct db_rows *rows, int column)
{
    return rows->db->driver->is_null(rows->statement, column);
}

/* ------------------------------------------------- opening, and versions */

/* 0: there are no tables yet. */
static int version_of(struct db *db)
{
    struct db_rows *rows = db_run(db, SQL_has_tables, "");
    bool has_tables = db_next(rows);
    db_end(rows);
    if (!has_tables)
        return 0;
    rows = db_run(db, SQL_get_setting, "t", "schema");
    int version = db_next(rows) ? (int)db_int(rows, 0) : 0;
    db_end(rows);
    return version;
}

static void migrate(struct db *db)
{
    if (version_of(db) == SCHEMA_VERSION || !db_begin(db))
        return;
    /* Another process may have done it in the meantime. */
    for (int version = version_of(db); version < SCHEMA_VERSION && !db->failed; version++) {
        char *sql = sql_schema(version + 1, db->is_postgres);
        if (!sql || !db->driver->script(db->connection, sql))
            fail_by_driver(db);
        free(sql);
    }
    int version = version_of(db);
    if (version > SCHEMA_VERSION) {
        char message[128];
        snprintf(message, sizeof message,
                 "the tables have version %d, but this program supports only %d: use a newer one", version,
                 SCHEMA_VERSION);
        fail(db, message);
    }
    db_commit(db);
}

/* Creates the folders of the default path. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static bool default_path(char path[PATH_BYTES], bool may_create)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = state && *state == '/' ? snprintf(path, PATH_BYTES, "%s/bounce/ledger.db", state)
            : home && *home        ? snprintf(path, PATH_BYTES, "%s/.local/state/bounce/ledger.db", home)
                                   : -1;
    if (n > 0 && n < PATH_BYTES && may_create)
        make_folders(path);
    return n > 0 && n < PATH_BYTES;
}

static bool names_postgres(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

static void connect_to(struct db *db, const char *where, bool may_create)
{
    char problem[PROBLEM_BYTES] = "";
    db->is_postgres = names_postgres(where);
    /* A connection string may contain a password. */
    snprintf(db->name, sizeof db->name, "%s", db->is_postgres ? "the database in PostgreSQL" : where);
    db->driver = sqlite_driver();
#ifdef LEDGER_POSTGRES
    if (db->is_postgres)
        db->driver = postgres_driver();
#else
    if (db->is_postgres) {
        fail(db, "this program was built without PostgreSQL");
        return;
    }
#endif
    db->connection = db->driver->open(where, may_create, problem, sizeof problem);
    if (!db->connection)
        fail(db, problem);
}

struct db *db_open(const char *where, bool may_create)
{
    char path[PATH_BYTES];
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    strcpy(db->name, "ledger");
    if (!where && !default_path(path, may_create))
        fail(db, "neither --db nor HOME says where the ledger is");
    else
        connect_to(db, where ? where : path, may_create);
    if (!db->failed)
        migrate(db);
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_rollback(db);
    for (int i = 0; i < SQL_COUNT; i++)
        if (db->statements[i].statement)
            db->driver->finish(db->statements[i].statement);
    if (db->connection)
        db->driver->close(db->connection);
    free(db);
}
