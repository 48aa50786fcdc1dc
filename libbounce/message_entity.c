/* SPDX-License-Identifier: MIT */
/*
 * message_entity.c - see message_index.h: what the header of a mail or part
 * says about its body (RFC 2045 3), and which role a type has in a report.
 *
 * A type that is missing or broken is text/plain (RFC 2045 5.2), not GMime's
 * application/octet-stream: a report in a broken part is still read.
 */
#include "message_index.h"

#include "limits.h"
#include "text.h"

#include <string.h>

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), t = strlen(tail);
    return n >= t && !strcmp(s + n - t, tail);
}

static bool is_original_type(const char *type)
{
    static const char *const types[] = {
        "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
        "message/global-headers", "message/partial", "message/news", "message/x-rfc822",
        "text/rfc822-header", "message/rfc822-header", "text/rfc822", "text/x-rfc822-headers",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(type, types[i]))
            return true;
    return false;
}

enum part_role entity_role(const char *type)
{
    if (!strcmp(type, "text/plain"))
        return PART_TEXT;
    if (!strcmp(type, "text/html"))
        return PART_HTML;
    if (is_original_type(type))
        return PART_ORIGINAL;
    bool text = !strncmp(type, "text/", 5);
    if (text || !strncmp(type, "message/", 8)) {
        if (ends_with(type, "delivery-status"))
            return PART_DELIVERY_STATUS;
        if (ends_with(type, "feedback-report"))
            return PART_FEEDBACK_REPORT;
        if (ends_with(type, "disposition-notification"))
            return PART_DISPOSITION;
    }
    return text ? PART_TEXT : PART_OTHER;
}

void entity_read(struct arena *a, const struct field_group *header, const char *default_type,
                 struct entity *e)
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
