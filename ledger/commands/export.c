/* SPDX-License-Identifier: MIT */
/*
 * export.c - the command export.
 *
 * In: the suppressed addresses of the ledger, or of --scope. Out: a list in the format that a sending service imports.
 * Refused: kinds of suppression that the service's list cannot express; their number is reported.
 */
#include "commands/export.h"

#include "commands/service_lists.h"
#include "store/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static enum listed_as listed_as(const char *basis)
{
    if (strstr(basis, "complaint"))
        return LISTED_COMPLAINT;
    if (strcmp(basis, "unsubscribed") == 0)
        return LISTED_UNSUBSCRIBED;
    return strcmp(basis, "service") == 0 ? LISTED_BY_HAND : LISTED_BOUNCE;
}

static void rfc5322_time(char text[64], int64_t at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm t;
    time_t seconds = (time_t)at;
    gmtime_r(&seconds, &t);
    snprintf(text, 64, "%s, %02d %s %04d %02d:%02d:%02d UTC", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
             1900 + t.tm_year, t.tm_hour, t.tm_min, t.tm_sec);
}

/* A row of CSV with the service's columns. */
static void csv_row(struct session *s, const struct row_column *columns, int count, const char *const *values)
{
    struct cell cells[8];
    struct row_table t = {.out = s->out, .format = LEDGER_CSV, .columns = columns, .count = count};
    for (int i = 0; i < count; i++)
        cells[i] = (struct cell){.text = values[i], .is_null = values[i] == NULL};
    table_row(&t, cells);
}

struct exporting {
    struct session *session;
    const struct service_list *list;
    uint64_t written, left_out;
};

static const struct row_column ses[] = {{"email", COLUMN_ADDRESS, 0}, {"reason", COLUMN_TEXT, 0}};
static const struct row_column sendgrid[] = {
    {"status", COLUMN_TEXT, 0}, {"reason", COLUMN_TEXT, 0}, {"email", COLUMN_ADDRESS, 0}, {"created", COLUMN_TEXT, 0}};
static const struct row_column mailgun[] = {{"address", COLUMN_ADDRESS, 0},
                                            {"code", COLUMN_TEXT, 0},
                                            {"error", COLUMN_TEXT, 0},
                                            {"tags", COLUMN_TEXT, 0},
                                            {"created_at", COLUMN_TEXT, 0}};
static const struct row_column sparkpost[] = {{"recipient", COLUMN_ADDRESS, 0},
                                              {"type", COLUMN_TEXT, 0},
                                              {"source", COLUMN_TEXT, 0},
                                              {"description", COLUMN_TEXT, 0},
                                              {"updated", COLUMN_TEXT, 0}};

static void postmark_row(struct exporting *e, const char *address, enum listed_as as, int64_t since)
{
    static const char *const reasons[] = {"HardBounce", "SpamComplaint", "ManualSuppression", "ManualSuppression"};
    static const char *const origins[] = {"Recipient", "Recipient", "Recipient", "Customer"};
    struct output *o = e->session->out;
    output_puts(o, e->written ? ",\n{\"EmailAddress\":" : "\n{\"EmailAddress\":");
    show_json_string(o, address);
    output_puts(o, ",\"SuppressionReason\":");
    show_json_string(o, reasons[as]);
    output_puts(o, ",\"Origin\":");
    show_json_string(o, origins[as]);
    output_puts(o, ",\"CreatedAt\":\"");
    show_time(o, since);
    output_puts(o, "\"}");
}

static void write_row(struct exporting *e, const char *address, enum listed_as as, const char *cause, int64_t since)
{
    static const char *const ses_words[] = {"BOUNCE", "COMPLAINT"};
    static const char *const sparkpost_words[] = {"Bounce Rule", "Spam Complaint", "List Unsubscribe",
                                                  "Manually Added"};
    struct session *s = e->session;
    char seconds[32], text[64];
    bool bounced = as == LISTED_BOUNCE;
    snprintf(seconds, sizeof seconds, "%lld", (long long)since);
    rfc5322_time(text, since);
    if (strcmp(e->list->name, "postmark") == 0)
        postmark_row(e, address, as, since);
    else if (strcmp(e->list->name, "ses") == 0)
        csv_row(s, ses, 2, (const char *[]){address, ses_words[as]});
    else if (strcmp(e->list->name, "sendgrid") == 0)
        csv_row(s, sendgrid, 4, (const char *[]){NULL, cause, address, seconds});
    else if (strcmp(e->list->name, "mailgun") == 0)
        csv_row(s, mailgun, 5,
                (const char *[]){address, bounced ? "550" : NULL, bounced ? cause : NULL,
                                 as == LISTED_UNSUBSCRIBED ? "*" : NULL, text});
    else
        csv_row(s, sparkpost, 5,
                (const char *[]){address, as == LISTED_UNSUBSCRIBED ? "non_transactional" : "transactional",
                                 sparkpost_words[as], cause, seconds});
    e->written++;
}

/* Skips what a service's list cannot express: that of SES has bounces and complaints, that of SendGrid only bounces. */
static bool has_word(const struct service_list *list, enum listed_as as)
{
    if (strcmp(list->name, "ses") == 0)
        return as == LISTED_BOUNCE || as == LISTED_COMPLAINT;
    if (strcmp(list->name, "sendgrid") == 0)
        return as == LISTED_BOUNCE;
    return strcmp(list->name, "mailgun") != 0 || as != LISTED_BY_HAND;
}

static void write_head(struct exporting *e)
{
    struct row_table t = {.out = e->session->out, .format = LEDGER_CSV};
    if (strcmp(e->list->name, "postmark") == 0)
        output_puts(e->session->out, "{\"Suppressions\":[");
    t.columns = strcmp(e->list->name, "sendgrid") == 0  ? sendgrid
                : strcmp(e->list->name, "mailgun") == 0 ? mailgun
                                                        : sparkpost;
    t.count = strcmp(e->list->name, "sendgrid") == 0 ? 4 : 5;
    if (strcmp(e->list->name, "postmark") != 0 && strcmp(e->list->name, "ses") != 0)
        table_begin(&t);
}

int command_export(struct session *s)
{
    struct exporting e = {.session = s, .list = service_list_of(s)};
    struct asker a;
    char *scope = session_scope(s);
    if (!e.list || !scope || !session_look(s) ||
        !asker_begin(&a, s->db, s->settings->now, scope, s->settings->service)) {
        free(scope);
        return e.list ? session_status(s, EXIT_READ_OR_WRITE) : EXIT_USAGE;
    }
    free(scope);
    write_head(&e);
    struct db_rows *rows =
        s->settings->scope ? db_run(s->db, SQL_exported_in, "iiii", a.scopes[0], a.scopes[1], a.scopes[2], a.scopes[3])
                           : db_run(s->db, SQL_exported, "");
    while (db_next(rows)) {
        enum listed_as as = listed_as(db_text(rows, 1));
        if (has_word(e.list, as))
            write_row(&e, db_text(rows, 0), as, db_text(rows, 2), db_int(rows, 3));
        else
            e.left_out++;
    }
    if (strcmp(e.list->name, "postmark") == 0)
        output_puts(s->out, "\n]}\n");
    if (e.left_out && !s->settings->quiet)
        fprintf(stderr, "left out: %llu that the list cannot express\n", (unsigned long long)e.left_out);
    return session_status(s, 0);
}
