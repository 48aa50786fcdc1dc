/* SPDX-License-Identifier: MIT */
/* test_sql.c - each statement exists, in the SQL of both databases. */
#include "db/sql.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(sql, each_statement_is_there)
{
    for (int name = 0; name < SQL_COUNT; name++)
        for (int for_postgres = 0; for_postgres < 2; for_postgres++) {
            char *sql = sql_statement((enum sql_name)name, for_postgres);
            cr_assert_not_null(sql, "%s", sql_name((enum sql_name)name));
            cr_expect(*sql && !strpbrk(sql, "{}") && !strstr(sql, "-- :"), "%s: %s", sql_name((enum sql_name)name),
                      sql);
            cr_expect(!for_postgres || (!strchr(sql, '?') && !strstr(sql, "INTEGER")), "%s", sql);
            free(sql);
        }
}

Test(sql, each_schema_is_there)
{
    char *schema = sql_schema(1, true);
    cr_assert_not_null(schema);
    cr_expect(!strstr(schema, "STRICT") && !strstr(schema, "AUTOINCREMENT"));
    free(schema);
    cr_expect_null(sql_schema(0, false));
    cr_expect_null(sql_schema(2, false));
}
