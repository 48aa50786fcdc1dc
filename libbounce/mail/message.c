/* SPDX-License-Identifier: MIT */
/*
 * message.c - the mail as a whole, and the header of the message that it
 * returns; see message.h.
 *
 * In: the bytes of one mail (RFC 5322), whole or broken. Out: its header, its
 * leaves, the returned header. Nothing is refused: bytes without a header are all
 * body. Only the first max_bytes are read.
 */
#include "mail/message.h"

#include "base/limits.h"
#include "mail/message_index.h"
#include "text/transfer.h"

#include <string.h>

/* s without a byte order mark and blank lines at the front. */
static struct span without_lead(struct span s)
{
    if (s.n >= 3 && !memcmp(s.s, "\xef\xbb\xbf", 3))
        s.s += 3, s.n -= 3;
    while (s.n && (s.s[0] == '\n' || s.s[0] == '\r'))
        s.s++, s.n--;
    return s;
}

static bool is_from_line(struct span line)
{
    if (line.n && line.s[0] == '>')
        line.s++, line.n--;
    return line.n >= 5 && !memcmp(line.s, "From ", 5);
}

/* Whether a group has enough of the fields that every mail has and nobody writes in prose. */
static bool has_mail_fields(const struct field_group *g, size_t enough)
{
    static const struct span names[] = {
        SPAN("received"),   SPAN("from"),        SPAN("to"),           SPAN("subject"),      SPAN("date"),
        SPAN("message-id"), SPAN("return-path"), SPAN("mime-version"), SPAN("content-type"),
    };
    size_t count = 0;
    for (size_t i = 0; i < g->count && count < enough; i++)
        for (size_t k = 0; k < COUNT(names); k++)
            if (span_same_nocase(g->fields[i].name, names[k])) {
                count++;
                break;
            }
    return count >= enough;
}

/* Reads the header of a mail; skips blank lines, a byte order mark and From lines before
 * it. Moves *rest to the body. False, with *rest unchanged, if there is no header. */
static bool read_mail_header(struct arena *a, struct span *rest, struct field_group *header, unsigned *flags)
{
    struct span body = without_lead(*rest);
    char line_end = fields_line_end(body);
    const char *p = body.s, *end = p + body.n;
    struct span line = fields_take_line(&p, end, line_end);
    while (p < end && is_from_line(line)) {
        body = without_lead(span_of(p, (size_t)(end - p)));
        p = body.s;
        line = fields_take_line(&p, end, line_end);
    }
    bool truncated = false;
    fields_read_header(a, &body, line_end, LIMIT_HEADER_LINES, header, NULL, &truncated);
    /* A line of a mailbox or of a protocol may precede a sound header. */
    if (!header->count || (!fields_is_field(line) && !has_mail_fields(header, 2))) {
        *header = (struct field_group){0};
        return false;
    }
    if (truncated)
        *flags |= MESSAGE_TOO_MANY_HEADERS;
    *rest = body;
    return true;
}

/* Reads the header of the returned message, if the part has one. */
static bool read_returned_header(struct message *m, const struct part *p)
{
    struct span bytes = p->raw;
    bool cut = false;
    if (p->encoding) {
        struct span front = bytes;
        if (front.n > LIMIT_ENCODED_HEADER_BYTES)
            front.n = LIMIT_ENCODED_HEADER_BYTES;
        struct span decoded = text_decode_transfer(m->arena, front, p->encoding);
        if (decoded.s != front.s) {
            cut = front.n < bytes.n;
            bytes = decoded;
        }
    }
    if (!bytes.n || !read_mail_header(m->arena, &bytes, &m->original, &m->flags))
        return false;
    if (cut && !bytes.n) /* the header went on */
        m->flags |= MESSAGE_TOO_MANY_HEADERS;
    return has_mail_fields(&m->original, 1);
}

static void find_returned_header(struct message *m)
{
    m->original_part = SIZE_MAX;
    for (size_t i = 0; i < m->part_count; i++) {
        if (m->parts[i].role == PART_ORIGINAL && read_returned_header(m, &m->parts[i])) {
            m->original_part = i;
            return;
        }
        m->original = (struct field_group){0};
    }
}

void message_begin(struct arena *a, struct span bytes, size_t max_bytes, struct message *m)
{
    *m = (struct message){.arena = a, .bytes = bytes.n ? bytes : span_of("", 0)};
    if (bytes.n > max_bytes) {
        m->bytes.n = max_bytes;
        m->flags |= MESSAGE_TRUNCATED;
    }
    m->original_part = SIZE_MAX;
    m->body = m->bytes;
    if (!read_mail_header(a, &m->body, &m->header, &m->flags))
        m->flags |= MESSAGE_NO_HEADER;
}

void message_finish(struct message *m)
{
    message_index(m, m->body);
    find_returned_header(m);
}

void message_read(struct arena *a, struct span bytes, size_t max_bytes, struct message *m)
{
    message_begin(a, bytes, max_bytes, m);
    message_finish(m);
}
