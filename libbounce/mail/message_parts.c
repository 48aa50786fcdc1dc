/* SPDX-License-Identifier: MIT */
/*
 * message_parts.c - the texts of parts and header fields, on demand; see message.h.
 *
 * In: a part or the name of a field. Out: its text as UTF-8 (RFC 2045 6, RFC 2047).
 * Nothing is refused. GMime is not used: 3.2.13 returns raw bytes if the charset is
 * unknown, drops bytes that do not fit it, stops at a NUL, and loses base64 after the
 * first padding (jstedfast/gmime#150) and the second of two encoded words (#133).
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/message.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "mail/html.h"
#include "text/header.h"
#include "text/text.h"
#include "text/transfer.h"

#include <string.h>

/* Base64 has 4 characters for 3 bytes, quoted-printable at most 3 for one. */
enum { ENCODED_TO_DECODED_MAX = 4 };

/* Cuts s to at most limit bytes: after a line if one ends in the second half, else between
 * characters. */
static struct span cut_at_limit(struct span s, size_t limit, unsigned *flags)
{
    if (s.n <= limit)
        return s;
    *flags |= MESSAGE_TRUNCATED;
    const char *line_end = memrchr(s.s, '\n', limit);
    if (line_end && (size_t)(line_end + 1 - s.s) > limit / 2)
        return span_of(s.s, (size_t)(line_end + 1 - s.s));
    size_t n = limit;
    while (n > limit - 4 && utf8_is_tail(s.s[n]))
        n--;
    return span_of(s.s, n);
}

static void note_flags(struct message *m, unsigned text_flags)
{
    if (text_flags & TEXT_BAD_CHARSET)
        m->flags |= MESSAGE_BAD_CHARSET;
    if (text_flags & TEXT_BAD_BYTES)
        m->flags |= MESSAGE_BAD_BYTES;
    if (text_flags & TEXT_TRUNCATED)
        m->flags |= MESSAGE_TRUNCATED;
}

static struct span decode_part(struct message *m, const struct part *p)
{
    struct span bytes = p->raw;
    unsigned text_flags = 0;
    if (p->encoding) {
        bytes = cut_at_limit(bytes, (size_t)LIMIT_PART_TEXT_BYTES * ENCODED_TO_DECODED_MAX, &m->flags);
        bytes = text_decode_transfer(m->arena, bytes, p->encoding);
    }
    bytes = cut_at_limit(bytes, LIMIT_PART_TEXT_BYTES, &m->flags);
    bytes = text_decode(m->arena, bytes, p->charset, &text_flags);
    note_flags(m, text_flags);
    return bytes;
}

struct span message_part_fields(struct message *m, size_t index)
{
    struct part *p = &m->parts[index];
    if (p->role == PART_HTML)
        return cut_at_limit(decode_part(m, p), LIMIT_PART_TEXT_BYTES, &m->flags);
    return message_part_text(m, index);
}

struct span message_part_text(struct message *m, size_t index)
{
    struct part *p = &m->parts[index];
    if (!p->decoded) {
        struct span text = decode_part(m, p);
        if (p->role == PART_HTML)
            text = html_to_text(m->arena, text);
        p->text = cut_at_limit(text, LIMIT_PART_TEXT_BYTES, &m->flags);
        p->decoded = true;
    }
    return p->text;
}

char *message_decode_field(struct message *m, struct span raw)
{
    if (field_is_long(raw))
        m->flags |= MESSAGE_LONG_FIELD;
    return text_decode_header(m->arena, raw, NULL);
}

char *message_field(struct message *m, const struct field_group *g, struct span name)
{
    struct span raw = span_starts_nocase(name, "content-") ? fields_find_last(g, name) : fields_find(g, name);
    return raw.s ? message_decode_field(m, raw) : NULL;
}
