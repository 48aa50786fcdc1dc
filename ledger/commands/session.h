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
};

/* The exit status of a command after which the database has, or has not, a problem; the message is written here. */
int session_status(const struct session *s, int status);
/* A recorder with what the settings say. NULL after a message. */
struct recorder *session_recorder(const struct session *s);
/* "TENANT/STREAM/LIST" of --scope, with what is missing empty; to be freed. NULL: there is no memory. */
char *session_scope(const struct session *s);
/* "TENANT/STREAM/LIST", whatever of it is given; to be freed. NULL: there is no memory. */
char *whole_scope(const char *given);
/* The number of the last change; and what has changed since, for a dry run: only what keeps mails from being sent. */
int64_t session_last_change(const struct session *s);
void session_show_dry(const struct session *s, int64_t last_change);
/* What time alone has changed. False after a message. */
bool session_tick(const struct session *s);
/* Likewise for a question: at a time that --now makes up it is seen until the program ends, and nothing is kept. */
bool session_look(const struct session *s);
int64_t session_limit(const struct session *s);
struct row_table session_table(const struct session *s, const struct row_column *columns, int count);

#endif
