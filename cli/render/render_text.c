/* SPDX-License-Identifier: MIT */
/*
 * render_text.c - one line for each recipient, for people, and the totals.
 *
 *     joe@example.net                 hard  no-such-user        5.1.1    550 5.1.1 User unknown
 *
 * In: a report; the width and colours of the terminal, if there is one. Out:
 * lines in which all that comes from mails is escaped. A report without
 * recipients has no line, except an automatic reply that tells something.
 * Nothing is refused.
 */
#include "render/render_text.h"

#include "output/escape.h"

#include <string.h>

enum { ADDRESS_COLUMNS = 32, TYPE_COLUMNS = 4, REASON_COLUMNS = 20, STATUS_COLUMNS = 7, LEAST_COLUMNS = 10 };

static void column(struct output *o, const char *text, size_t columns, size_t *used)
{
    size_t width = output_escaped(o, text ? text : "-", ESCAPE_ONE_LINE, 0);
    size_t spaces = (width < columns ? columns - width : 0) + 2;
    output_spaces(o, spaces);
    *used += width + spaces;
}

static void type_column(struct output *o, bounce_type type, bool with_colour, size_t *used)
{
    const char *colour = type == BOUNCE_TYPE_HARD ? "\x1b[31m" : type == BOUNCE_TYPE_SOFT ? "\x1b[33m" : "\x1b[32m";
    if (with_colour)
        output_puts(o, colour);
    output_puts(o, bounce_type_name(type));
    if (with_colour)
        output_puts(o, "\x1b[0m");
    output_spaces(o, 2); /* all names have four letters */
    *used += TYPE_COLUMNS + 2;
}

/* The words of the server, or else those that decided the verdict. */
static const char *words(const bounce_recipient *r)
{
    const char *text = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    return text ? text : bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
}

/* "mailbox-full.rules:3" */
static void rule_place(struct output *o, const bounce_recipient *r, const char *file)
{
    uint64_t line;
    output_escaped(o, file, ESCAPE_ONE_LINE, 0);
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_LINE, &line)) {
        output_putc(o, ':');
        output_number(o, line);
    }
}

static void evidence_line(struct output *o, const bounce_recipient *r)
{
    const char *rule = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
    const char *file = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE);
    const char *where = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE);
    const char *text = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
    output_puts(o, "    ");
    output_escaped(o, rule ? rule : "no rule", ESCAPE_ONE_LINE, 0);
    if (file) {
        output_puts(o, " (");
        rule_place(o, r, file);
        output_putc(o, ')');
    }
    if (where) {
        output_puts(o, " in ");
        output_escaped(o, where, ESCAPE_ONE_LINE, 0);
    }
    if (text) {
        output_puts(o, ": ");
        output_escaped(o, text, ESCAPE_ONE_LINE, 0);
    }
    output_putc(o, '\n');
}

static void explain(struct output *o, const bounce_recipient *r)
{
    evidence_line(o, r);
    for (size_t i = 0; i < bounce_recipient_explain_count(r); i++) {
        const char *line = bounce_recipient_explain(r, i);
        size_t indent = strspn(line, " ");
        output_spaces(o, 4 + indent);
        output_escaped(o, line + indent, ESCAPE_ONE_LINE, 0);
        output_putc(o, '\n');
    }
}

static void remark(struct output *o, const char *text, size_t *used)
{
    output_puts(o, text);
    *used += strlen(text);
}

static void recipient_line(struct output *o, const bounce_report *report, const bounce_recipient *r,
                           const struct text_style *style)
{
    size_t used = 0;
    column(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS), ADDRESS_COLUMNS, &used);
    type_column(o, bounce_recipient_type(r), style->colour, &used);
    column(o, bounce_reason_name(bounce_recipient_reason(r)), REASON_COLUMNS, &used);
    column(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS), STATUS_COLUMNS, &used);
    if (bounce_report_sent(report) == BOUNCE_SENT_NO)
        remark(o, "(backscatter) ", &used);
    if (bounce_recipient_action(r) == BOUNCE_ACTION_DELAYED)
        remark(o, "(delayed) ", &used);
    if (words(r)) {
        size_t left = style->columns > used + LEAST_COLUMNS ? style->columns - used : LEAST_COLUMNS;
        output_escaped(o, words(r), ESCAPE_ONE_LINE, style->columns ? left : 0);
    }
    output_putc(o, '\n');
}

static void labelled(struct output *o, const char *label, const char *value)
{
    output_puts(o, label);
    output_escaped(o, value, ESCAPE_ONE_LINE, 0);
}

/* "jo@example.net  auto-reply: until 2026-03-03; contact ann@example.net": only what is stated. */
static void auto_reply(struct output *o, const bounce_report *report)
{
    static const struct {
        const char *label;
        bounce_report_field field;
    } told[] = {{"until ", BOUNCE_REPORT_AUTO_REPLY_UNTIL},
                {"new address ", BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS},
                {"contact ", BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT}};
    const char *from = bounce_report_string(report, BOUNCE_REPORT_FROM), *between = "  auto-reply: ";
    bool left = bounce_report_auto_reply_left(report), any = left;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        any = any || bounce_report_string(report, told[i].field);
    if (!any)
        return;
    labelled(o, "", from ? from : "-");
    if (left) {
        output_puts(o, between);
        output_puts(o, "has left");
        between = "; ";
    }
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = bounce_report_string(report, told[i].field);
        if (!value)
            continue;
        output_puts(o, between);
        labelled(o, told[i].label, value);
        between = "; ";
    }
    output_putc(o, '\n');
}

/* The header fields that were asked for, below what was found. */
static void asked_headers(struct output *o, const bounce_report *report)
{
    for (size_t i = 0; i < bounce_report_headers(report); i++)
        for (size_t k = 0; k < bounce_report_header_count(report, i); k++) {
            labelled(o, "    ", bounce_report_header_name(report, i));
            labelled(o, ": ", bounce_report_header(report, i, k));
            output_putc(o, '\n');
        }
}

/* "message 7 of inbox.mbox", and below it how it was read. */
static void trace(struct output *o, const bounce_report *report, const bounce_source *source)
{
    output_puts(o, "message ");
    output_number(o, source && source->index != BOUNCE_NO_NUMBER ? source->index + 1 : 1);
    if (source && source->path) {
        output_puts(o, " of ");
        output_escaped(o, source->path, ESCAPE_ONE_LINE, 0);
    }
    output_putc(o, '\n');
    for (size_t i = 0; i < bounce_report_trace_count(report); i++) {
        output_spaces(o, 2);
        output_escaped(o, bounce_report_trace(report, i), ESCAPE_ONE_LINE, 0);
        output_putc(o, '\n');
    }
}

void render_text_report(struct output *o, const bounce_report *report, const bounce_source *source,
                        const struct text_style *style)
{
    if (style->trace && bounce_report_trace_count(report))
        trace(o, report, source);
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        recipient_line(o, report, r, style);
        if (style->explain)
            explain(o, r);
    }
    auto_reply(o, report);
    asked_headers(o, report);
}

static void total(struct output *o, const char *before, const char *name, uint64_t value)
{
    output_puts(o, before);
    output_puts(o, name);
    output_putc(o, ' ');
    output_number(o, value);
}

void render_text_totals(struct output *o, const struct totals *t, const char *noun)
{
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
}
