/* SPDX-License-Identifier: MIT */
/*
 * render_text.c - one line a recipient for people, and the totals.
 *
 *     joe@example.net                 hard  no-such-user        5.1.1    550 5.1.1 User unknown
 *
 * On a terminal the line is cut at its width and the type has a colour. What
 * comes from mails goes through output_escaped().
 */
#include "cli.h"

#include <string.h>

enum { ADDRESS_COLUMNS = 32, TYPE_COLUMNS = 4, REASON_COLUMNS = 20, STATUS_COLUMNS = 7, LEAST_COLUMNS = 10 };

static void column(struct output *o, const char *text, size_t columns, size_t *used)
{
    size_t width = output_escaped(o, text ? text : "-", ESCAPE_ONE_LINE, 0);
    size_t spaces = (width < columns ? columns - width : 0) + 2;
    output_spaces(o, spaces);
    *used += width + spaces;
}

static void type_column(struct session *s, bounce_type type, size_t *used)
{
    const char *colour = type == BOUNCE_TYPE_HARD ? "\x1b[31m" : type == BOUNCE_TYPE_SOFT ? "\x1b[33m" : "\x1b[32m";
    if (s->colour)
        output_puts(s->out, colour);
    const char *name = bounce_type_name(type);
    output_puts(s->out, name);
    if (s->colour)
        output_puts(s->out, "\x1b[0m");
    output_spaces(s->out, 2); /* all names have four letters */
    *used += TYPE_COLUMNS + 2;
}

/* The words of the server, or else those that decided. */
static const char *words(const bounce_recipient *r)
{
    const char *text = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    return text ? text : bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
}

static void evidence_line(struct output *o, const bounce_recipient *r)
{
    const char *rule = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
    const char *file = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE);
    const char *where = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE);
    const char *text = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
    uint64_t line;
    output_puts(o, "    ");
    output_escaped(o, rule ? rule : "no rule", ESCAPE_ONE_LINE, 0);
    if (file) {
        output_puts(o, " (");
        output_escaped(o, file, ESCAPE_ONE_LINE, 0);
        if (bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_LINE, &line)) {
            output_putc(o, ':');
            output_number(o, line);
        }
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

void render_text_recipient(struct session *s, const bounce_recipient *r)
{
    struct output *o = s->out;
    size_t used = 0;
    column(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS), ADDRESS_COLUMNS, &used);
    type_column(s, bounce_recipient_type(r), &used);
    column(o, bounce_reason_name(bounce_recipient_reason(r)), REASON_COLUMNS, &used);
    column(o, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS), STATUS_COLUMNS, &used);
    if (bounce_recipient_action(r) == BOUNCE_ACTION_DELAYED) {
        output_puts(o, "(delayed) ");
        used += sizeof "(delayed) " - 1;
    }
    if (words(r)) {
        size_t left = s->columns > used + LEAST_COLUMNS ? s->columns - used : LEAST_COLUMNS;
        output_escaped(o, words(r), ESCAPE_ONE_LINE, s->columns ? left : 0);
    }
    output_putc(o, '\n');
    if (s->settings->explain)
        explain(o, r);
}

static void total(struct output *o, const char *before, const char *name, uint64_t value)
{
    output_puts(o, before);
    output_puts(o, name);
    output_putc(o, ' ');
    output_number(o, value);
}

void render_text_totals(struct session *s)
{
    struct output *o = s->out;
    const struct totals *t = &s->totals;
    if (s->settings->mode == MODE_REPLY) {
        total(o, "", "replies", t->messages);
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
