/* SPDX-License-Identifier: MIT */
/* driver.h - what SQLite and PostgreSQL each do for db.c. */
#ifndef LEDGER_DB_DRIVER_H
#define LEDGER_DB_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DB_MAX_VALUES = 48 };

struct db_value {
    bool is_text;
    int64_t number;
    const char *text; /* NULL, with is_text: null */
};

enum db_step { DB_ROW, DB_DONE, DB_FAILED };

/* On failure, functions return false or NULL, and leave a message in problem(). */
struct db_driver {
    void *(*open)(const char *where, bool may_create, char *problem, size_t size);
    void (*close)(void *connection);
    const char *(*problem)(void *connection);
    /* Runs several statements without values. */
    bool (*script)(void *connection, const char *sql);
    /* The statements that begin a writing transaction. */
    const char *begin;
    /* Names are short, and each is used once. */
    void *(*prepare)(void *connection, const char *name, const char *sql);
    /* has_rows: the caller reads the rows; otherwise they are discarded. */
    bool (*run)(void *statement, const struct db_value *values, int count, bool has_rows);
    enum db_step (*step)(void *statement);
    void (*reset)(void *statement);
    void (*finish)(void *statement);
    int64_t (*number)(void *statement, int column);
    const char *(*text)(void *statement, int column);
    bool (*is_null)(void *statement, int column);
};

/* A driver is one file whose functions have these names. */
#define DB_DRIVER_FUNCTIONS \
    .open = open_database, .close = close_database, .problem = problem_of, .script = script, .prepare = prepare, \
    .run = run, .step = step, .reset = reset, .finish = finish, .number = number, .text = text, .is_null = is_null

#endif
