/* SPDX-License-Identifier: MIT */
/*
 * handwritten_mime.c - the structure of mails: ours compared with GMime's parser.
 *
 * In: mails, mboxes. Out: the leaves, one a line (depth, type, where the body
 * begins and ends); where mails begin. GMime gets the bytes without a copy.
 */
#include "base/limits.h"
#include "bounce.h"
#include "handwritten.h"
#include "handwritten_gmime.h"
#include "mail/message.h"

#include <inttypes.h>

/* ------------------------------------------------------------------- ours */

/* Returned messages have no place in GMime's tree: "-". */
static void show_leaf(struct strbuf *out, int depth, const char *type, int64_t start, int64_t end)
{
    char line[256];
    if (start < 0)
        g_snprintf(line, sizeof line, "%d %.100s - -\n", depth, type);
    else
        g_snprintf(line, sizeof line, "%d %.100s %" PRId64 " %" PRId64 "\n", depth, type, start, end);
    strbuf_puts(out, line);
}

static bool is_message_type(const char *type)
{
    return !strcmp(type, "message/rfc822") || !strcmp(type, "message/global") || !strcmp(type, "message/news");
}

static bool is_encoded(const char *encoding)
{
    return encoding && (strstr(encoding, "base64") || strstr(encoding, "quoted") || strstr(encoding, "uu"));
}

static struct span show_message(struct arena *a, const struct message *m)
{
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; i < m->part_count; i++) {
        const struct part *p = &m->parts[i];
        int64_t start = p->raw.s - m->bytes.s;
        if (is_message_type(p->type) && !is_encoded(p->encoding))
            start = -1;
        show_leaf(&out, p->depth, p->type, start, start + (int64_t)p->raw.n);
    }
    return span_of(out.s, out.n);
}

static struct span ours_structure(struct arena *a, const struct input *in, bool shown)
{
    struct message m;
    message_read(a, in->bytes, LIMIT_MESSAGE_BYTES_MAX, &m);
    return shown ? show_message(a, &m) : span_of(NULL, 0);
}

/* ------------------------------------------------------------------ GMime's */

static char *type_of(GMimeObject *o, struct arena *a)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);
    char *z =
        arena_printf(a, "%s/%s", g_mime_content_type_get_media_type(type), g_mime_content_type_get_media_subtype(type));
    bytes_lower(z, z, strlen(z));
    return z;
}

static void show_object(struct strbuf *out, GMimeObject *o, int depth)
{
    if (GMIME_IS_MULTIPART(o)) {
        int count = g_mime_multipart_get_count((GMimeMultipart *)o);
        for (int i = 0; i < count; i++)
            show_object(out, g_mime_multipart_get_part((GMimeMultipart *)o, i), depth + 1);
        return;
    }
    GMimeDataWrapper *content = GMIME_IS_PART(o) ? g_mime_part_get_content((GMimePart *)o) : NULL;
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    show_leaf(out, depth, type_of(o, out->arena), stream ? stream->bound_start : -1, stream ? stream->bound_end : -1);
}

static struct span theirs_structure(struct arena *a, const struct input *in, bool shown)
{
    struct strbuf out;
    struct gmime_source source;
    gmime_open(&source, in->bytes);
    GMimeMessage *message = g_mime_parser_construct_message(source.parser, NULL);
    strbuf_init(&out, a);
    if (shown && !message)
        strbuf_puts(&out, "none\n");
    else if (shown)
        show_object(&out, g_mime_message_get_mime_part(message), 0);
    if (message)
        g_object_unref(message);
    gmime_close(&source);
    return span_of(out.s, out.n);
}

/* ------------------------------------------------------------- differences */

/* The columns of all leaves, some of them normalised. */
static struct span leaves_but(struct arena *a, struct span leaves, bool types, bool ends, bool first)
{
    struct strbuf out;
    struct span line;
    strbuf_init(&out, a);
    while (span_next_line(&leaves, &line)) {
        char **words = g_strsplit(arena_strndup(a, line.s, line.n), " ", 4);
        bool broken = !strcmp(words[1], "application/octet-stream") || !strcmp(words[1], "text/plain");
        if (!first)
            strbuf_puts(&out, arena_printf(a, "%s %s %s %s\n", words[0], types && broken ? "text/plain" : words[1],
                                           words[2], ends ? "" : words[3]));
        first = false;
        g_strfreev(words);
    }
    return span_of(out.s, out.n);
}

static size_t lines_of(struct span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.s[i] == '\n';
    return n;
}

static bool is_blank_line_first(struct span mail)
{
    return mail.n && ascii_is_space(mail.s[0]);
}

static const char *differ_structure(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    struct message m;
    message_read(a, in->bytes, LIMIT_MESSAGE_BYTES_MAX, &m);
    bool preamble = m.part_count && !strcmp(m.parts[0].path, "0");
    if (m.flags & MESSAGE_BROKEN_MULTIPART)
        return "by choice: the boundary is missing or never shows, and the text is kept";
    if (m.is_multipart && !fields_get(&m.header, "Content-Type").s)
        return "by choice: the header lost its MIME fields, and the parts are found";
    if (!m.header.count)
        return "by choice: there is no header, and all is text";
    if (same_bytes(theirs, span_z("none\n")))
        return "by choice: a line of the header is no field, and is passed over; GMime gives no message";
    if (is_blank_line_first(in->bytes))
        return "by choice: blank lines above the header are skipped (RFC 5322: then there is none)";
    if (fields_line_end(in->bytes) == '\r')
        return "by choice: lines end with CR alone";
    if (preamble && same_bytes(leaves_but(a, ours, false, false, true), theirs))
        return "by choice: text in front of the first boundary is read (RFC 2046 5.1.1: ignored)";
    if (same_bytes(leaves_but(a, ours, true, false, false), leaves_but(a, theirs, true, false, false)))
        return "ours: a type that cannot be read is text/plain (RFC 2045 5.2)";
    if (same_bytes(leaves_but(a, ours, true, true, preamble), leaves_but(a, theirs, true, true, false)))
        return "both: whether a CR before the line end of the last line belongs to it";
    return span_find_nocase(in->bytes, ";\nboundary") || span_find_nocase(in->bytes, ";\r\nboundary")
               ? "by choice: a line that begins with a parameter goes on the one above, though no blank is in front"
               : "unexplained";
}

/* ------------------------------------------------------------------- mboxes */

static struct span ours_mbox(struct arena *a, const struct input *in, bool shown)
{
    bounce_mailbox *mailbox;
    bounce_view view;
    struct strbuf out;
    strbuf_init(&out, a);
    bounce_mailbox_open_memory(in->bytes.s, in->bytes.n, BOUNCE_FORMAT_MBOX, LIMIT_MESSAGE_BYTES_DEFAULT, &mailbox,
                               NULL);
    while (bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK)
        if (shown)
            strbuf_puts(&out, arena_printf(a, "%" PRIu64 "\n", view.offset));
    bounce_mailbox_close(mailbox);
    return span_of(out.s, out.n);
}

static struct span theirs_mbox(struct arena *a, const struct input *in, bool shown)
{
    struct strbuf out;
    struct gmime_source source;
    GMimeMessage *message;
    strbuf_init(&out, a);
    gmime_open(&source, in->bytes);
    g_mime_parser_set_format(source.parser, GMIME_FORMAT_MBOX);
    while (!g_mime_parser_eos(source.parser) && (message = g_mime_parser_construct_message(source.parser, NULL))) {
        if (shown)
            strbuf_puts(&out, arena_printf(a, "%" PRId64 "\n", g_mime_parser_get_headers_begin(source.parser)));
        g_object_unref(message);
    }
    gmime_close(&source);
    return span_of(out.s, out.n);
}

static const char *differ_mbox(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)in;
    return arena_printf(a, "unexplained: %zu messages, GMime %zu", lines_of(ours), lines_of(theirs));
}

static const struct pair pairs[] = {
    {"structure of a mail", "message_read", "GMime: parser", INPUT_MAIL, SIDES(ours_structure, theirs_structure),
     differ_structure, NULL},
    {"mbox", "bounce_mailbox_next", "GMime: parser", INPUT_MAILBOX, SIDES(ours_mbox, theirs_mbox), differ_mbox, NULL},
};
const struct pairs mime_pairs = {pairs, sizeof pairs / sizeof *pairs};
