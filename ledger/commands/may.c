/* SPDX-License-Identifier: MIT */
/*
 * may.c - the command may.
 *
 * In: addresses as arguments, or one per line on standard input. Out: for arguments, an answer each, and an exit
 * status: 0 all may be mailed, 1 one may never be, 3 one may not be now; for lines as text, those that may be mailed,
 * unchanged; as JSON or CSV, an answer each. If the database does not answer, --on-error decides. Refused: standard
 * input that cannot be read, and lines that are too long, with status 1; an invalid address may never be mailed.
 */
#include "commands/may.h"

#include "lines/lines.h"
#include "output/complain.h"
#include "store/standing.h"

#include <stdlib.h>
#include <string.h>

struct asking {
    struct session *session;
    struct asker asker;
    struct row_table table;
    bool filters, failed, has_bad; /* has_bad: standard input had an error */
    int worst;                     /* bounce_may */
};

static const struct row_column columns[] = {
    {"address", COLUMN_TEXT, 36}, {"may", COLUMN_TEXT, 8}, {"from", COLUMN_TIME, 20}, {"state", COLUMN_TEXT, 10}};

/* Answers as --on-error says; even then an invalid address may never be mailed. address NULL: none was read yet. */
static bool give_up(struct asking *a, const char *address, struct standing *standing)
{
    const struct session *s = a->session;
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    bool is_address = address && bounce_address_key(address, key, sizeof key, NULL) == BOUNCE_OK;
    if (!a->failed)
        complain(db_name(s->db), db_problem(s->db) ? db_problem(s->db) : "cannot be read");
    a->failed = true;
    *standing = (struct standing){.may = is_address && s->settings->on_error == ON_ERROR_ALLOW ? BOUNCE_MAY_YES
                                                                                               : BOUNCE_MAY_NEVER,
                                  .is_address = is_address};
    return s->settings->on_error != ON_ERROR_TELL;
}

static void answer(struct asking *a, const char *address, const struct standing *s)
{
    static const char *const words[] = {"yes", "not-now", "never"};
    a->worst = (int)s->may > a->worst ? (int)s->may : a->worst;
    if (a->filters && a->table.format == LEDGER_TEXT) {
        if (s->may == BOUNCE_MAY_YES) {
            output_puts(a->session->out, address);
            output_putc(a->session->out, '\n');
        }
        return;
    }
    struct cell cells[] = {
        {.text = address},
        {.text = words[s->may]},
        {.number = s->from, .is_null = s->from == 0},
        {.text = !s->is_address ? "no-address" : bounce_state_name(s->state), .is_null = s->is_address && a->failed}};
    table_row(&a->table, cells);
}

/* False: there is no answer, and --on-error does not give one. */
static bool ask(struct asking *a, const char *address)
{
    struct standing standing;
    if ((a->failed || !asker_ask(&a->asker, address, &standing)) && !give_up(a, address, &standing))
        return false;
    answer(a, address, &standing);
    return true;
}

static bool ask_lines(struct asking *a)
{
    struct lines lines;
    char *line;
    size_t length;
    bool answered = true;
    enum line_result result;
    if (!lines_open(&lines, "-")) {
        a->has_bad = true;
        return true;
    }
    while (answered && (result = lines_next(&lines, true, &line, &length)) != LINE_END) {
        if (length > 0 && line[length - 1] == '\r')
            line[--length] = '\0';
        if (result == LINE_GIVEN && length > 0)
            answered = ask(a, line);
        if (result == LINE_TOO_LONG) {
            lines_complain(&lines, "the line is too long");
            a->has_bad = true;
        }
    }
    if (!lines_close(&lines))
        a->has_bad = true;
    return answered;
}

int command_may(struct session *s)
{
    static const int statuses[] = {0, EXIT_NOT_NOW, EXIT_NEVER};
    struct asking a = {.session = s, .table = session_table(s, columns, 4), .filters = s->settings->count == 1};
    char *scope = session_scope(s);
    struct standing ignored;
    bool answered = (scope && asker_begin(&a.asker, s->db, s->settings->now, scope, s->settings->service)) ||
                    give_up(&a, NULL, &ignored);
    free(scope);
    table_begin(&a.table);
    if (answered && a.filters)
        answered = ask_lines(&a);
    for (size_t i = 1; answered && i < s->settings->count; i++)
        answered = ask(&a, s->settings->arguments[i]);
    if (!answered)
        return EXIT_NO_ANSWER;
    return !a.filters ? statuses[a.worst] : a.has_bad ? EXIT_READ_OR_WRITE : 0;
}
