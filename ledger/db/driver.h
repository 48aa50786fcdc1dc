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
    const char *text; /* NULL, and is_text: null */
};

enum db_step { DB_ROW, DB_DONE, DB_FAILED };

/* All that can fail return false, or NULL, and leave a message in problem(). */
struct db_driver {
    void *(*open)(const char *where, bool may_create, char *problem, size_t size);
    void (*close)(void *connection);
    const char *(*problem)(void *connection);
    /* Several statements without values. */
    bool (*script)(void *connection, const char *sql);
    /* What begins a transaction that writes. */
    const char *begin;
    /* Names are short and each used once. */
    void *(*prepare)(void *connection, const char *name, const char *sql);
    /* has_rows: somebody asks for them. What else it gives is passed over. */
    bool (*run)(void *statement, const struct db_value *values, int count, bool has_rows);
    enum db_step (*step)(void *statement);
    void (*reset)(void *statement);
    void (*finish)(void *statement);
    int64_t (*number)(void *statement, int column);
    const char *(*text)(void *statement, int column);
    bool (*is_null)(void *statement, int column);
};

#endif
