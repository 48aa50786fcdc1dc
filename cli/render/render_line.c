/* SPDX-License-Identifier: MIT */
/*
 * render_line.c - one line of text, in columns that fit the terminal.
 *
 *     joe@example.net           hard  no-such-user      5.1.1  550 5.1.1 User unknown
 *
 * In: a recipient, where its report came from, the width of the terminal. Out: a line in which all that comes from
 * mails is escaped. The address is never cut; where it leaves too little room, the rest follows on a separate line.
 * The server's text is cut with an ellipsis, after removing what the line already shows: the leading codes and
 * address. Nothing is refused.
 */
#include "render/render_line.h"

#include "crosswalk/crosswalk_print.h"
#include "output/escape.h"

#include <stdio.h>
#include <string.h>

/* How wide the columns are. */
struct layout {
    size_t path, address, reason, status;
};

enum { NARROW_COLUMNS = 110, TYPE_COLUMNS = 4, LEAST_WORDS = 12, INDENT = 4 };

static struct layout layout_for(const struct text_style *style)
{
    static const struct layout wide = {0, 32, 20, 7}, cut = {32, 32, 20, 7}, narrow = {14, 25, 16, 5};
    return !style->columns ? wide : style->columns < NARROW_COLUMNS ? narrow : cut;
}

size_t render_source(struct output *o, const bounce_source *source, const struct text_style *style)
{
    char number[32] = "";
    if (!style->with_source || !source)
        return 0;
    /* A message at the start of its file is the whole file: a single mail. */
    if (source->index != BOUNCE_NO_NUMBER && (source->offset != 0 || style->of_lines))
        snprintf(number, sizeof number, "%llu:", (unsigned long long)source->index + 1);
    size_t used = output_escaped_end(o, source->path ? source->path : "(standard input)", layout_for(style).path);
    output_putc(o, ':');
    output_puts(o, number);
    output_putc(o, ' ');
    return used + strlen(number) + 2;
}

/* The line so far; pending spaces are written only if something follows. */
struct line {
    struct output *out;
    const struct text_style *style;
    size_t used, spaces;
};

static struct output *go_on(struct line *l)
{
    output_spaces(l->out, l->spaces);
    l->used += l->spaces;
    l->spaces = 0;
    return l->out;
}

static void column(struct line *l, const char *text, size_t columns)
{
    size_t width = output_escaped(go_on(l), text ? text : "-", ESCAPE_ONE_LINE, 0);
    l->used += width;
    l->spaces = (width < columns ? columns - width : 0) + 2;
}

static void type_column(struct line *l, bounce_type type)
{
    const char *colour = type == BOUNCE_TYPE_HARD ? "\x1b[31m" : type == BOUNCE_TYPE_SOFT ? "\x1b[33m" : "\x1b[32m";
    struct output *o = go_on(l);
    if (l->style->colour)
        output_puts(o, colour);
    output_puts(o, bounce_type_name(type));
    if (l->style->colour)
        output_puts(o, "\x1b[0m");
    l->used += TYPE_COLUMNS; /* all types have four letters */
    l->spaces = 2;
}

/* Begins a new line unless this much room is left. */
static void make_room(struct line *l, size_t wanted)
{
    if (!l->style->columns || l->used + l->spaces + wanted <= l->style->columns)
        return;
    output_putc(l->out, '\n');
    l->used = 0;
    l->spaces = INDENT;
}

/* The server's words, or else the text that decided the verdict. */
static const char *words(const bounce_recipient *r)
{
    const char *text = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    return text ? text : bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
}

/* The length of digits and dots up to white space or '-': "550", "5.1.1". */
static size_t code_bytes(const char *s)
{
    size_t n = strspn(s, "0123456789.");
    return n >= 3 && (s[n] == ' ' || s[n] == '-' || s[n] == '\n') ? n : 0;
}

/* The text without leading codes and address. */
static const char *gist(const char *text, const char *address)
{
    const char *s = text;
    size_t n, address_bytes = address ? strlen(address) : 0;
    for (;;) {
        s += strspn(s, " -<>:\r\n");
        if ((n = code_bytes(s)) == 0 && address_bytes && strncmp(s, address, address_bytes) == 0 &&
            strchr(" >:,", s[address_bytes]))
            n = address_bytes;
        if (n == 0)
            return *s ? s : text;
        s += n;
    }
}

static void words_column(struct line *l, const bounce_recipient *r)
{
    const char *text = words(r);
    size_t columns = l->style->columns, left;
    if (!text)
        return;
    make_room(l, LEAST_WORDS);
    go_on(l);
    left = columns > l->used ? columns - l->used : columns ? 1 : 0;
    if (left && !escaped_fits(text, left))
        text = gist(text, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS));
    output_escaped(l->out, text, ESCAPE_ONE_LINE, left);
}

static void remark(struct line *l, const char *text)
{
    output_puts(go_on(l), text);
    l->used += strlen(text);
    l->spaces = 1;
}

/* "[Permanent/General]" */
static void remark_as(struct line *l, const bounce_recipient *r)
{
    char bytes[CROSSWALK_KEYS * CROSSWALK_VALUE_BYTES * 2];
    struct output o = {.fd = -1, .bytes = bytes, .capacity = sizeof bytes};
    output_putc(&o, '[');
    crosswalk_text(&o, l->style->as, r);
    output_puts(&o, "]");
    bytes[o.n] = '\0';
    remark(l, bytes);
}

void render_recipient_line(struct output *o, const bounce_report *report, const bounce_recipient *r,
                           const bounce_source *source, const struct text_style *style)
{
    const struct layout layout = layout_for(style);
    struct line l = {o, style, render_source(o, source, style), 0};
    column(&l, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS), layout.address);
    make_room(&l, TYPE_COLUMNS + 2 + layout.reason + 2 + layout.status + 2 + LEAST_WORDS);
    type_column(&l, bounce_recipient_type(r));
    column(&l, bounce_reason_name(bounce_recipient_reason(r)), layout.reason);
    column(&l, bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS), layout.status);
    if (bounce_report_sent(report) == BOUNCE_SENT_NO)
        remark(&l, "(backscatter)");
    if (bounce_recipient_action(r) == BOUNCE_ACTION_DELAYED)
        remark(&l, "(delayed)");
    if (style->as)
        remark_as(&l, r);
    words_column(&l, r);
    output_putc(o, '\n');
}
