/* SPDX-License-Identifier: MIT */
/*
 * message_entity.c - the header of a mail or part; see message_entity.h.
 *
 * In: a group of header fields. Out: what they say about the body, and its role in
 * a report. Nothing is refused: a type that is missing or broken is text/plain
 * (RFC 2045 5.2), not application/octet-stream as in GMime, so that a report in a
 * broken part is still read.
 */
#include "mail/message_entity.h"

#include "base/limits.h"
#include "text/header.h"

#include <string.h>

static bool is_original_type(struct span type)
{
    static const struct span types[] = {
        SPAN("message/rfc822"),
        SPAN("message/global"),
        SPAN("text/rfc822-headers"),
        SPAN("message/rfc822-headers"),
        SPAN("message/global-headers"),
        SPAN("message/partial"),
        SPAN("message/news"),
        SPAN("message/x-rfc822"),
        SPAN("text/rfc822-header"),
        SPAN("message/rfc822-header"),
        SPAN("text/rfc822"),
        SPAN("text/x-rfc822-headers"),
    };
    for (size_t i = 0; i < COUNT(types); i++)
        if (span_same_nocase(type, types[i]))
            return true;
    return false;
}

enum part_role entity_role(const char *type)
{
    static const struct {
        struct span tail;
        enum part_role role;
    } reports[] = {
        {SPAN("delivery-status"), PART_DELIVERY_STATUS},
        {SPAN("feedback-report"), PART_FEEDBACK_REPORT},
        {SPAN("disposition-notification"), PART_DISPOSITION},
    };
    if (!strcmp(type, "text/plain"))
        return PART_TEXT;
    if (!strcmp(type, "text/html"))
        return PART_HTML;
    struct span whole = span_z(type);
    if (is_original_type(whole))
        return PART_ORIGINAL;
    bool text = !strncmp(type, "text/", 5);
    if (text || !strncmp(type, "message/", 8))
        for (size_t i = 0; i < COUNT(reports); i++)
            if (span_ends_with(whole, reports[i].tail))
                return reports[i].role;
    return text ? PART_TEXT : PART_OTHER;
}

/* The raw values of the fields that describe a body; s == NULL: there is none. */
struct content_fields {
    struct span type, encoding, disposition, description;
};

/* Where the value of a field belongs; NULL: nowhere. */
static struct span *content_field(struct content_fields *f, struct span name)
{
    if (name.n < 12 || !span_starts_nocase(name, "content-"))
        return NULL;
    return span_equal_nocase(name, "content-type")                ? &f->type
           : span_equal_nocase(name, "content-transfer-encoding") ? &f->encoding
           : span_equal_nocase(name, "content-disposition")       ? &f->disposition
           : span_equal_nocase(name, "content-description")       ? &f->description
                                                                  : NULL;
}

void entity_read(struct arena *a, const struct field_group *header, const char *default_type, struct entity *e,
                 unsigned *flags)
{
    struct content_fields f = {{0}, {0}, {0}, {0}};
    for (size_t i = 0; i < header->count; i++) {
        struct span *to = content_field(&f, header->fields[i].name);
        if (to)
            *to = header->fields[i].value;
    }
    *e = (struct entity){0};
    if (field_is_long(f.type) || field_is_long(f.disposition) || field_is_long(f.description))
        *flags |= MESSAGE_LONG_FIELD;
    if (f.type.s)
        mime_read_type(a, f.type, &e->type);
    if (!e->type.type)
        e->type.type = f.type.s ? "text/plain" : default_type;
    e->encoding = f.encoding.s ? mime_read_encoding(a, f.encoding) : NULL;
    e->name = e->type.name;
    if (f.disposition.s)
        mime_read_disposition(a, f.disposition, &e->attachment, &e->name);
    e->description = f.description.s ? text_decode_header(a, f.description, NULL) : NULL;
}
