/* SPDX-License-Identifier: MIT */
/*
 * render_text.c - one line for each recipient, for people, and the totals.
 *
 * In: a report; the width and colours of the terminal, if there is one. Out: lines with text from mails escaped, and
 * below them what else was requested and what went wrong. A report without recipients has no line, except an automatic
 * reply with facts, and warnings. The totals go to standard error, to keep them out of the results. Nothing is refused.
 */
#include "render/render_text.h"

#include "output/escape.h"
#include "render/render_note.h"

#include <string.h>
#include <unistd.h>

enum { TOTALS_BYTES = 512 };

static void labelled(struct output *o, const char *label, const char *value)
{
    output_puts(o, label);
    output_escaped(o, value, ESCAPE_ONE_LINE, 0);
}

/* A line that continues on the next one at the edge of the terminal. */
struct auto_reply_line {
    struct output *out;
    size_t used, columns; /* columns 0: no limit */
    size_t parts;
};

/* Writes "until 2026-03-03" after its separator. An address is not cut. */
static void put_part(struct auto_reply_line *l, const char *label, const char *value)
{
    const char *before = l->parts ? ";" : "", *name = l->parts++ ? "" : "auto-reply: ";
    size_t width = strlen(name) + strlen(label) + escaped_width(value);
    bool breaks = l->columns && l->used + 2 + width > l->columns;
    output_puts(l->out, before);
    output_puts(l->out, breaks ? "\n    " : *before ? " " : "  ");
    output_puts(l->out, name);
    labelled(l->out, label, value);
    l->used = (breaks ? 4 : l->used + 2) + width;
}

/* Writes "jo@example.net  auto-reply: until 2026-03-03; contact ann@example.net", with only what is stated. True if
 * anything is. */
static bool auto_reply(struct output *o, const bounce_report *report, const bounce_source *source,
                       const struct text_style *style)
{
    static const struct {
        const char *label;
        bounce_report_field field;
    } told[] = {{"until ", BOUNCE_REPORT_AUTO_REPLY_UNTIL},
                {"new address ", BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS},
                {"contact ", BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT}};
    const char *from = bounce_report_string(report, BOUNCE_REPORT_FROM);
    bool left = bounce_report_auto_reply_left(report), any = left;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        any = any || bounce_report_string(report, told[i].field);
    if (!any)
        return false;
    struct auto_reply_line l = {o, render_source(o, source, style), style->columns, 0};
    l.used += output_escaped(o, from ? from : "-", ESCAPE_ONE_LINE, 0);
    if (left)
        put_part(&l, "has left", "");
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = bounce_report_string(report, told[i].field);
        if (value)
            put_part(&l, told[i].label, value);
    }
    output_putc(o, '\n');
    return true;
}

/* Writes warnings; is_below: the lines above already show which message it is. */
static void warnings(struct output *o, const bounce_report *report, const bounce_source *source,
                     const struct text_style *style, bool is_below)
{
    for (size_t i = 0; i < bounce_report_warnings(report); i++) {
        static const char begin[] = "warning: ";
        const char *id = bounce_report_warning_id(report, i), *text = bounce_report_warning_text(report, i);
        size_t used = is_below ? 4 : render_source(o, source, style);
        if (is_below)
            output_spaces(o, used);
        output_puts(o, begin);
        output_puts(o, id);
        output_putc(o, ':');
        used += sizeof begin + strlen(id);
        if (style->columns) {
            render_words(o, text, used, 8, render_columns(style));
            continue;
        }
        labelled(o, " ", text);
        output_putc(o, '\n');
    }
}

/* The requested header fields, below the recipients. */
static void asked_headers(struct output *o, const bounce_report *report)
{
    for (size_t i = 0; i < bounce_report_headers(report); i++)
        for (size_t k = 0; k < bounce_report_header_count(report, i); k++) {
            labelled(o, "    ", bounce_report_header_name(report, i));
            labelled(o, ": ", bounce_report_header(report, i, k));
            output_putc(o, '\n');
        }
}

/* Writes "message 7 of inbox.mbox", or "message at 51204 of inbox.mbox" if its number is not known, and below it how
 * the message was read. */
static void trace(struct output *o, const bounce_report *report, const bounce_source *source,
                  const struct text_style *style)
{
    enum { HEAD_COLUMNS = 36 }; /* "message at ", a number and " of " */
    bool numbered = !source || source->index != BOUNCE_NO_NUMBER;
    output_puts(o, numbered ? "message " : "message at ");
    output_number(o, !source ? 1 : numbered ? source->index + 1 : source->offset);
    if (source && source->path) {
        output_puts(o, " of ");
        output_escaped_end(o, source->path, style->columns ? render_columns(style) - HEAD_COLUMNS : 0);
    }
    output_putc(o, '\n');
    for (size_t i = 0; i < bounce_report_trace_count(report); i++) {
        const char *line = bounce_report_trace(report, i);
        render_indented(o, line, 2 + (*line == ' '), style);
    }
}

void render_text_report(struct output *o, const bounce_report *report, const bounce_source *source,
                        const struct selection *filter, const struct text_style *style)
{
    if (style->trace && bounce_report_trace_count(report))
        trace(o, report, source, style);
    size_t count = bounce_report_recipients(report);
    for (size_t i = 0; i < count; i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        if (filter && !filter_passes(filter, report, r))
            continue;
        render_recipient_line(o, report, r, source, style);
        if (style->explain)
            render_note(o, report, r, style);
    }
    bool shown = auto_reply(o, report, source, style) || count > 0;
    asked_headers(o, report);
    if (!style->quiet)
        warnings(o, report, source, style, shown);
}

static void total(struct output *o, const char *before, const char *name, uint64_t value)
{
    output_puts(o, before);
    output_puts(o, name);
    output_putc(o, ' ');
    output_number(o, value);
}

void render_text_totals(const struct totals *t, const char *noun)
{
    char bytes[TOTALS_BYTES];
    struct output to_errors = {.fd = STDERR_FILENO, .bytes = bytes, .capacity = sizeof bytes}, *o = &to_errors;
    if (noun) {
        total(o, "", noun, t->messages);
    } else {
        total(o, "", "messages", t->messages);
        total(o, ", ", "reports", t->reports);
        total(o, ", ", "recipients", t->recipients);
    }
    total(o, ": ", "hard", t->hard);
    total(o, ", ", "soft", t->soft);
    total(o, ", ", "none", t->none);
    if (t->unreadable)
        total(o, "; ", "unreadable", t->unreadable);
    output_putc(o, '\n');
    output_flush(o);
}
