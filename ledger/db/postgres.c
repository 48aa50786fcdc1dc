/* SPDX-License-Identifier: MIT */
/*
 * postgres.c - a ledger in PostgreSQL, by libpq.
 *
 * In: a connection string, statements and values. Out: rows, one at a time, however
 * many there are. Writers take turns, by a lock that a transaction holds: each sees
 * what the one before has written. Refused: what the server refuses.
 */
#include "db/postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES = 24 };

struct pg_statement {
    PGconn *connection;
    char *name;
    PGresult *row; /* the one at hand, or what ended the rows */
    bool running;
};

static bool ended_well(PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool script(void *connection, const char *sql)
{
    return ended_well(PQexec(connection, sql));
}

static void ignore_notice(void *data, const char *message)
{
    (void)data;
    (void)message;
}

static void *open_server(const char *where, bool may_create, char *problem, size_t size)
{
    PGconn *connection = PQconnectdb(where);
    (void)may_create;
    if (PQstatus(connection) == CONNECTION_OK) {
        PQsetNoticeProcessor(connection, ignore_notice, NULL);
        if (script(connection, "SET client_encoding = 'UTF8'; SET client_min_messages = 'warning'"))
            return connection;
    }
    snprintf(problem, size, "%s", PQerrorMessage(connection));
    PQfinish(connection);
    return NULL;
}

static void close_server(void *connection)
{
    PQfinish(connection);
}

static const char *problem_of(void *connection)
{
    return PQerrorMessage(connection);
}

static void *prepare(void *connection, const char *name, const char *sql)
{
    struct pg_statement *s = calloc(1, sizeof *s);
    if (s && ended_well(PQprepare(connection, name, sql, 0, NULL)) && (s->name = strdup(name))) {
        s->connection = connection;
        return s;
    }
    free(s);
    return NULL;
}

static bool run(void *statement, const struct db_value *values, int count)
{
    struct pg_statement *s = statement;
    static char numbers[DB_MAX_VALUES][NUMBER_BYTES];
    const char *texts[DB_MAX_VALUES];
    for (int i = 0; i < count; i++) {
        texts[i] = values[i].text;
        if (!values[i].is_text) {
            snprintf(numbers[i], NUMBER_BYTES, "%lld", (long long)values[i].number);
            texts[i] = numbers[i];
        }
    }
    s->running = PQsendQueryPrepared(s->connection, s->name, count, texts, NULL, NULL, 0) == 1 &&
                 PQsetSingleRowMode(s->connection) == 1;
    return s->running;
}

/* Takes what is left, so that the connection is free. */
static void drain(struct pg_statement *s)
{
    PGresult *result;
    PQclear(s->row);
    s->row = NULL;
    while (s->running && (result = PQgetResult(s->connection)))
        PQclear(result);
    s->running = false;
}

static enum db_step step(void *statement)
{
    struct pg_statement *s = statement;
    PQclear(s->row);
    s->row = s->running ? PQgetResult(s->connection) : NULL;
    switch (PQresultStatus(s->row)) {
    case PGRES_SINGLE_TUPLE: return DB_ROW;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK: drain(s); return DB_DONE;
    default: return DB_FAILED; /* the message is lost with the next result */
    }
}

static void reset(void *statement)
{
    drain(statement);
}

static void finish(void *statement)
{
    struct pg_statement *s = statement;
    drain(s);
    free(s->name);
    free(s);
}

static const char *text(void *statement, int column)
{
    const struct pg_statement *s = statement;
    return PQgetisnull(s->row, 0, column) ? NULL : PQgetvalue(s->row, 0, column);
}

static int64_t number(void *statement, int column)
{
    const char *value = text(statement, column);
    return value ? strtoll(value, NULL, 10) : 0;
}

static bool is_null(void *statement, int column)
{
    const struct pg_statement *s = statement;
    return PQgetisnull(s->row, 0, column);
}

const struct db_driver *postgres_driver(void)
{
    /* The number is that of this program's lock, and of no other's. */
    static const struct db_driver driver = {.open = open_server,
                                            .close = close_server,
                                            .problem = problem_of,
                                            .script = script,
                                            .begin = "BEGIN; SELECT pg_advisory_xact_lock(7101982016)",
                                            .prepare = prepare,
                                            .run = run,
                                            .step = step,
                                            .reset = reset,
                                            .finish = finish,
                                            .number = number,
                                            .text = text,
                                            .is_null = is_null};
    return &driver;
}
