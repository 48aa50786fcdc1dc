/* SPDX-License-Identifier: MIT */
/*
 * lists.c - the commands that list addresses: suppressed, due, held, changes.
 *
 * In: the ledger. Out: a row each, in order of time, written as they are read, so memory does not grow with their
 * number. Changes due to time alone are computed first. Refused: nothing.
 */
#include "commands/lists.h"

#include "option_values.h"
#include "store/standing.h"

#include <stdlib.h>

#define COLUMNS(array) (array), (int)(sizeof(array) / sizeof *(array))

static int show(struct session *s, const struct row_column *columns, int count, struct db_rows *rows)
{
    struct row_table t = session_table(s, columns, count);
    table_db_rows(&t, rows);
    return session_status(s, 0);
}

static bool is_for_some(const struct session *s)
{
    return s->settings->scope || s->settings->service;
}

/* Sets the scope, its tenant, all, and the service. False: memory ran out, or there is a database problem. */
static bool those_asked(struct session *s, struct asker *a)
{
    char *scope = session_scope(s);
    bool known = scope && asker_begin(a, s->db, s->settings->now, scope, s->settings->service);
    free(scope);
    return known;
}

static struct db_rows *suppressed_in(struct session *s, const struct asker *a)
{
    const int64_t *ids = a->scopes;
    return db_run(s->db, SQL_suppressed_in, "iiiii", session_limit(s), ids[0], ids[1], ids[2], ids[3]);
}

static int suppressed_since(struct session *s, const struct asker *a)
{
    const int64_t *ids = a->scopes;
    static const struct row_column columns[] = {
        {"change", COLUMN_TEXT, 7}, {"address", COLUMN_TEXT, 24}, {"for", COLUMN_TEXT, 0}, {"scope", COLUMN_TEXT, 0},
        {"basis", COLUMN_TEXT, 8},  {"reason", COLUMN_TEXT, 17},  {"at", COLUMN_TIME, 20}};
    struct db_rows *rows = is_for_some(s)
                               ? db_run(s->db, SQL_suppressed_since_in, "iiiiii", session_limit(s), s->settings->since,
                                        ids[0], ids[1], ids[2], ids[3])
                               : db_run(s->db, SQL_suppressed_since, "ii", session_limit(s), s->settings->since);
    return show(s, COLUMNS(columns), rows);
}

/* Lists the addresses, then the domains that may not be mailed at all, whatever the scope. */
int command_suppressed(struct session *s)
{
    static const struct row_column columns[] = {{"address", COLUMN_TEXT, 26}, {"for", COLUMN_TEXT, 0},
                                                {"scope", COLUMN_TEXT, 0},    {"basis", COLUMN_TEXT, 12},
                                                {"reason", COLUMN_TEXT, 18},  {"since", COLUMN_TIME, 20}};
    struct row_table t = session_table(s, COLUMNS(columns));
    struct asker a = {.db = NULL};
    if (!session_look(s) || (is_for_some(s) && !those_asked(s, &a)))
        return session_status(s, EXIT_READ_OR_WRITE);
    if (s->settings->since >= 0)
        return suppressed_since(s, &a);
    struct db_rows *rows = is_for_some(s) ? suppressed_in(s, &a) : db_run(s->db, SQL_suppressed, "i", session_limit(s));
    int64_t shown = table_db_rows(&t, rows);
    rows = db_run(s->db, SQL_suppressed_domains, "i", session_limit(s) - shown);
    while (db_next(rows))
        table_db_row(&t, rows);
    return session_status(s, 0);
}

int command_due(struct session *s)
{
    static const struct row_column columns[] = {{"address", COLUMN_TEXT, 26}, {"for", COLUMN_TEXT, 0},
                                                {"scope", COLUMN_TEXT, 0},    {"basis", COLUMN_TEXT, 12},
                                                {"reason", COLUMN_TEXT, 18},  {"since", COLUMN_TIME, 20},
                                                {"retries", COLUMN_NUMBER, 0}};
    if (!session_look(s))
        return session_status(s, EXIT_READ_OR_WRITE);
    return show(s, COLUMNS(columns), db_run(s->db, SQL_due, "ii", session_limit(s), s->settings->now));
}

int command_held_list(struct session *s)
{
    if (s->settings->scope || s->settings->who)
        return usage_error(s->settings->scope ? "--scope" : "--who", "only held accept and held reject take it");
    static const struct row_column columns[] = {
        {"address", COLUMN_TEXT, 26}, {"for", COLUMN_TEXT, 0},    {"scope", COLUMN_TEXT, 0}, {"basis", COLUMN_TEXT, 12},
        {"reason", COLUMN_TEXT, 18},  {"since", COLUMN_TIME, 20}, {"until", COLUMN_TIME, 20}};
    if (!session_look(s))
        return session_status(s, EXIT_READ_OR_WRITE);
    return show(s, COLUMNS(columns), db_run(s->db, SQL_held, "i", session_limit(s)));
}

int command_changes(struct session *s)
{
    static const struct row_column columns[] = {
        {"n", COLUMN_NUMBER, 6},   {"address", COLUMN_TEXT, 26}, {"of", COLUMN_TEXT, 0},    {"for", COLUMN_TEXT, 0},
        {"scope", COLUMN_TEXT, 0}, {"at", COLUMN_TIME, 20},      {"was", COLUMN_TEXT, 10},  {"state", COLUMN_TEXT, 10},
        {"basis", COLUMN_TEXT, 0}, {"reason", COLUMN_TEXT, 0},   {"since", COLUMN_TIME, 0}, {"until", COLUMN_TIME, 0},
        {"why", COLUMN_WORDS, 40}};
    int64_t after = s->settings->after >= 0 ? s->settings->after : 0;
    /* The reader keeps the number as a cursor, so the rows must be stored, whatever --now says. */
    if (!session_tick(s))
        return session_status(s, EXIT_READ_OR_WRITE);
    return show(s, COLUMNS(columns), db_run(s->db, SQL_changes_after, "ii", after, session_limit(s)));
}
