/* SPDX-License-Identifier: MIT */
/*
 * summary_text.c - a summary as text for people.
 *
 * In: the figures of a run. Out: tables that fit 80 columns, the most frequent first;
 * what comes from mails is escaped and cut. Nothing is refused.
 */
#include "summary/summary_text.h"

#include "output/escape.h"
#include "summary/summary_words.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_MOST = 10, DAYS_MOST = 31, NAME_COLUMNS = 36, WIDE_COLUMNS = 60 };

static void padded(struct output *o, const char *text, size_t columns)
{
    size_t used = output_escaped(o, *text ? text : "(not known)", ESCAPE_ONE_LINE, columns);
    output_spaces(o, used < columns ? columns - used : 0);
}

static void heading(struct output *o, enum summary_by by, const char *columns, size_t width)
{
    output_putc(o, '\n');
    padded(o, words_for_title(by), width);
    output_puts(o, columns);
    output_putc(o, '\n');
}

static void others(struct output *o, const struct sketch *s, size_t shown)
{
    char text[80];
    if (s->count > shown) {
        snprintf(text, sizeof text, "  and %zu%s others\n", s->count - shown, s->is_inexact ? " or more" : "");
        output_puts(o, text);
    }
    if (s->is_inexact) {
        snprintf(text, sizeof text, "  (too many to count each: at most %llu too high)\n",
                 (unsigned long long)(s->sum / SKETCH_VALUES));
        output_puts(o, text);
    }
}

/* A table whose keys are single words. */
static void write_table(struct output *o, const struct summary *s, enum summary_by by)
{
    const struct sketch *sketch = &s->by[by];
    size_t most = by == BY_DAY ? DAYS_MOST : by <= BY_GROUP ? SKETCH_VALUES : ROWS_MOST;
    size_t shown = sketch->count < most ? sketch->count : most, first = by == BY_DAY ? sketch->count - shown : 0;
    char line[120], part[RECORD_FIELD_BYTES + 1];
    if (!sketch->count)
        return;
    heading(o, by, "    count   share     hard     soft", NAME_COLUMNS + 2);
    for (size_t i = first; i < first + shown; i++) {
        const struct sketch_value *v = &sketch->values[i];
        unsigned share = summary_permille(v->counts.all, s->recipients);
        output_puts(o, "  ");
        padded(o, summary_part(v->key, 0, part), NAME_COLUMNS);
        snprintf(line, sizeof line, "%9llu %4u.%u %% %8llu %8llu\n", (unsigned long long)v->counts.all, share / 10,
                 share % 10, (unsigned long long)v->counts.hard, (unsigned long long)v->counts.soft);
        output_puts(o, line);
    }
    others(o, sketch, shown);
}

static void write_listings(struct output *o, const struct summary *s)
{
    const struct sketch *sketch = &s->by[BY_LISTING];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1];
    if (!sketch->count)
        return;
    heading(o, BY_LISTING, "  count", WIDE_COLUMNS + 2);
    for (size_t i = 0; i < shown; i++) {
        const char *key = sketch->values[i].key;
        output_puts(o, "  ");
        size_t used = output_escaped(o, *summary_part(key, 0, part) ? part : "(not stated)", ESCAPE_ONE_LINE, 28);
        output_puts(o, " on ");
        padded(o, summary_part(key, 1, part), WIDE_COLUMNS - 4 - used);
        output_puts(o, "  ");
        output_number(o, sketch->values[i].counts.all);
        if (*summary_part(key, 3, part)) {
            output_puts(o, "\n    removal: ");
            output_escaped(o, part, ESCAPE_ONE_LINE, 0);
        }
        output_putc(o, '\n');
    }
    others(o, sketch, shown);
}

/* What to retry, or to fix. */
static void write_jobs(struct output *o, const struct summary *s, enum summary_by by)
{
    const struct sketch *sketch = &s->by[by];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1], time[40];
    if (!sketch->count)
        return;
    heading(o, by, "  count", WIDE_COLUMNS + 2);
    for (size_t i = 0; i < shown; i++) {
        const char *key = sketch->values[i].key;
        bool is_retry = by == BY_RETRY;
        output_puts(o, "  ");
        padded(o, summary_part(key, 1, part), 24);
        output_putc(o, ' ');
        summary_part(key, 2, part);
        padded(o, is_retry ? words_for_time(part, time) : *part ? part : " ", WIDE_COLUMNS - 25);
        output_puts(o, "  ");
        output_number(o, sketch->values[i].counts.all);
        output_puts(o, "\n    ");
        summary_part(key, 0, part);
        output_puts(o, is_retry ? words_for_retry(part) : words_for_mend(part));
        output_putc(o, '\n');
    }
    others(o, sketch, shown);
}

static void amount(struct output *o, const char *front, uint64_t value, const char *back)
{
    output_puts(o, front);
    output_number(o, value);
    output_puts(o, back);
}

static void write_figures(struct output *o, const struct summary *s)
{
    struct shared_cause cause;
    unsigned share = summary_permille(s->own, s->failures);
    char text[1024];
    amount(o, "", s->totals.messages, " messages, ");
    amount(o, "", s->totals.reports, " of them reports; ");
    amount(o, "", s->recipients, " recipients, ");
    amount(o, "", s->failures, " failures.\n");
    snprintf(text, sizeof text, "Your own fault: %llu of %llu failures (%u.%u %%). Recipients to suppress: %llu.\n",
             (unsigned long long)s->own, (unsigned long long)s->failures, share / 10, share % 10,
             (unsigned long long)s->suppress);
    output_puts(o, text);
    if (s->not_yours)
        amount(o, "About mail that you did not send: ", s->not_yours, " recipients.\n");
    if (s->totals.unreadable)
        amount(o, "Could not be read: ", s->totals.unreadable, "\n");
    if (summary_shared_cause(s, &cause)) {
        summary_cause_words(s, &cause, text, sizeof text);
        output_puts(o, "\nWarning: ");
        output_escaped(o, text, ESCAPE_ONE_LINE, 0);
        /* On a line of its own: together they are wider than a terminal. */
        output_puts(o, ":\n  " SUMMARY_CAUSE_ADVICE "\n");
    }
}

void summary_write_text(struct output *o, const struct summary *s)
{
    write_figures(o, s);
    for (int by = 0; by < BY_PROVIDER_MONTH; by++)
        write_table(o, s, (enum summary_by)by);
    write_listings(o, s);
    write_jobs(o, s, BY_MEND);
    write_jobs(o, s, BY_RETRY);
}
