/* SPDX-License-Identifier: MIT */
/*
 * policies.c - the commands policy and replay.
 *
 * In: a policy file; the events of the ledger. Out: whether the file is right, the compiled-in policy, or whose state
 * would differ under --policy; the ledger is not changed. Refused: policies with errors, each named as
 * file:line:column, with exit status 2.
 */
#include "commands/policies.h"

#include "output/complain.h"

#include <errno.h>
#include <string.h>

int command_policy(struct session *s)
{
    const char *word = s->settings->count > 1 ? s->settings->arguments[1] : "";
    if (strcmp(word, "show") == 0 && s->settings->count == 2) {
        output_puts(s->out, bounce_policy_default_text());
        return 0;
    }
    /* The files were already read, and their errors reported. */
    return strcmp(word, "check") == 0 && s->settings->count == 3
               ? 0
               : usage_error("policy", "takes show, or check and a file");
}

int command_replay(struct session *s)
{
    static const struct row_column columns[] = {
        {"address", COLUMN_TEXT, 26}, {"for", COLUMN_TEXT, 8},    {"scope", COLUMN_TEXT, 16},
        {"was", COLUMN_TEXT, 10},     {"state", COLUMN_TEXT, 10}, {"basis", COLUMN_TEXT, 12},
        {"reason", COLUMN_TEXT, 18},  {"until", COLUMN_TIME, 20}, {"why", COLUMN_WORDS, 40}};
    struct row_table t = session_table(s, columns, (int)(sizeof columns / sizeof *columns));
    int64_t before = session_last_change(s);
    struct ledger_settings dry = *s->settings;
    struct session other = *s;
    dry.dry_run = true;
    other.settings = &dry;
    struct recorder *r = session_recorder(&other);
    bool done = r && recorder_replay(r);
    if (done)
        table_db_rows(&t, db_run(s->db, SQL_replayed, "i", before));
    else if (r && !db_problem(s->db))
        complain(NULL, strerror(ENOMEM));
    recorder_free(r);
    return session_status(s, done ? 0 : EXIT_READ_OR_WRITE);
}
