/* SPDX-License-Identifier: MIT */
/*
 * postgres.c - a ledger in PostgreSQL, by libpq.
 *
 * In: a connection string, statements and values. Out: rows, one at a time, however many there are. Writers take turns,
 * by a lock that a transaction holds: each sees what the previous one has written. In a transaction, statements
 * without rows are sent without waiting (a pipeline): the server's answers are read before the next rows, or at the
 * end. Refused: what the server refuses.
 */
#include "db/postgres.h"

#include "db/libpq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES = 24, PROBLEM_BYTES = 1024, MOST_PENDING = 256 };

struct pg {
    const struct libpq *pq;
    PGconn *connection;
    int pending; /* statements whose results have not been read yet */
    char problem[PROBLEM_BYTES];
};

struct pg_statement {
    struct pg *pg;
    char *name;
    PGresult *row; /* the current one, or the result that ended the rows */
    bool running;
};

/* -------------------------------------------------------------- results */

/* Keeps the first message: in a pipeline, the later ones only say that it was aborted. */
static bool ended_well(struct pg *pg, PGresult *result)
{
    ExecStatusType status = pg->pq->PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
    const char *message = result ? pg->pq->PQresultErrorMessage(result) : pg->pq->PQerrorMessage(pg->connection);
    if (!done && !*pg->problem)
        snprintf(pg->problem, sizeof pg->problem, "%s", *message ? message : "the connection is lost");
    pg->pq->PQclear(result);
    return done;
}

/* Reads the results of the statements that were sent; each ends with a NULL. */
static bool read_pending(struct pg *pg)
{
    bool done = pg->pending == 0 || pg->pq->PQsendFlushRequest(pg->connection) == 1;
    for (; done && pg->pending > 0; pg->pending--) {
        PGresult *result = pg->pq->PQgetResult(pg->connection);
        done = ended_well(pg, result);
        while (result && (result = pg->pq->PQgetResult(pg->connection)))
            pg->pq->PQclear(result);
    }
    return done;
}

static bool is_piped(const struct pg *pg)
{
    return pg->pq->PQpipelineStatus(pg->connection) != PQ_PIPELINE_OFF;
}

static bool leave_pipeline(struct pg *pg)
{
    bool done = read_pending(pg);
    if (!is_piped(pg))
        return done;
    bool synced = pg->pq->PQpipelineSync(pg->connection) == 1;
    for (int nothing = 0; synced && nothing < 2;) {
        PGresult *result = pg->pq->PQgetResult(pg->connection);
        bool is_end = result && pg->pq->PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        nothing = result ? 0 : nothing + 1;
        pg->pq->PQclear(result);
        if (is_end)
            break;
    }
    pg->pending = 0;
    return pg->pq->PQexitPipelineMode(pg->connection) == 1 && done;
}

/* ----------------------------------------------------------- connection */

static bool run_script(struct pg *pg, const char *sql)
{
    return ended_well(pg, pg->pq->PQexec(pg->connection, sql));
}

/* A script ends the pipeline; one that begins a transaction starts a new one. */
static bool script(void *connection, const char *sql)
{
    struct pg *pg = connection;
    bool done = leave_pipeline(pg), is_rollback = strcmp(sql, "ROLLBACK") == 0, begins = strncmp(sql, "BEGIN", 5) == 0;
    if (is_rollback)
        *pg->problem = '\0';
    if (!done && !is_rollback)
        return false;
    return run_script(pg, sql) && (!begins || pg->pq->PQenterPipelineMode(pg->connection) == 1);
}

static void ignore_notice(void *data, const char *message)
{
    (void)data;
    (void)message;
}

static void close_database(void *connection)
{
    struct pg *pg = connection;
    pg->pq->PQfinish(pg->connection);
    free(pg);
}

static void *open_database(const char *where, bool may_create, char *problem, size_t size)
{
    const struct libpq *pq = libpq_load();
    struct pg *pg = pq ? calloc(1, sizeof *pg) : NULL;
    (void)may_create;
    if (!pg) {
        snprintf(problem, size, "%s", pq ? "out of memory" : "libpq.so.5 (14 or newer) is not installed");
        return NULL;
    }
    pg->pq = pq;
    pg->connection = pq->PQconnectdb(where);
    if (pq->PQstatus(pg->connection) == CONNECTION_OK) {
        pq->PQsetNoticeProcessor(pg->connection, ignore_notice, NULL);
        if (run_script(pg, "SET client_encoding = 'UTF8'; SET client_min_messages = 'warning'"))
            return pg;
    }
    snprintf(problem, size, "%s", pq->PQerrorMessage(pg->connection));
    close_database(pg);
    return NULL;
}

static const char *problem_of(void *connection)
{
    struct pg *pg = connection;
    return *pg->problem ? pg->problem : pg->pq->PQerrorMessage(pg->connection);
}

/* ------------------------------------------------------------ statements */

static bool send_preparation(struct pg *pg, const char *name, const char *sql)
{
    if (!is_piped(pg))
        return ended_well(pg, pg->pq->PQprepare(pg->connection, name, sql, 0, NULL));
    bool done = pg->pq->PQsendPrepare(pg->connection, name, sql, 0, NULL) == 1;
    pg->pending += done;
    return done;
}

static void *prepare(void *connection, const char *name, const char *sql)
{
    struct pg_statement *s = calloc(1, sizeof *s);
    if (s && send_preparation(connection, name, sql) && (s->name = strdup(name))) {
        s->pg = connection;
        return s;
    }
    free(s);
    return NULL;
}

static bool send_values(struct pg_statement *s, const struct db_value *values, int count)
{
    static char numbers[DB_MAX_VALUES][NUMBER_BYTES];
    const char *texts[DB_MAX_VALUES];
    for (int i = 0; i < count; i++) {
        texts[i] = values[i].text;
        if (!values[i].is_text) {
            snprintf(numbers[i], NUMBER_BYTES, "%lld", (long long)values[i].number);
            texts[i] = numbers[i];
        }
    }
    return s->pg->pq->PQsendQueryPrepared(s->pg->connection, s->name, count, texts, NULL, NULL, 0) == 1;
}

static bool run(void *statement, const struct db_value *values, int count, bool has_rows)
{
    struct pg_statement *s = statement;
    struct pg *pg = s->pg;
    bool piped = is_piped(pg), done = send_values(s, values, count);
    if (piped && done && !has_rows)
        return ++pg->pending < MOST_PENDING || read_pending(pg);
    if (piped && done) {
        /* Everything that was sent before must be answered before the rows. */
        done = pg->pq->PQsendFlushRequest(pg->connection) == 1 && read_pending(pg);
    }
    s->running = done && pg->pq->PQsetSingleRowMode(pg->connection) == 1;
    return s->running;
}

/* Discards the remaining rows, so that the connection is free. */
static void drain(struct pg_statement *s)
{
    PGresult *result;
    s->pg->pq->PQclear(s->row);
    s->row = NULL;
    while (s->running && (result = s->pg->pq->PQgetResult(s->pg->connection)))
        s->pg->pq->PQclear(result);
    s->running = false;
}

static enum db_step step(void *statement)
{
    struct pg_statement *s = statement;
    const struct libpq *pq = s->pg->pq;
    pq->PQclear(s->row);
    s->row = s->running ? pq->PQgetResult(s->pg->connection) : NULL;
    switch (pq->PQresultStatus(s->row)) {
    case PGRES_SINGLE_TUPLE: return DB_ROW;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK: drain(s); return DB_DONE;
    default: break;
    }
    if (!s->running) /* for a statement without rows, nothing was pending */
        return DB_DONE;
    ended_well(s->pg, s->row);
    s->row = NULL;
    return DB_FAILED;
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

static bool is_null(void *statement, int column)
{
    const struct pg_statement *s = statement;
    return s->pg->pq->PQgetisnull(s->row, 0, column);
}

static const char *text(void *statement, int column)
{
    const struct pg_statement *s = statement;
    return is_null(statement, column) ? NULL : s->pg->pq->PQgetvalue(s->row, 0, column);
}

static int64_t number(void *statement, int column)
{
    const char *value = text(statement, column);
    return value ? strtoll(value, NULL, 10) : 0;
}

const struct db_driver *postgres_driver(void)
{
    /* The number of the lock belongs to this program; nothing else may use it. */
    static const struct db_driver driver = {.begin = "BEGIN; SELECT pg_advisory_xact_lock(7101982016)",
                                            DB_DRIVER_FUNCTIONS};
    return &driver;
}
