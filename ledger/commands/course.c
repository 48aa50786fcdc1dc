/* SPDX-License-Identifier: MIT */
/*
 * course.c - how failures ended: when, and after how many retries.
 *
 * In: the outcomes of a period, address by address. Out: for each reason the time from its first bounce of an address
 * to the delivery, or else to the last such bounce: median and 90th percentile, from classes that are 6 % wide; for
 * each number of a retry how many were tried and how many delivered. Memory does not grow with their number. Nothing is
 * refused.
 */
#include "commands/course.h"

#include <string.h>

enum { REASONS = 64, CLASSES = 320, RETRIES = 8 };

struct spell {
    int64_t first, last; /* of a reason at one address; 0: none */
};

struct times {
    int64_t delivered, open, classes[CLASSES];
};

struct course_sum {
    struct times reasons[REASONS];
    int64_t tried[RETRIES + 1], succeeded[RETRIES + 1];
    /* of the current address */
    struct spell spells[REASONS];
    int full;
};

/* Each class is 6 % wider than the one before; the first ones are whole seconds. */
static int class_of(int64_t seconds)
{
    double limit = 1;
    int at = 0;
    for (; at < CLASSES - 1 && (double)seconds > limit; at++)
        limit = limit * 1.06 > limit + 1 ? limit * 1.06 : limit + 1;
    return at;
}

static int64_t seconds_of(int wanted)
{
    double limit = 1;
    for (int at = 0; at < wanted; at++)
        limit = limit * 1.06 > limit + 1 ? limit * 1.06 : limit + 1;
    return (int64_t)limit;
}

static void close_spell(struct course_sum *c, int reason, int64_t delivered)
{
    struct spell *spell = &c->spells[reason];
    struct times *times = &c->reasons[reason];
    if (!spell->first)
        return;
    if (delivered)
        times->delivered++;
    else
        times->open++;
    times->classes[class_of((delivered ? delivered : spell->last) - spell->first)]++;
    *spell = (struct spell){0};
}

static void close_all(struct course_sum *c, int64_t delivered)
{
    for (int reason = 0; reason < REASONS; reason++)
        close_spell(c, reason, delivered);
}

static void count_retry(struct course_sum *c, bool delivered)
{
    if (c->full > 0) {
        int number = c->full < RETRIES ? c->full : RETRIES;
        c->tried[number]++;
        c->succeeded[number] += delivered;
    }
}

static void add_outcome(struct course_sum *c, int64_t at, int happened, int reason)
{
    bool is_full = reason == BOUNCE_REASON_MAILBOX_FULL || reason == BOUNCE_REASON_SYSTEM_FULL;
    if (happened == BOUNCE_HAPPENED_DELIVERY) {
        count_retry(c, true);
        c->full = 0;
        close_all(c, at);
    } else if (reason >= 0 && reason < REASONS) {
        c->spells[reason].first = c->spells[reason].first ? c->spells[reason].first : at;
        c->spells[reason].last = at;
        if (happened == BOUNCE_HAPPENED_BOUNCE && is_full) {
            count_retry(c, false);
            c->full++;
        }
    }
}

static void sum_up(struct session *s, struct period period, struct course_sum *c)
{
    int64_t address = -1;
    struct db_rows *rows = db_run(s->db, SQL_outcomes, "ii", period.since, period.until);
    memset(c, 0, sizeof *c);
    while (db_next(rows)) {
        if (db_int(rows, 0) != address) {
            close_all(c, 0);
            c->full = 0;
        }
        address = db_int(rows, 0);
        add_outcome(c, db_int(rows, 1), (int)db_int(rows, 2), (int)db_int(rows, 3));
    }
    close_all(c, 0);
}

static int64_t quantile(const struct times *times, int64_t percent)
{
    int64_t wanted = ((times->delivered + times->open) * percent + 99) / 100, seen = 0;
    for (int at = 0; at < CLASSES; at++)
        if ((seen += times->classes[at]) >= wanted)
            return at ? seconds_of(at) : 0;
    return 0;
}

void course_show_resolved(struct session *s, struct period period)
{
    static const struct row_column columns[] = {{"by", COLUMN_TEXT, 0},          {"value", COLUMN_TEXT, 28},
                                                {"delivered", COLUMN_NUMBER, 9}, {"open", COLUMN_NUMBER, 9},
                                                {"median_s", COLUMN_NUMBER, 10}, {"p90_s", COLUMN_NUMBER, 10}};
    static struct course_sum c;
    struct row_table t = session_table(s, columns, 6);
    sum_up(s, period, &c);
    if (t.format == LEDGER_TEXT)
        output_puts(s->out, "time to resolve              delivered open      median s   90 % s\n");
    table_begin(&t);
    for (int reason = 0; reason < REASONS; reason++) {
        const struct times *times = &c.reasons[reason];
        struct cell cells[] = {{.text = "resolve"},
                               {.text = bounce_reason_name((bounce_reason)reason)},
                               {.number = times->delivered},
                               {.number = times->open},
                               {.number = quantile(times, 50)},
                               {.number = quantile(times, 90)}};
        if (times->delivered + times->open > 0)
            table_row(&t, cells);
    }
}

void course_show_retries(struct session *s, struct period period)
{
    static const struct row_column columns[] = {{"by", COLUMN_TEXT, 0},
                                                {"value", COLUMN_NUMBER, 28},
                                                {"tried", COLUMN_NUMBER, 9},
                                                {"delivered", COLUMN_NUMBER, 9},
                                                {"share", COLUMN_NUMBER, 4}};
    static struct course_sum c;
    struct row_table t = session_table(s, columns, 5);
    sum_up(s, period, &c);
    if (t.format == LEDGER_TEXT)
        output_puts(s->out, "retry after full             tried     delivered %\n");
    table_begin(&t);
    for (int number = 1; number <= RETRIES; number++) {
        int64_t tried = c.tried[number], succeeded = c.succeeded[number];
        struct cell cells[] = {{.text = "retry"},
                               {.number = number},
                               {.number = tried},
                               {.number = succeeded},
                               {.number = tried ? (200 * succeeded + tried) / (2 * tried) : 0}};
        if (tried > 0)
            table_row(&t, cells);
    }
}
