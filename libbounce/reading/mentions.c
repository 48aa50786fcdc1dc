/* SPDX-License-Identifier: MIT */
/*
 * mentions.c - which line of the report's text names which address (see
 * mentions.h).
 *
 * In: all lines, whatever region or boilerplate they belong to.
 * Out: for each line its addresses, for each address its lines. Made when
 * first needed; memory is linear in the text, which is capped.
 */
#include "reading/mentions.h"

#include "base/limits.h"
#include "mail/address_index.h"
#include "reading/header_addresses.h"

struct address_lines {
    size_t first, last; /* mentions */
};

struct mentions {
    struct arena *arena;
    struct address_index ids;
    struct mention *all; /* by line */
    size_t count, capacity;
    struct address_lines *lines; /* by id */
    size_t lines_capacity;
    size_t *line_first; /* mentions of line i: [line_first[i], line_first[i + 1]) */
};

static void add_mention(struct mentions *m, size_t line, const struct found_address *found)
{
    size_t known = m->ids.count;
    size_t id = *address_index_at(&m->ids, found->address, known), at = m->count;
    m->all = arena_grow(m->arena, m->all, m->count, &m->capacity, sizeof *m->all);
    m->all[m->count++] = (struct mention){*found, id, line, MENTIONS_NONE};
    if (id < known) {
        m->all[m->lines[id].last].next = at;
        m->lines[id].last = at;
        return;
    }
    m->lines = arena_grow(m->arena, m->lines, known, &m->lines_capacity, sizeof *m->lines);
    m->lines[id] = (struct address_lines){at, at};
}

static struct mentions *prepare(struct reading *rd)
{
    if (rd->mentions)
        return rd->mentions;
    struct mentions *m = rd->mentions = arena_calloc(rd->scratch, 1, sizeof *m);
    m->arena = rd->scratch;
    address_index_init(&m->ids, rd->scratch);
    m->line_first = arena_alloc(rd->scratch, (rd->line_count + 1) * sizeof *m->line_first);
    for (size_t i = 0; i < rd->line_count; i++) {
        struct span line = rd->lines[i].s;
        struct found_address found;
        m->line_first[i] = m->count;
        if (!rd->lines[i].has_at)
            continue;
        if (line.n > LIMIT_ADDRESS_BYTES && address_left_out(line))
            header_address_warn(rd);
        for (size_t pos = 0; address_next(line, &pos, &found);)
            add_mention(m, i, &found);
    }
    m->line_first[rd->line_count] = m->count;
    return m;
}

size_t mentions_addresses(struct reading *rd)
{
    return prepare(rd)->ids.count;
}

const struct mention *mentions_of_line(struct reading *rd, size_t line, size_t *count)
{
    const struct mentions *m = prepare(rd);
    *count = m->line_first[line + 1] - m->line_first[line];
    return *count ? &m->all[m->line_first[line]] : NULL;
}

const struct mention *mentions_first(struct reading *rd, size_t id)
{
    const struct mentions *m = prepare(rd);
    return &m->all[m->lines[id].first];
}

const struct mention *mentions_after(struct reading *rd, const struct mention *m)
{
    return m->next == MENTIONS_NONE ? NULL : &prepare(rd)->all[m->next];
}

size_t mentions_id(struct reading *rd, struct span address)
{
    size_t id;
    return address_index_find(&prepare(rd)->ids, address, &id) ? id : MENTIONS_NONE;
}

size_t mentions_find(struct reading *rd, const char *address)
{
    return address ? mentions_id(rd, span_z(address)) : MENTIONS_NONE;
}

size_t mentions_next(struct reading *rd, size_t id, size_t *cursor)
{
    const struct mentions *m = prepare(rd);
    if (id == MENTIONS_NONE)
        return MENTIONS_NONE;
    size_t line = *cursor == MENTIONS_NONE ? MENTIONS_NONE : m->all[*cursor].line;
    size_t next = *cursor == MENTIONS_NONE ? m->lines[id].first : m->all[*cursor].next;
    while (next != MENTIONS_NONE && m->all[next].line == line)
        next = m->all[next].next;
    if (next == MENTIONS_NONE)
        return MENTIONS_NONE;
    *cursor = next;
    return m->all[next].line;
}

bool mentions_in_line(struct reading *rd, size_t line, size_t id)
{
    const struct mentions *m = prepare(rd);
    for (size_t i = m->line_first[line]; i < m->line_first[line + 1]; i++)
        if (m->all[i].id == id)
            return true;
    return false;
}

bool mentions_other(struct reading *rd, size_t line, size_t id)
{
    const struct mentions *m = prepare(rd);
    bool other = false;
    for (size_t i = m->line_first[line]; i < m->line_first[line + 1]; i++) {
        if (m->all[i].id == id)
            return false;
        other |= m->all[i].found.bracketed;
    }
    return other;
}
