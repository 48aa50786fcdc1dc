/* SPDX-License-Identifier: MIT */
/*
 * stats.c - the command stats.
 *
 * In: a period (the last 30 days, or --since and --until) and --by KEY. Out: its figures; without a key the most
 * important ones, those of abuse@ and postmaster@ first (JSON and CSV: those by reason, as rows have the columns of one
 * key); or a file for Prometheus, which is replaced as a whole, or written to if it is not a regular file. Refused:
 * unknown keys.
 */
#include "commands/stats.h"

#include "commands/course.h"
#include "commands/figures.h"
#include "output/complain.h"
#include "output/output_file.h"
#include "store/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_DAYS = 30, TOP = 10, PROMETHEUS_TOP = 100 };

static struct period period_of(const struct session *s)
{
    const struct ledger_settings *settings = s->settings;
    struct period p = {settings->since, settings->until >= 0 ? settings->until : settings->now + 1};
    if (p.since < 0)
        p.since = p.until - (int64_t)DEFAULT_DAYS * EVENT_DAY_S;
    return p;
}

static void show(struct session *s, const struct row_column *columns, int count, struct db_rows *rows)
{
    struct row_table t = session_table(s, columns, count);
    table_db_rows(&t, rows);
}

static void show_states(struct session *s, struct period period, int64_t limit)
{
    static const struct row_column columns[] = {{"state", COLUMN_TEXT, 28}, {"addresses", COLUMN_NUMBER, 9}};
    (void)period;
    (void)limit;
    show(s, columns, 2, db_run(s->db, SQL_figures_of_states, ""));
}

static void show_full(struct session *s, struct period period, int64_t limit)
{
    static const struct row_column columns[] = {{"server", COLUMN_TEXT, 24},
                                                {"times", COLUMN_NUMBER, 6},
                                                {"first", COLUMN_TIME, 20},
                                                {"last", COLUMN_TIME, 20},
                                                {"now", COLUMN_FLAG, 5}};
    show(s, columns, 5, db_run(s->db, SQL_figures_of_full, "iii", period.since, period.until, limit));
}

static void show_roles(struct session *s, struct period period, int64_t limit)
{
    static const struct row_column columns[] = {{"address", COLUMN_TEXT, 28},
                                                {"complaints", COLUMN_NUMBER, 9},
                                                {"hard", COLUMN_NUMBER, 9},
                                                {"last", COLUMN_TIME, 20}};
    show(s, columns, 4, db_run(s->db, SQL_figures_of_roles, "iii", period.since, period.until, limit));
}

static void show_resolved(struct session *s, struct period period, int64_t limit)
{
    (void)limit;
    course_show_resolved(s, period);
}

static void show_retries(struct session *s, struct period period, int64_t limit)
{
    (void)limit;
    course_show_retries(s, period);
}

static const struct other_figure {
    const char *name;
    void (*show)(struct session *s, struct period period, int64_t limit);
} others[] = {{"role", show_roles},
              {"state", show_states},
              {"full", show_full},
              {"resolve", show_resolved},
              {"retry", show_retries}};

enum { OTHER_COUNT = sizeof others / sizeof *others };

static int unknown_key(void)
{
    char text[512] = "unknown key; it can be ";
    for (int i = 0; figure_keys[i]; i++) {
        strcat(text, figure_keys[i]);
        strcat(text, ", ");
    }
    for (int i = 0; i < OTHER_COUNT; i++) {
        strcat(text, i == 0 ? "" : i + 1 < OTHER_COUNT ? ", " : " or ");
        strcat(text, others[i].name);
    }
    return usage_error("--by", text);
}

static int show_by(struct session *s, const char *by)
{
    for (int i = 0; i < OTHER_COUNT; i++)
        if (strcmp(others[i].name, by) == 0) {
            others[i].show(s, period_of(s), session_limit(s));
            return session_status(s, 0);
        }
    return figures_show(s, by, period_of(s), s->settings->limit) ? session_status(s, 0) : unknown_key();
}

static void title(struct session *s, const char *text)
{
    output_puts(s->out, "\n");
    output_puts(s->out, text);
    output_puts(s->out, "\n");
}

/* For people: what matters most. */
static int show_overview(struct session *s)
{
    struct period period = period_of(s);
    output_puts(s->out, "abuse@ and postmaster@: complaints, hard bounces\n");
    show_roles(s, period, TOP);
    title(s, "by reason");
    figures_show(s, "reason", period, TOP);
    title(s, "by provider");
    figures_show(s, "provider", period, TOP);
    title(s, "addresses by state");
    show_states(s, period, TOP);
    title(s, "full systems: times, first, last, now");
    show_full(s, period, TOP);
    output_putc(s->out, '\n');
    course_show_resolved(s, period);
    output_putc(s->out, '\n');
    course_show_retries(s, period);
    return session_status(s, 0);
}

/* -------------------------------------------------------------- Prometheus */

static void label(FILE *f, const char *value)
{
    putc('"', f);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            putc('\\', f);
        putc(*value == '\n' ? ' ' : *value, f);
    }
    putc('"', f);
}

static void metric(FILE *f, const char *name, const char *help)
{
    fprintf(f, "# HELP bounce_ledger_%s %s\n# TYPE bounce_ledger_%s gauge\n", name, help, name);
}

/* Writes a statement's figures; `by` is the label that distinguishes them. */
static void write_figures(struct session *s, FILE *f, struct period p, const char *by, enum sql_name statement)
{
    static const char *const names[] = {NULL, "bounces", "hard", "delays", "deliveries", "complaints"};
    struct db_rows *rows = db_run(s->db, statement, "iiii", p.since, p.until, (int64_t)0, (int64_t)PROMETHEUS_TOP);
    char name[64];
    snprintf(name, sizeof name, "events_by_%s", by);
    metric(f, name, "Events of the period");
    while (db_next(rows)) {
        const char *value =
            statement == SQL_figures ? bounce_reason_name((bounce_reason)db_int(rows, 0)) : db_text(rows, 0);
        for (int i = 1; i < 6; i++) {
            fprintf(f, "bounce_ledger_%s{%s=", name, by);
            label(f, value);
            fprintf(f, ",what=\"%s\"} %lld\n", names[i], (long long)db_int(rows, i));
        }
    }
}

static void write_metrics(struct session *s, FILE *f)
{
    struct period p = period_of(s);
    write_figures(s, f, p, "reason", SQL_figures);
    write_figures(s, f, p, "provider", SQL_figures_of_words);
    metric(f, "states", "States of addresses");
    struct db_rows *rows = db_run(s->db, SQL_figures_of_states, "");
    while (db_next(rows))
        fprintf(f, "bounce_ledger_states{state=\"%s\"} %lld\n", db_text(rows, 0), (long long)db_int(rows, 1));
    metric(f, "unresolved", "Verdicts of the period without an address");
    rows = db_run(s->db, SQL_unresolved_between, "ii", p.since, p.until);
    if (db_next(rows))
        fprintf(f, "bounce_ledger_unresolved %lld\n", (long long)db_int(rows, 0));
    db_end(rows);
}

/* Returns 0, or errno; closes fd. */
static int write_to(struct session *s, int fd)
{
    FILE *f = fdopen(fd, "w");
    if (!f) {
        int failed = errno;
        close(fd);
        return failed;
    }
    write_metrics(s, f);
    int failed = fflush(f) == 0 ? 0 : errno;
    return fclose(f) == 0 || failed ? failed : errno;
}

/* The file is replaced as a whole, so readers never see part of it. */
static int write_prometheus(struct session *s)
{
    static struct new_file file;
    struct output o = {.fd = -1};
    const char *path = s->settings->prometheus;
    int failed = new_file_begin(&file, &o, path);
    if (!failed) {
        failed = write_to(s, o.fd);
        int not_placed = new_file_end(&file, !failed && !db_problem(s->db));
        failed = failed ? failed : not_placed;
    }
    if (failed && !db_problem(s->db))
        complain(path, strerror(failed));
    return session_status(s, failed ? EXIT_READ_OR_WRITE : 0);
}

int command_stats(struct session *s)
{
    if (s->settings->prometheus && s->settings->by)
        return usage_error("--prometheus", "writes its own figures; --by cannot be used with it");
    if (s->settings->prometheus)
        return write_prometheus(s);
    if (s->settings->by)
        return show_by(s, s->settings->by);
    return s->settings->format == LEDGER_TEXT ? show_overview(s) : show_by(s, "reason");
}
