/* SPDX-License-Identifier: MIT */
/*
 * session.c - what commands have in common.
 *
 * In: settings, database, policy. Out: what a command needs from them. Refused: to continue after a database problem,
 * which is reported here.
 */
#include "commands/session.h"

#include "output/complain.h"
#include "show/later.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int session_status(const struct session *s, int status)
{
    const char *problem = db_problem(s->db);
    if (!problem)
        return status;
    complain(db_name(s->db), problem);
    return EXIT_NO_ANSWER;
}

char *whole_scope(const char *given)
{
    size_t slashes = 0, room = strlen(given) + 3;
    char *scope = malloc(room);
    for (const char *c = given; *c; c++)
        slashes += *c == '/';
    if (scope)
        snprintf(scope, room, "%s%s", given, slashes == 0 ? "//" : slashes == 1 ? "/" : "");
    return scope;
}

char *session_scope(const struct session *s)
{
    return whole_scope(s->settings->scope ? s->settings->scope : "");
}

struct recorder *session_recorder(const struct session *s)
{
    const struct ledger_settings *settings = s->settings;
    char *scope = session_scope(s);
    struct recorder_options options = {.db = s->db,
                                       .policy = s->policy,
                                       .now = settings->now,
                                       .scope = scope,
                                       .own_domains = settings->own_domains,
                                       .own_domain_count = settings->own_domain_count,
                                       .batch = settings->batch,
                                       .first_cleaning = settings->first_cleaning,
                                       .dry = settings->dry_run};
    struct recorder *r = scope ? recorder_new(&options) : NULL;
    free(scope);
    if (options.dry)
        later_begin(s->out);
    if (!r)
        complain(NULL, strerror(ENOMEM));
    return r;
}

static bool tick(const struct session *s, bool dry)
{
    struct ledger_settings settings = *s->settings;
    struct session with = *s;
    settings.dry_run = dry;
    with.settings = &settings;
    struct recorder *r = session_recorder(&with);
    bool done = r && recorder_tick(r);
    recorder_free(r);
    return done;
}

bool session_tick(const struct session *s)
{
    return tick(s, false);
}

bool session_look(const struct session *s)
{
    return tick(s, s->settings->has_now);
}

int64_t session_last_change(const struct session *s)
{
    return db_number(db_run(s->db, SQL_last_change, ""), 0);
}

void session_show_dry(const struct session *s, int64_t last_change)
{
    static const struct row_column columns[] = {{"address", COLUMN_TEXT, 26}, {"scope", COLUMN_TEXT, 0},
                                                {"state", COLUMN_TEXT, 10},   {"basis", COLUMN_TEXT, 12},
                                                {"reason", COLUMN_TEXT, 18},  {"until", COLUMN_TIME, 20},
                                                {"why", COLUMN_WORDS, 40}};
    struct row_table t = session_table(s, columns, 7);
    table_db_rows(&t, db_run(s->db, SQL_would_change, "i", last_change));
}

int64_t session_limit(const struct session *s)
{
    return s->settings->limit >= 0 ? s->settings->limit : INT64_MAX;
}

struct row_table session_table(const struct session *s, const struct row_column *columns, int count)
{
    return (struct row_table){.out = s->out,
                              .format = s->settings->format,
                              .columns = columns,
                              .count = count,
                              .line_columns = s->line_columns};
}
