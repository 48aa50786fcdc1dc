/* SPDX-License-Identifier: MIT */
/* table.h - rows of an answer, as text, JSON or CSV. */
#ifndef LEDGER_SHOW_TABLE_H
#define LEDGER_SHOW_TABLE_H

#include "db/db.h"
#include "output/output.h"

enum ledger_format { LEDGER_TEXT, LEDGER_JSON, LEDGER_CSV };

/* An address for a program is written to CSV unchanged; a text that a spreadsheet would run as a formula gets an
 * apostrophe. Words are a text for people in the last column; a terminal shows as much of it as fits. */
enum column_kind { COLUMN_TEXT, COLUMN_WORDS, COLUMN_ADDRESS, COLUMN_NUMBER, COLUMN_TIME, COLUMN_FLAG };

/* width of the column in text, at least; 0: not shown there. A column without a name is left out. */
struct row_column {
    const char *name;
    enum column_kind kind;
    int width;
};

struct cell {
    const char *text; /* NULL: no text */
    int64_t number;   /* a time is in seconds since 1970 */
    bool is_null;
};

struct row_table {
    struct output *out;
    enum ledger_format format;
    const struct row_column *columns;
    int count;
    bool is_inside;      /* part of a larger object: its JSON has no line end */
    size_t line_columns; /* of the terminal; 0: a row is one line, however long */
    size_t indent;       /* blanks that the caller has written before a row */
};

/* The header line of CSV. */
void table_begin(const struct row_table *t);
void table_row(const struct row_table *t, const struct cell *cells);
/* Writes the current row of a statement that has the columns of the table. */
void table_db_row(const struct row_table *t, const struct db_rows *rows);
/* Writes all rows. Returns how many there were. */
int64_t table_db_rows(const struct row_table *t, struct db_rows *rows);

void show_json_string(struct output *o, const char *s);
void show_number(struct output *o, int64_t number);
/* Writes a time as in RFC 3339. */
void show_time(struct output *o, int64_t seconds);

#endif
