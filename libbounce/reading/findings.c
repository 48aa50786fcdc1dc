/* SPDX-License-Identifier: MIT */
/* findings.c - the array of findings (see findings.h). It only grows. */
#include "reading/findings.h"
#include "reading/reading.h"

#include <string.h>

static uint32_t next_index(const struct reading *rd)
{
    return (uint32_t)rd->findings.count;
}

struct finding *findings_add(struct reading *rd, enum finding_kind kind, enum finding_reader reader)
{
    struct findings *all = &rd->findings;
    all->list = arena_grow(rd->scratch, all->list, all->count, &all->capacity, sizeof *all->list);
    struct finding *f = &all->list[all->count];
    *f = (struct finding){.kind = kind,
                          .reader = reader,
                          .parent = next_index(rd),
                          .last_attempt = INT64_MIN,
                          .will_retry_until = INT64_MIN,
                          .attempts = -1};
    all->count++;
    return f;
}

struct finding *findings_add_text(struct reading *rd, uint32_t parent, enum text_origin origin, const char *where,
                                  struct read_text *text)
{
    if (!text->raw.n)
        return NULL;
    struct finding *f = findings_add(rd, FINDING_TEXT, rd->findings.list[parent].reader);
    f->parent = parent;
    f->origin = origin;
    f->where = where;
    f->text = text;
    return f;
}

const struct finding *findings_first(const struct reading *rd, enum finding_kind kind)
{
    for (size_t i = 0; i < rd->findings.count; i++)
        if (rd->findings.list[i].kind == kind)
            return &rd->findings.list[i];
    return NULL;
}

const char *finding_kind_name(enum finding_kind kind)
{
    static const char *const names[] = {
        [FINDING_FIELDS] = "fields",    [FINDING_LISTED] = "listed",           [FINDING_BLOCK] = "block",
        [FINDING_VERP] = "verp",        [FINDING_ORIGINAL_TO] = "original-to", [FINDING_ALIAS] = "alias",
        [FINDING_TEXT] = "text",        [FINDING_SESSION] = "session",         [FINDING_WHOLE] = "whole-text",
        [FINDING_POLARITY] = "polarity"};
    return names[kind];
}

const char *finding_reader_name(enum finding_reader reader)
{
    static const char *const names[] = {[READER_STATUS_FIELDS] = "status-fields",
                                        [READER_DISPOSITION] = "disposition",
                                        [READER_FEEDBACK] = "feedback",
                                        [READER_NOTIFICATION] = "notification",
                                        [READER_CHALLENGE] = "challenge",
                                        [READER_HEADER] = "header",
                                        [READER_DIALECT] = "dialect",
                                        [READER_GENERAL] = "general"};
    return names[reader];
}
