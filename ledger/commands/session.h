/* SPDX-License-Identifier: MIT */
/* session.h - what a command works with. */
#ifndef LEDGER_COMMANDS_SESSION_H
#define LEDGER_COMMANDS_SESSION_H

#include "bounce.h"
#include "db/db.h"
#include "settings/options.h"
#include "show/table.h"
#include "store/recorder.h"

struct session {
    const struct ledger_settings *settings;
    struct output *out;
    struct db *db;
    const bounce_policy *policy;
    size_t line_columns; /* of the terminal that shows the answer; 0: it is none */
};

/* Reports a database problem, if there is one. Returns the exit status: the given one, or that of a database
 * problem. */
int session_status(const struct session *s, int status);
/* A recorder with the options from the settings. NULL after a message. */
struct recorder *session_recorder(const struct session *s);
/* --scope as "TENANT/STREAM/LIST", with missing parts empty; free it. NULL: memory ran out. */
char *session_scope(const struct session *s);
/* Completes a scope to "TENANT/STREAM/LIST", with missing parts empty; free it. NULL: memory ran out. */
char *whole_scope(const char *given);
/* The number of the last change; and, for a dry run, the changes since that keep mails from being sent. */
int64_t session_last_change(const struct session *s);
void session_show_dry(const struct session *s, int64_t last_change);
/* Stores the changes of states that are due to time alone. False after a message. */
bool session_tick(const struct session *s);
/* The same before a query; with --now, the changes are visible until the program ends, but not stored. */
bool session_look(const struct session *s);
int64_t session_limit(const struct session *s);
struct row_table session_table(const struct session *s, const struct row_column *columns, int count);

#endif
