/* SPDX-License-Identifier: MIT */
/*
 * handwritten_inputs.c - the inputs of handwritten.c.
 * In: mailboxes, folders and mails. Out: everything in their mails that the
 * pairs take, each input once: whole mails, header fields (of the mail, its
 * parts, the returned message, and the groups of a delivery report), bodies,
 * texts, reports. Files whose names show that they are not mails are left
 * out.
 */
#include "base/limits.h"
#include "bounce.h"
#include "handwritten.h"
#include "mail/message.h"
#include "text/normal.h"
#include "text/text.h"
#include "text/transfer.h"

#include <glib.h>
#include <stdio.h>

struct taking {
    struct sources *to;
    bounce_parser *parser;
    struct arena scratch;
};

/* ------------------------------------------------------------------ adding */

/* Returns false if this input was there before. */
static bool is_new(struct taking *t, enum input_kind kind, struct span bytes, const char *label)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar number = (guchar)kind;
    g_checksum_update(sum, &number, 1);
    g_checksum_update(sum, (const guchar *)(label ? label : ""), label ? (gssize)strlen(label) + 1 : 1);
    g_checksum_update(sum, (const guchar *)(bytes.n ? bytes.s : ""), (gssize)bytes.n);
    bool fresh = g_hash_table_add(t->to->seen, g_strdup(g_checksum_get_string(sum)));
    g_checksum_free(sum);
    return fresh;
}

static struct input *new_input(struct sources *to, enum input_kind kind)
{
    struct inputs *all = &to->kinds[kind];
    if (all->count == all->capacity) {
        all->capacity = all->capacity ? all->capacity * 2 : 256;
        all->items = g_renew(struct input, all->items, all->capacity);
    }
    struct input *in = &all->items[all->count++];
    *in = (struct input){0};
    return in;
}

static void add(struct taking *t, enum input_kind kind, struct span bytes, const char *label)
{
    if (!is_new(t, kind, bytes, label))
        return;
    struct input *in = new_input(t->to, kind);
    in->bytes = span_of(arena_calloc(&t->to->arena, bytes.n + NORM_PADDING_BYTES, 1), bytes.n);
    if (bytes.n)
        memcpy((char *)(uintptr_t)in->bytes.s, bytes.s, bytes.n);
    in->label = arena_strdup(&t->to->arena, label);
}

static void add_number(struct taking *t, enum input_kind kind, int64_t number)
{
    if (is_new(t, kind, span_of((const char *)&number, sizeof number), NULL))
        new_input(t->to, kind)->number = number;
}

/* ------------------------------------------------------------------ fields */

/* The further kind of input to which the value of a field belongs. */
static enum input_kind kind_of(struct span name)
{
    static const struct {
        struct span name;
        enum input_kind kind;
    } kinds[] = {
        {SPAN("content-type"), INPUT_TYPE},
        {SPAN("content-disposition"), INPUT_DISPOSITION},
        {SPAN("date"), INPUT_DATE},
        {SPAN("arrival-date"), INPUT_DATE},
        {SPAN("last-attempt-date"), INPUT_DATE},
        {SPAN("will-retry-until"), INPUT_DATE},
        {SPAN("resent-date"), INPUT_DATE},
        {SPAN("received-date"), INPUT_DATE},
        {SPAN("received"), INPUT_DATE},
        {SPAN("from"), INPUT_MAILBOXES},
        {SPAN("to"), INPUT_MAILBOXES},
        {SPAN("cc"), INPUT_MAILBOXES},
        {SPAN("sender"), INPUT_MAILBOXES},
        {SPAN("reply-to"), INPUT_MAILBOXES},
        {SPAN("return-path"), INPUT_MAILBOXES},
        {SPAN("x-failed-recipients"), INPUT_MAILBOXES},
        {SPAN("final-recipient"), INPUT_RECIPIENT},
        {SPAN("original-recipient"), INPUT_RECIPIENT},
        {SPAN("x-actual-recipient"), INPUT_RECIPIENT},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_same_nocase(name, kinds[i].name))
            return kinds[i].kind;
    return INPUT_VALUE;
}

/* The part of a Received field after the last semicolon. */
static struct span behind_semicolon(struct span value)
{
    const char *at = value.n ? memrchr(value.s, ';', value.n) : NULL;
    return at ? span_of(at + 1, (size_t)(value.s + value.n - at - 1)) : span_of(NULL, 0);
}

/* Charsets of encoded words. */
static void take_charsets(struct taking *t, struct span value)
{
    const char *at, *end = value.s + value.n;
    while (value.n && (at = span_find(value, "=?"))) {
        size_t n = 0;
        at += 2;
        while (at + n < end && at[n] != '?' && !ascii_is_space(at[n]))
            n++;
        if (n && at + n < end && at[n] == '?')
            add(t, INPUT_CHARSET, span_of(at, n), NULL);
        value = span_of(at + n, (size_t)(end - at) - n);
    }
}

static void take_field(struct taking *t, const struct field *f)
{
    enum input_kind kind = kind_of(f->name);
    struct span value = f->value;
    add(t, INPUT_VALUE, value, NULL);
    take_charsets(t, value);
    if (span_equal_nocase(f->name, "received"))
        value = behind_semicolon(value);
    if (kind != INPUT_VALUE && value.n)
        add(t, kind, value, NULL);
}

/* All groups of fields in these bytes. */
static void take_groups(struct taking *t, struct span bytes)
{
    struct field_group group;
    for (struct span rest = bytes, before = bytes;
         fields_read_group(&t->scratch, &rest, LIMIT_HEADER_LINES, &group, NULL, NULL); before = rest) {
        if (group.count)
            add(t, INPUT_HEADER, span_of(before.s, before.n - rest.n), NULL);
        for (size_t i = 0; i < group.count; i++)
            take_field(t, &group.fields[i]);
    }
}

/* ------------------------------------------------------------------- parts */

static enum input_kind kind_of_encoding(const char *encoding)
{
    if (strstr(encoding, "base64"))
        return INPUT_BASE64;
    return strstr(encoding, "quoted") ? INPUT_QUOTED : INPUT_KINDS;
}

/* One line of uuencode: its length, then four characters for three bytes. Some writers
 * encode a zero as a blank, and blanks at the end are lost in transit. */
static void put_uu_line(struct strbuf *out, struct span line, char zero)
{
    strbuf_putc(out, (char)(' ' + line.n));
    for (size_t i = 0; i < line.n; i += 3) {
        uint32_t bits = 0;
        for (size_t k = i; k < i + 3; k++)
            bits = bits << 8 | (k < line.n ? (unsigned char)line.s[k] : 0u);
        for (int shift = 18; shift >= 0; shift -= 6)
            strbuf_putc(out, (char)((bits >> shift & 63) ? ' ' + (bits >> shift & 63) : (unsigned char)zero));
    }
    while (out->s[out->n - 1] == ' ')
        out->n--;
    strbuf_putc(out, '\n');
}

static void take_uu(struct taking *t, struct span text)
{
    enum { FRONT_BYTES = 500, LINE_BYTES = 45 };
    struct strbuf out;
    strbuf_init(&out, &t->scratch);
    strbuf_puts(&out, "begin 644 report.txt\n");
    size_t n = text.n < FRONT_BYTES ? text.n : FRONT_BYTES;
    for (size_t i = 0; i < n; i += LINE_BYTES)
        put_uu_line(&out, span_of(text.s + i, n - i < LINE_BYTES ? n - i : LINE_BYTES), text.n % 2 ? ' ' : '`');
    strbuf_puts(&out, "`\nend\n");
    add(t, INPUT_UU, span_of(out.s, out.n), arena_strndup(&t->scratch, text.s, n));
}

static void take_text(struct taking *t, struct message *m, size_t index)
{
    const struct part *p = &m->parts[index];
    struct span bytes = p->encoding ? text_decode_transfer(m->arena, p->raw, p->encoding) : p->raw;
    bytes.n = bytes.n < LIMIT_PART_TEXT_BYTES ? bytes.n : LIMIT_PART_TEXT_BYTES;
    add(t, INPUT_BODY, bytes, p->charset);
    struct span text = message_part_text(m, index);
    add(t, INPUT_TEXT, text, NULL);
    take_uu(t, text);
    struct norm_text norm;
    text_normalise(m->arena, text, SIZE_MAX, &norm);
    add(t, INPUT_FOLDED, span_of(norm.folded, norm.folded_length), NULL);
    if (p->role == PART_HTML)
        add(t, INPUT_HTML, message_part_fields(m, index), NULL);
    if (p->role == PART_DELIVERY_STATUS || p->role == PART_FEEDBACK_REPORT || p->role == PART_DISPOSITION)
        take_groups(t, text);
}

/* What follows the last line that may be a delimiter. */
static struct span below_dashes(struct span s)
{
    struct span below = s, line;
    while (span_next_line(&s, &line))
        if (span_starts_nocase(line, "--"))
            below = s;
    return below;
}

/* above: what is between the part before and this one, including its header. */
static void take_part(struct taking *t, struct message *m, size_t index, struct span above)
{
    const struct part *p = &m->parts[index];
    if (p->depth)
        take_groups(t, below_dashes(above));
    if (p->charset)
        add(t, INPUT_CHARSET, span_z(p->charset), NULL);
    enum input_kind encoded = p->encoding ? kind_of_encoding(p->encoding) : INPUT_KINDS;
    if (encoded != INPUT_KINDS)
        add(t, encoded, p->raw, NULL);
    if (p->role != PART_OTHER && p->role != PART_ORIGINAL)
        take_text(t, m, index);
}

/* ------------------------------------------------------------------- mails */

static void take_report(struct taking *t, const bounce_view *view)
{
    bounce_report *report;
    struct strbuf all;
    if (bounce_parse(t->parser, view->bytes, view->length, &report, NULL) != BOUNCE_OK)
        return;
    strbuf_init(&all, &t->scratch);
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const char *address = bounce_recipient_string(bounce_report_recipient(report, i), BOUNCE_RECIPIENT_ADDRESS);
        strbuf_puts(&all, address ? address : "");
        strbuf_putc(&all, '\n');
    }
    if (all.n)
        add(t, INPUT_ADDRESSES, span_of(all.s, all.n), NULL);
    new_input(t->to, INPUT_REPORT)->object = report;
}

static void take_mail(struct taking *t, const bounce_view *view)
{
    struct span bytes = span_of((const char *)view->bytes, view->length);
    struct message m;
    if (!is_new(t, INPUT_KINDS, bytes, NULL))
        return;
    t->to->mails++;
    add(t, INPUT_MAIL, bytes, NULL);
    add_number(t, INPUT_NUMBER, (int64_t)view->length);
    add_number(t, INPUT_NUMBER, (int64_t)view->offset);
    message_read(&t->scratch, bytes, LIMIT_MESSAGE_BYTES_DEFAULT, &m);
    take_groups(t, span_of(m.bytes.s, (size_t)(m.body.s - m.bytes.s)));
    for (size_t i = 0; i < m.original.count; i++)
        take_field(t, &m.original.fields[i]);
    const char *end = m.body.s;
    for (size_t i = 0; i < m.part_count; i++) {
        const char *start = m.parts[i].raw.s;
        take_part(t, &m, i, span_of(end, start > end ? (size_t)(start - end) : 0));
        end = start + m.parts[i].raw.n;
    }
    take_report(t, view);
    arena_reset(&t->scratch);
}

static bool is_no_mail(const char *path)
{
    static const char *const ends[] = {".json", ".jsonl", ".md", ".tsv"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (g_str_has_suffix(path, ends[i]))
            return true;
    return false;
}

/* The path itself, as a folder or as an mbox. */
static void take_path(struct taking *t, const char *path)
{
    char *bytes;
    gsize length;
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        add(t, INPUT_FOLDER, span_z(path), NULL);
    else if (g_file_get_contents(path, &bytes, &length, NULL)) {
        if (length > 5 && memcmp(bytes, "From ", 5) == 0)
            add(t, INPUT_MAILBOX, span_of(bytes, length), NULL);
        g_free(bytes);
    }
}

static void take_seconds(struct sources *s, struct taking *t)
{
    for (size_t i = 0; i < s->kinds[INPUT_MAIL].count; i++) /* one for each mail, over some centuries */
        add_number(t, INPUT_SECONDS, (int64_t)(i * 7654321 % 8000000000));
}

bool sources_read(struct sources *s, const char *path)
{
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    bounce_rules *rules = bounce_rules_default();
    struct taking t = {.to = s, .parser = bounce_parser_new(rules, NULL)};
    if (!s->seen)
        s->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bounce_status status = bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, LIMIT_MESSAGE_BYTES_DEFAULT, &mailbox, &error);
    if (status == BOUNCE_OK)
        while ((status = bounce_mailbox_next(mailbox, &view, &error)) == BOUNCE_OK)
            if (!is_no_mail(view.path))
                take_mail(&t, &view);
    bounce_mailbox_close(mailbox);
    take_path(&t, path);
    take_seconds(s, &t);
    arena_free(&t.scratch);
    bounce_parser_free(t.parser);
    bounce_rules_unref(rules);
    if (status != BOUNCE_END)
        fprintf(stderr, "handwritten: %s: %s\n", path, error.message);
    return status == BOUNCE_END;
}

void sources_free(struct sources *s)
{
    for (size_t i = 0; i < s->kinds[INPUT_REPORT].count; i++)
        bounce_report_free(s->kinds[INPUT_REPORT].items[i].object);
    for (size_t kind = 0; kind < INPUT_KINDS; kind++)
        g_free(s->kinds[kind].items);
    if (s->seen)
        g_hash_table_destroy(s->seen);
    arena_free(&s->arena);
}
