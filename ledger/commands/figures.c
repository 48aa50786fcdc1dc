/* SPDX-License-Identifier: MIT */
/*
 * figures.c - counts of events, grouped by a key.
 *
 * In: a key and a period. Out: for each value of the key the bounces, hard ones, delays, deliveries and complaints, and
 * the shares of the bounces that are the sender's own fault or dead addresses; as text with a bar. Only the events of
 * the period are read. Refused: unknown keys.
 */
#include "commands/figures.h"

#include "output/escape.h"
#include "store/event.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAME_COLUMNS = 26, COLUMNS_BEFORE_BAR = 78, BAR_COLUMNS = 24, BAR_LEAST = 8, TOP_ROWS = 10000 };
enum figure_column { KEY, BOUNCES, HARD, DELAYS, DELIVERIES, COMPLAINTS, OWN, DEAD, COUNT_COLUMNS };
enum value_kind { A_WORD, A_REASON, A_GROUP, A_DAY, A_WEEK };

/* The statement, and the number that tells it what to group by. */
static const struct figure_key {
    const char *name;
    enum sql_name statement;
    int64_t choice;
    enum value_kind kind;
} keys[] = {
    {"reason", SQL_figures, 0, A_REASON},
    {"group", SQL_figures, 1, A_GROUP},
    {"day", SQL_figures, 2, A_DAY},
    {"week", SQL_figures, 3, A_WEEK},
    {"provider", SQL_figures_of_words, 0, A_WORD},
    {"remote", SQL_figures_of_words, 1, A_WORD},
    {"reporter", SQL_figures_of_words, 2, A_WORD},
    {"software", SQL_figures_of_words, 3, A_WORD},
    {"service", SQL_figures_of_words, 4, A_WORD},
    {"sender", SQL_figures_of_words, 5, A_WORD},
    {"sending-domain", SQL_figures_of_sending_domains, 0, A_WORD},
    {"domain", SQL_figures_of_domains, 0, A_WORD},
    {"scope", SQL_figures_of_scopes, 0, A_WORD},
};

enum { KEY_COUNT = sizeof keys / sizeof *keys };

const char *const figure_keys[] = {"reason",   "group",   "day",    "week",           "provider", "remote", "reporter",
                                   "software", "service", "sender", "sending-domain", "domain",   "scope",  NULL};

static const char *value_name(const struct figure_key *key, const struct db_rows *rows, char text[64])
{
    int64_t value = key->kind == A_WORD ? 0 : db_int(rows, KEY);
    struct tm utc;
    time_t at = (time_t)((key->kind == A_WEEK ? value * 7 - 3 : value) * EVENT_DAY_S);
    switch (key->kind) {
    case A_REASON: return bounce_reason_name((bounce_reason)value);
    case A_GROUP: return bounce_group_name((bounce_group)value);
    case A_WORD: return db_text(rows, KEY);
    default: break;
    }
    gmtime_r(&at, &utc);
    strftime(text, 64, "%Y-%m-%d", &utc);
    return text;
}

static int64_t percent(int64_t part, int64_t whole)
{
    return whole ? (200 * part + whole) / (2 * whole) : 0;
}

/* How wide a bar may be after a row of that name: what the terminal leaves. 0: too little to show anything. */
static int64_t bar_room(const struct row_table *t, const char *name)
{
    size_t wide = escaped_width(name), before = COLUMNS_BEFORE_BAR + (wide > NAME_COLUMNS ? wide - NAME_COLUMNS : 0);
    size_t room = t->line_columns > before ? t->line_columns - before : 0;
    return !t->line_columns || room > BAR_COLUMNS ? BAR_COLUMNS : room >= BAR_LEAST ? (int64_t)room : 0;
}

/* Rows come largest first, so the first nonzero value gets the widest bar. */
static void bar(char text[BAR_COLUMNS + 1], int64_t room, int64_t value, int64_t *most)
{
    *most = value > *most ? value : *most;
    int64_t columns = *most ? (value * room + *most - 1) / *most : 0;
    memset(text, '#', (size_t)columns);
    text[columns] = '\0';
}

static const struct figure_key *key_named(const char *name)
{
    for (int i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

bool figures_show(struct session *s, const char *by, struct period period, int64_t limit)
{
    static const struct row_column columns[] = {{"by", COLUMN_TEXT, 0},           {"value", COLUMN_TEXT, NAME_COLUMNS},
                                                {"bounces", COLUMN_NUMBER, 7},    {"hard", COLUMN_NUMBER, 7},
                                                {"delays", COLUMN_NUMBER, 7},     {"deliveries", COLUMN_NUMBER, 9},
                                                {"complaints", COLUMN_NUMBER, 5}, {"own_fault", COLUMN_NUMBER, 4},
                                                {"dead", COLUMN_NUMBER, 5},       {NULL, COLUMN_TEXT, BAR_COLUMNS}};
    const struct figure_key *key = key_named(by);
    struct row_table t = session_table(s, columns, 10);
    int64_t most = 0;
    if (!key)
        return false;
    if (t.format == LEDGER_TEXT)
        output_puts(s->out, "                           bounces hard    delays  delivered compl own% dead%\n");
    table_begin(&t);
    struct db_rows *rows =
        db_run(s->db, key->statement, "iiii", period.since, period.until, key->choice, limit >= 0 ? limit : TOP_ROWS);
    while (db_next(rows)) {
        char name[64], hashes[BAR_COLUMNS + 1];
        const char *value = value_name(key, rows, name);
        int64_t bounces = db_int(rows, BOUNCES), room = bar_room(&t, value);
        bar(hashes, room, bounces, &most);
        struct cell cells[] = {{.text = by},
                               {.text = value},
                               {.number = bounces},
                               {.number = db_int(rows, HARD)},
                               {.number = db_int(rows, DELAYS)},
                               {.number = db_int(rows, DELIVERIES)},
                               {.number = db_int(rows, COMPLAINTS)},
                               {.number = percent(db_int(rows, OWN), bounces)},
                               {.number = percent(db_int(rows, DEAD), bounces)},
                               {.text = hashes, .is_null = room == 0}};
        table_row(&t, cells);
    }
    return true;
}
