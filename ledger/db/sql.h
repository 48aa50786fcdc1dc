/* SPDX-License-Identifier: MIT */
/* sql.h - the statements of the folder sql/, by their names. */
#ifndef LEDGER_DB_SQL_H
#define LEDGER_DB_SQL_H

#include "db/sql_names.h"

#include <stdbool.h>

enum sql_name {
#define SQL_ENUM(name) SQL_##name,
    SQL_NAMES(SQL_ENUM)
#undef SQL_ENUM
        SQL_COUNT
};

const char *sql_name(enum sql_name name);
/* The statement in the dialect of one database; free it. NULL: there is no such statement, or memory ran out. */
char *sql_statement(enum sql_name name, bool for_postgres);
/* The statements that upgrade the tables to this version from the one before; free them. NULL as above. */
char *sql_schema(int version, bool for_postgres);

#endif
