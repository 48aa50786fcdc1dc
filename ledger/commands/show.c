/* SPDX-License-Identifier: MIT */
/*
 * show.c - the command show: all that is known of an address.
 *
 * In: an address, as the sender or as a report writes it. Out: its states, its history with the evidence, its changes:
 * as text for people; as JSON everything that is kept. Refused: unknown addresses, with exit status 1; CSV.
 */
#include "commands/show.h"

#include "output/complain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANY_MOST = 32, FOUND_MOST = 64, DOORS_BYTES = 256, INDENT = 2 };

/* ---------------------------------------------------------------- events */

enum event_column {
    AT,
    LAST_AT,
    HAPPENED,
    KIND,
    ACTION,
    REASON,
    CAUSE,
    FLAGS,
    DOORS,
    SCOPE,
    STATUS,
    REPLY_CODE,
    DIAGNOSTIC,
    RULE,
    MESSAGE_ID,
    NOTE,
    BECAUSE,
    PROVIDER,
    REMOTE,
    REPORTER,
    SOFTWARE,
    SERVICE,
    SENDER
};

static const struct row_column event_columns[] = {
    {"at", COLUMN_TIME, 20},         {"what", COLUMN_TEXT, 12},         {"reason", COLUMN_TEXT, 18},
    {"from", COLUMN_TEXT, 8},        {"scope", COLUMN_TEXT, 0},         {"last_at", COLUMN_TIME, 0},
    {"doors", COLUMN_TEXT, 0},       {"cause", COLUMN_TEXT, 0},         {"permanent", COLUMN_FLAG, 0},
    {"hard", COLUMN_FLAG, 0},        {"status", COLUMN_TEXT, 0},        {"reply_code", COLUMN_NUMBER, 0},
    {"diagnostic", COLUMN_WORDS, 8}, {"rule", COLUMN_TEXT, 0},          {"message_id", COLUMN_TEXT, 0},
    {"because", COLUMN_TEXT, 0},     {"who", COLUMN_TEXT, 0},           {"provider", COLUMN_TEXT, 0},
    {"remote_mta", COLUMN_TEXT, 0},  {"reporting_mta", COLUMN_TEXT, 0}, {"software", COLUMN_TEXT, 0},
    {"service", COLUMN_TEXT, 0},     {"sender", COLUMN_TEXT, 0}};

static const char *kind_name(int64_t kind)
{
    return kind == EVENT_KIND_IMPORT   ? "import"
           : kind == EVENT_KIND_PERSON ? "person"
                                       : bounce_kind_name((bounce_kind)kind);
}

static void doors_text(int64_t doors, char text[DOORS_BYTES])
{
    text[0] = '\0';
    size_t n = 0;
    for (int64_t kind = 0; kind < ANY_MOST && n < DOORS_BYTES; kind++)
        if (doors >> kind & 1)
            n += (size_t)snprintf(text + n, DOORS_BYTES - n, "%s%s", n ? " " : "", kind_name(kind));
}

static struct cell text_cell(const char *text)
{
    return (struct cell){.text = text, .is_null = text == NULL};
}

static struct cell column_cell(const struct db_rows *rows, int column)
{
    return text_cell(db_text(rows, column));
}

static void event_row(const struct row_table *t, const struct db_rows *rows)
{
    char doors[DOORS_BYTES];
    int64_t flags = db_int(rows, FLAGS), reason = db_int(rows, REASON), cause = db_int(rows, CAUSE);
    int64_t because = db_int(rows, BECAUSE);
    doors_text(db_int(rows, DOORS), doors);
    struct cell cells[] = {
        {.number = db_int(rows, AT)},
        text_cell(bounce_happened_name((bounce_happened)db_int(rows, HAPPENED))),
        text_cell(bounce_reason_name((bounce_reason)reason)),
        text_cell(kind_name(db_int(rows, KIND))),
        column_cell(rows, SCOPE),
        {.number = db_int(rows, LAST_AT)},
        text_cell(doors),
        text_cell(cause ? bounce_reason_name((bounce_reason)cause) : NULL),
        {.number = (flags & VERDICT_PERMANENT) != 0},
        {.number = (flags & VERDICT_HARD) != 0},
        column_cell(rows, STATUS),
        {.number = db_int(rows, REPLY_CODE), .is_null = db_is_null(rows, REPLY_CODE)},
        column_cell(rows, DIAGNOSTIC),
        column_cell(rows, RULE),
        column_cell(rows, MESSAGE_ID),
        text_cell(because ? bounce_because_name((bounce_because)because) : NULL),
        column_cell(rows, NOTE),
        column_cell(rows, PROVIDER),
        column_cell(rows, REMOTE),
        column_cell(rows, REPORTER),
        column_cell(rows, SOFTWARE),
        column_cell(rows, SERVICE),
        column_cell(rows, SENDER),
    };
    table_row(t, cells);
}

/* --------------------------------------------------- one list after another */

static const struct row_column state_columns[] = {
    {"for", COLUMN_TEXT, 8},     {"scope", COLUMN_TEXT, 16}, {"state", COLUMN_TEXT, 10}, {"basis", COLUMN_TEXT, 12},
    {"reason", COLUMN_TEXT, 18}, {"since", COLUMN_TIME, 20}, {"until", COLUMN_TIME, 20}, {"retries", COLUMN_NUMBER, 0}};

static const struct row_column change_columns[] = {
    {"n", COLUMN_NUMBER, 6},   {"at", COLUMN_TIME, 20},    {"for", COLUMN_TEXT, 8},   {"scope", COLUMN_TEXT, 0},
    {"was", COLUMN_TEXT, 10},  {"state", COLUMN_TEXT, 10}, {"basis", COLUMN_TEXT, 0}, {"reason", COLUMN_TEXT, 0},
    {"since", COLUMN_TIME, 0}, {"until", COLUMN_TIME, 0},  {"why", COLUMN_WORDS, 40}};

/* Begins an array, or rows below a title. */
static void begin_list(struct session *s, const char *title)
{
    struct output *o = s->out;
    if (s->settings->format == LEDGER_JSON) {
        output_puts(o, ",\"");
        output_puts(o, title);
        output_puts(o, "\":[");
    } else {
        output_puts(o, title);
        output_puts(o, ":\n");
    }
}

static void between(struct session *s, bool is_first)
{
    if (s->settings->format == LEDGER_JSON) {
        if (!is_first)
            output_putc(s->out, ',');
    } else {
        output_spaces(s->out, INDENT);
    }
}

static void end_list(struct session *s)
{
    if (s->settings->format == LEDGER_JSON)
        output_putc(s->out, ']');
}

static void list(struct session *s, const char *title, const struct row_column *columns, int count,
                 struct db_rows *rows, void (*row)(const struct row_table *t, const struct db_rows *rows))
{
    struct row_table t = session_table(s, columns, count);
    t.is_inside = true;
    t.indent = INDENT;
    begin_list(s, title);
    for (bool is_first = true; db_next(rows); is_first = false) {
        between(s, is_first);
        row(&t, rows);
    }
    end_list(s);
}

/* False: there is no such address, or no longer. */
static bool head(struct session *s, int64_t address)
{
    struct output *o = s->out;
    bool json = s->settings->format == LEDGER_JSON;
    struct db_rows *rows = db_run(s->db, SQL_show_address, "i", address);
    bool is_there = db_next(rows);
    if (is_there && json) {
        static const char *const keys[] = {"{\"address\":", ",\"key\":", ",\"domain\":"};
        for (int i = 0; i < 3; i++) {
            output_puts(o, keys[i]);
            show_json_string(o, db_text(rows, i));
        }
    } else if (is_there) {
        output_puts(o, db_text(rows, 0));
        output_putc(o, '\n');
    }
    db_end(rows);
    if (!json || !is_there)
        return is_there;
    output_puts(o, ",\"names\":[");
    rows = db_run(s->db, SQL_show_names, "i", address);
    for (int i = 0; db_next(rows); i++) {
        if (i)
            output_putc(o, ',');
        show_json_string(o, db_text(rows, 0));
    }
    output_putc(o, ']');
    return true;
}

static bool show(struct session *s, int64_t address)
{
    if (!head(s, address))
        return false;
    list(s, "states", state_columns, (int)(sizeof state_columns / sizeof *state_columns),
         db_run(s->db, SQL_show_states, "i", address), table_db_row);
    list(s, "events", event_columns, (int)(sizeof event_columns / sizeof *event_columns),
         db_run(s->db, SQL_show_events, "ii", event_id(address, 0), event_id(address, EVENTS_OF_ADDRESS - 1)),
         event_row);
    list(s, "changes", change_columns, (int)(sizeof change_columns / sizeof *change_columns),
         db_run(s->db, SQL_show_changes, "i", address), table_db_row);
    if (s->settings->format == LEDGER_JSON)
        output_puts(s->out, "}\n");
    return true;
}

/* Finds the addresses with that name; returns how many. It may be an address itself, and also what reports call
 * others. */
static size_t find(struct session *s, const char *name, int64_t found[FOUND_MOST])
{
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    size_t count = 0;
    if (bounce_address_key(name, key, sizeof key, NULL) != BOUNCE_OK)
        return 0;
    struct db_rows *rows = db_run(s->db, SQL_find_by_name, "t", key);
    while (count < FOUND_MOST && db_next(rows))
        found[count++] = db_int(rows, 0);
    db_end(rows);
    return count;
}

static bool show_all(struct session *s, const char *name)
{
    int64_t found[FOUND_MOST];
    size_t count = find(s, name, found), shown = 0;
    for (size_t i = 0; i < count; i++)
        shown += show(s, found[i]);
    if (shown == 0 && !db_problem(s->db))
        complain(name, "the ledger does not know this address");
    return shown > 0;
}

int command_show(struct session *s)
{
    int status = 0;
    if (s->settings->count < 2)
        return usage_error("show", "no address is given");
    if (s->settings->format == LEDGER_CSV)
        return usage_error("--format", "show supports only text and json");
    for (size_t i = 1; i < s->settings->count && !db_problem(s->db); i++)
        if (!show_all(s, s->settings->arguments[i]))
            status = EXIT_READ_OR_WRITE;
    return session_status(s, status);
}
