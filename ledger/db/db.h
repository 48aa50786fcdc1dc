/* SPDX-License-Identifier: MIT */
/* db.h - a ledger's database: SQLite or PostgreSQL, by prepared statements only. */
#ifndef LEDGER_DB_DB_H
#define LEDGER_DB_DB_H

#include "db/sql.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_rows; /* the rows of a statement, one at a time */

/* where: a path, or postgresql://…; NULL: the default path. Returns NULL only if memory runs out; any other failure is
 * in db_problem(). If may_create is set, missing tables are created. */
struct db *db_open(const char *where, bool may_create);
void db_close(struct db *db);
/* The name of the database for messages: its file, or that it is in PostgreSQL. */
const char *db_name(const struct db *db);
/* The first error; NULL: none. After an error nothing is done until db_rollback(). */
const char *db_problem(const struct db *db);

/* Begins a transaction that writes. Writers wait for each other here, so nobody else changes what it reads. */
bool db_begin(struct db *db);
bool db_commit(struct db *db);
void db_rollback(struct db *db);

/* Runs a statement. types has a letter for each value that follows: i (int64_t), t (const char *; NULL is null), n
 * (int64_t; negative is null). Rows end by themselves or with db_end(); only then may a statement be run again. */
struct db_rows *db_run(struct db *db, enum sql_name name, const char *types, ...);
bool db_next(struct db_rows *rows);
void db_end(struct db_rows *rows);
/* Returns the number in the first column of the first row, and ends the rows; `otherwise` if there is no row or it is
 * null. */
int64_t db_number(struct db_rows *rows, int64_t otherwise);
/* For statements without rows. */
bool db_do(struct db *db, enum sql_name name, const char *types, ...);

/* Columns are counted from 0. Null is 0, or NULL. A text is valid until the next row. */
int64_t db_int(const struct db_rows *rows, int column);
const char *db_text(const struct db_rows *rows, int column);
bool db_is_null(const struct db_rows *rows, int column);

#endif
