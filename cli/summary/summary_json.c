/* SPDX-License-Identifier: MIT */
/*
 * summary_json.c - a summary as one JSON object on a line (doc/summary.md).
 *
 * In: the figures of a run. Out: at most VALUES_MOST values of each kind, and how many
 * recipients the others have. Nothing is refused.
 */
#include "summary/summary_json.h"

#include "output/json_string.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 400 };

/* An unknown value is null. */
static void string(struct output *o, const char *s)
{
    output_json_string(o, *s ? s : NULL);
}

/* A key after a comma; the first key of an object is written without this function. */
static void key(struct output *o, const char *name)
{
    output_puts(o, ",\"");
    output_puts(o, name);
    output_puts(o, "\":");
}

static void number(struct output *o, const char *name, uint64_t value)
{
    key(o, name);
    output_number(o, value);
}

/* A share with four decimals; null if b is 0. */
static void share(struct output *o, uint64_t a, uint64_t b)
{
    char text[24];
    key(o, "share");
    snprintf(text, sizeof text, "%.4f", b ? (double)a / (double)b : 0.0);
    output_puts(o, b ? text : "null");
}

static void counts(struct output *o, const struct sketch_value *v)
{
    number(o, "count", v->counts.all);
    if (v->error)
        number(o, "too_high_by_at_most", v->error);
    number(o, "hard", v->counts.hard);
    number(o, "soft", v->counts.soft);
    number(o, "own_fault", v->counts.own);
}

/* names: the names of a key's parts, separated by spaces; parts whose name ends in '#' are numbers. */
static void parts(struct output *o, const char *names, const char *from)
{
    char part[RECORD_FIELD_BYTES + 1];
    for (size_t i = 0; *names; i++) {
        size_t n = strcspn(names, " ");
        bool is_number = names[n - 1] == '#';
        output_puts(o, i ? ",\"" : "\"");
        output_add(o, names, n - is_number);
        output_puts(o, "\":");
        summary_part(from, i, part);
        if (is_number)
            output_number(o, strtoull(part, NULL, 10));
        else
            string(o, part);
        names += n + (names[n] == ' ');
    }
}

/* is_time: if there are more values than are shown, the last ones are. */
static void values(struct output *o, const struct sketch *s, const char *names, bool is_time)
{
    uint64_t shown = 0;
    size_t count = s->count < VALUES_MOST ? s->count : VALUES_MOST, first = is_time ? s->count - count : 0;
    output_puts(o, "{\"values\":[");
    for (size_t i = first; i < first + count; i++) {
        output_puts(o, i > first ? ",{" : "{");
        parts(o, names, s->values[i].key);
        counts(o, &s->values[i]);
        output_putc(o, '}');
        shown += s->values[i].counts.all;
    }
    output_putc(o, ']');
    number(o, "others", s->sum > shown ? s->sum - shown : 0);
    key(o, "exact");
    output_puts(o, s->is_inexact ? "false}" : "true}");
}

static void warning(struct output *o, const struct summary *s)
{
    struct shared_cause cause;
    char text[1024];
    key(o, "warning");
    if (!summary_shared_cause(s, &cause)) {
        output_puts(o, "null");
        return;
    }
    summary_cause_text(s, &cause, text, sizeof text);
    output_puts(o, "{\"reason\":");
    string(o, cause.reason);
    key(o, "blocklist");
    string(o, cause.list);
    key(o, "where");
    string(o, cause.owner);
    number(o, "count", cause.count);
    number(o, "of", s->failures);
    key(o, "text");
    string(o, text);
    output_putc(o, '}');
}

static void figures(struct output *o, const struct summary *s)
{
    output_puts(o, "{\"summary\":1");
    number(o, "messages", s->totals.messages);
    number(o, "reports", s->totals.reports);
    number(o, "unreadable", s->totals.unreadable);
    number(o, "recipients", s->recipients);
    number(o, "failures", s->failures);
    number(o, "not_yours", s->not_yours);
    key(o, "own_fault");
    output_puts(o, "{\"count\":");
    output_number(o, s->own);
    number(o, "of", s->failures);
    share(o, s->own, s->failures);
    output_putc(o, '}');
}

void summary_write_json(struct output *o, const struct summary *s)
{
    static const char *const names[BY_COUNT] = {
        [BY_PROVIDER_MONTH] = "provider month",     [BY_CAUSE] = "blocklist reason where",
        [BY_LISTING] = "listed blocklist zone url", [BY_SUPPRESS] = "address reason",
        [BY_RETRY] = "queue where after_s#",        [BY_MEND] = "mend where url"};
    figures(o, s);
    warning(o, s);
    key(o, "by");
    for (int by = 0; by < BY_SINGLE_COUNT; by++) {
        output_puts(o, by ? ",\"" : "{\"");
        output_puts(o, summary_by_name((enum summary_by)by));
        output_puts(o, "\":");
        values(o, &s->by[by], names[by] ? names[by] : summary_by_name((enum summary_by)by), by == BY_DAY);
    }
    output_putc(o, '}');
    for (int by = BY_SINGLE_COUNT; by < BY_COUNT; by++) {
        key(o, summary_by_name((enum summary_by)by));
        values(o, &s->by[by], names[by], false);
    }
    number(o, "values_kept", SKETCH_VALUES);
    output_puts(o, "}\n");
}
