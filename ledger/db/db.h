/* SPDX-License-Identifier: MIT */
/* db.h - a ledger's database: SQLite or PostgreSQL, by prepared statements only. */
#ifndef LEDGER_DB_DB_H
#define LEDGER_DB_DB_H

#include "db/sql.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_rows; /* what a statement gives, row by row */

/* where: a path, or postgresql://…; NULL: the default path. NULL only where there is no memory; what else went
 * wrong, db_problem() tells. Tables are made where there are none, if may_create is true. */
struct db *db_open(const char *where, bool may_create);
void db_close(struct db *db);
/* Which one it is, for messages: its file, or that it is in PostgreSQL. */
const char *db_name(const struct db *db);
/* What went wrong first; NULL: nothing. From then on nothing is done, until db_rollback(). */
const char *db_problem(const struct db *db);

/* Writers wait for each other here: what one has begun to change, no other reads to change it. */
bool db_begin(struct db *db);
bool db_commit(struct db *db);
void db_rollback(struct db *db);

/* Runs a statement. types has a letter for each value that follows: i (int64_t), t (const char *; NULL is null), n
 * (int64_t; negative is null). Rows end by themselves or by db_end(); a statement is run again only after that. */
struct db_rows *db_run(struct db *db, enum sql_name name, const char *types, ...);
bool db_next(struct db_rows *rows);
void db_end(struct db_rows *rows);
/* The number in the first column of the first row, and the end of the rows; otherwise, if there is no row or it is
 * null. */
int64_t db_number(struct db_rows *rows, int64_t otherwise);
/* For statements without rows. */
bool db_do(struct db *db, enum sql_name name, const char *types, ...);

/* Columns of the row, from 0. Null: 0, or NULL. A text lives until the next row. */
int64_t db_int(const struct db_rows *rows, int column);
const char *db_text(const struct db_rows *rows, int column);
bool db_is_null(const struct db_rows *rows, int column);

#endif
