/* SPDX-License-Identifier: MIT */
/*
 * asked_headers.c - see asked_headers.h.
 *
 * In: names of fields, and the header of the returned message: that of its part, or,
 * for a name that this one lacks, the one that the text shows. Out: for each name the
 * values of all its fields, in their order. Left out: those beyond a limit, with a warning.
 */
#include "reading/asked_headers.h"
#include "base/limits.h"
#include "text/header.h"
#include "text/text.h"

static const char *decoded(struct reading *rd, struct span raw)
{
    unsigned flags = 0;
    const char *value = text_decode_header(rd->scratch, raw, &flags);
    if (flags & TEXT_TRUNCATED)
        rd->m.flags |= MESSAGE_TRUNCATED;
    return arena_strdup(&rd->report->arena, value);
}

static void read_name(struct reading *rd, struct asked_header *header)
{
    const struct span name = span_z(header->name);
    const struct field_group *g = fields_get(&rd->m.original, header->name).s ? &rd->m.original : &rd->text_original;
    const char **values = arena_alloc(&rd->report->arena, LIMIT_ASKED_FIELDS * sizeof *values);
    for (size_t i = 0; i < g->count; i++) {
        if (!span_same_nocase(g->fields[i].name, name))
            continue;
        if (header->count == LIMIT_ASKED_FIELDS) {
            report_warn(rd->report, "too-many-fields",
                        "the returned message has more fields of a name that was asked for than are given");
            break;
        }
        values[header->count++] = decoded(rd, g->fields[i].value);
    }
    header->values = values;
}

void asked_headers_read(struct reading *rd)
{
    for (size_t i = 0; i < rd->report->header_count; i++)
        read_name(rd, &rd->report->headers[i]);
}
