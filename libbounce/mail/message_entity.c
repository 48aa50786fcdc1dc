/* SPDX-License-Identifier: MIT */
/*
 * message_entity.c - see message_index.h: what the header of a mail or part
 * says about its body (RFC 2045 3), and which role a type has in a report.
 *
 * A type that is missing or broken is text/plain (RFC 2045 5.2), not GMime's
 * application/octet-stream: a report in a broken part is still read.
 */
#include "mail/message_index.h"

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
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
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
        for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
            if (span_ends_with(whole, reports[i].tail))
                return reports[i].role;
    return text ? PART_TEXT : PART_OTHER;
}

void entity_read(struct arena *a, const struct field_group *header, const char *default_type, struct entity *e)
{
    struct span type = {0}, encoding = {0}, disposition = {0}, description = {0};
    for (size_t i = 0; i < header->count; i++) {
        struct span name = header->fields[i].name, value = header->fields[i].value;
        if (name.n < 12 || !span_starts_nocase(name, "content-"))
            continue;
        if (span_equal_nocase(name, "content-type"))
            type = value;
        else if (span_equal_nocase(name, "content-transfer-encoding"))
            encoding = value;
        else if (span_equal_nocase(name, "content-disposition"))
            disposition = value;
        else if (span_equal_nocase(name, "content-description"))
            description = value;
    }
    *e = (struct entity){0};
    if (type.s)
        mime_read_type(a, type, &e->type);
    if (!e->type.type)
        e->type.type = type.s ? "text/plain" : default_type;
    e->encoding = encoding.s ? mime_read_encoding(a, encoding) : NULL;
    e->name = e->type.name;
    if (disposition.s)
        mime_read_disposition(a, disposition, &e->attachment, &e->name);
    if (description.n > LIMIT_HEADER_BYTES)
        description.n = LIMIT_HEADER_BYTES;
    e->description = description.s ? text_decode_header(a, description, NULL) : NULL;
}
