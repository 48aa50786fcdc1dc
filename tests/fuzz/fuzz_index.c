/* SPDX-License-Identifier: MIT */
/*
 * fuzz_index.c - any bytes as a mail of which only the index is made: header, parts, returned header.
 *
 * Parts follow each other inside the mail, their texts are UTF-8, what a cap cuts is flagged, a second reading finds
 * the same, and so does a reading of the same mail with CRLF.
 */
#include "forms.h"

#include "base/limits.h"
#include "mail/message.h"

static struct arena arena;

static void check_fields(struct message *m, const struct field_group *g)
{
    MUST(g->count <= LIMIT_HEADER_LINES);
    for (size_t i = 0; i < g->count; i++) {
        MUST(g->fields[i].name.n && fields_may_have(g, g->fields[i].name));
        const char *value = message_decode_field(m, g->fields[i].value);
        fuzz_check_string(value);
        MUST(!strpbrk(value, "\r\n"));
        MUST(!field_is_long(g->fields[i].value) || m->flags & MESSAGE_LONG_FIELD);
    }
}

static void check_part(struct message *m, size_t i)
{
    const struct part *p = &m->parts[i];
    MUST(p->type && p->path && p->depth >= 0 && p->depth <= LIMIT_NESTING);
    MUST(!p->raw.n || (p->raw.s >= m->bytes.s && p->raw.s + p->raw.n <= m->bytes.s + m->bytes.n));
    fuzz_check_string(p->name);
    fuzz_check_string(p->description);
    const struct span text = message_part_text(m, i);
    fuzz_check_span(text);
    MUST(text.n <= LIMIT_PART_TEXT_BYTES);
    fuzz_check_span(message_part_fields(m, i));
}

static bool same_part(struct message *a, struct message *b, size_t i)
{
    const struct part *x = &a->parts[i], *y = &b->parts[i];
    return x->role == y->role && x->depth == y->depth && x->attachment == y->attachment && !strcmp(x->path, y->path) &&
           !strcmp(x->type, y->type) && fuzz_same_string(x->charset, y->charset) &&
           fuzz_same_string(x->encoding, y->encoding) && fuzz_same_string(x->name, y->name) &&
           fuzz_same_string(x->description, y->description);
}

static bool same_message(struct message *a, struct message *b)
{
    bool same = a->part_count == b->part_count && a->original_part == b->original_part && a->flags == b->flags &&
                a->header.count == b->header.count && a->original.count == b->original.count &&
                fuzz_same_string(a->report_type, b->report_type) && a->is_multipart == b->is_multipart;
    for (size_t i = 0; same && i < a->part_count; i++)
        same = same_part(a, b, i);
    return same;
}

/* Texts are compared only if no encoding is undone: base64 may contain line ends of its own. */
static bool same_texts(struct message *a, struct message *b)
{
    for (size_t i = 0; i < a->part_count; i++)
        if (!a->parts[i].encoding && !a->parts[i].charset &&
            !fuzz_same_span(message_part_text(a, i), message_part_text(b, i)))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message m, again;
    arena_reset(&arena);
    const struct span mail = span_of((const char *)data, size), other = fuzz_with_crlf(&arena, mail);
    message_read(&arena, mail, LIMIT_MESSAGE_BYTES_DEFAULT, &m);
    message_read(&arena, other.s ? other : mail, LIMIT_MESSAGE_BYTES_DEFAULT, &again);
    MUST(same_message(&m, &again));
    MUST(m.part_count <= LIMIT_PARTS);
    for (size_t i = 0; i < m.part_count; i++) {
        check_part(&m, i);
        MUST(!i || m.parts[i].raw.s >= m.parts[i - 1].raw.s);
    }
    MUST(same_texts(&m, &again));
    check_fields(&m, &m.header);
    check_fields(&m, &m.original);
    return 0;
}
