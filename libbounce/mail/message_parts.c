/* SPDX-License-Identifier: MIT */
/*
 * message_parts.c - the text of a part and the value of a header field, as
 * UTF-8, when they are asked for (RFC 2045 6, RFC 2047).
 *
 * Not by GMime: 3.2.13 gives undecoded bytes where the charset is unknown,
 * drops bytes that do not fit it, ends at a NUL, loses base64 behind the first
 * padding (jstedfast/gmime#150) and the second of two encoded words (#133).
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "mail/html.h"
#include "mail/message.h"

#include "base/limits.h"
#include "text/header.h"
#include "text/text.h"
#include "text/transfer.h"

#include <string.h>

/* Base64 has 4 characters for 3 bytes, quoted-printable at most 3 for one. */
enum { ENCODED_TO_DECODED_MAX = 4 };

/* The first bytes that hold whole characters, if possible whole lines. */
static struct span cut(struct span s, size_t limit, unsigned *flags)
{
    if (s.n <= limit)
        return s;
    *flags |= MESSAGE_TRUNCATED;
    const char *line_end = memrchr(s.s, '\n', limit);
    if (line_end && (size_t)(line_end + 1 - s.s) > limit / 2)
        return span_of(s.s, (size_t)(line_end + 1 - s.s));
    size_t n = limit;
    while (n > limit - 4 && ((unsigned char)s.s[n] & 0xc0) == 0x80)
        n--;
    return span_of(s.s, n);
}

static void note(struct message *m, unsigned text_flags)
{
    if (text_flags & TEXT_BAD_CHARSET)
        m->flags |= MESSAGE_BAD_CHARSET;
    if (text_flags & TEXT_BAD_BYTES)
        m->flags |= MESSAGE_BAD_BYTES;
    if (text_flags & TEXT_TRUNCATED)
        m->flags |= MESSAGE_TRUNCATED;
}

static struct span decode(struct message *m, const struct part *p)
{
    struct span bytes = p->raw;
    unsigned text_flags = 0;
    if (p->encoding) {
        bytes = cut(bytes, (size_t)LIMIT_PART_TEXT_BYTES * ENCODED_TO_DECODED_MAX, &m->flags);
        bytes = text_decode_transfer(m->arena, bytes, p->encoding);
    }
    bytes = cut(bytes, LIMIT_PART_TEXT_BYTES, &m->flags);
    bytes = text_decode(m->arena, bytes, p->charset, &text_flags);
    note(m, text_flags);
    return bytes;
}

struct span message_part_fields(struct message *m, size_t index)
{
    struct part *p = &m->parts[index];
    if (p->role == PART_HTML)
        return cut(decode(m, p), LIMIT_PART_TEXT_BYTES, &m->flags);
    return message_part_text(m, index);
}

struct span message_part_text(struct message *m, size_t index)
{
    struct part *p = &m->parts[index];
    if (!p->decoded) {
        struct span text = decode(m, p);
        if (p->role == PART_HTML)
            text = text_from_html(m->arena, text);
        p->text = cut(text, LIMIT_PART_TEXT_BYTES, &m->flags);
        p->decoded = true;
    }
    return p->text;
}

char *message_field(struct message *m, const struct field_group *g, struct span name)
{
    struct span raw = span_starts_nocase(name, "content-") ? fields_find_last(g, name) : fields_find(g, name);
    if (!raw.s)
        return NULL;
    return text_decode_header(m->arena, cut(raw, LIMIT_HEADER_BYTES, &m->flags), NULL);
}
