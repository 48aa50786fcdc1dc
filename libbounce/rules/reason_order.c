/* SPDX-License-Identifier: MIT */
/*
 * reason_order.c - the file data/patterns/order: which reasons come first.
 *
 * What comes in: lines with one reason each; blank lines and those that begin with `#` have no meaning. What goes out:
 * the place of each reason. Refused, with an error: a word that is not a reason, a repeated reason, and a missing one.
 */
#include "base/limits.h"
#include "rules/reader.h"
#include "smtp/reasons.h"

struct order_reader {
    struct rule_entries *e;
    const char *path;
    size_t file;
    uint8_t *places;
    uint32_t lines[REASON_COUNT]; /* by reason; 0: not seen yet */
    uint32_t line, column;
    uint8_t count;
};

static struct rule_error place_of(const struct order_reader *o)
{
    return (struct rule_error){
        .path = o->path, .file = o->file, .status = BOUNCE_ERROR_RULES, .line = o->line, .column = o->column};
}

/* REASON_COUNT if the word is not a reason. */
static size_t find_reason(struct span word)
{
    size_t i = 0;
    while (i < REASON_COUNT && !word_is(word, bounce_reason_name((bounce_reason)i)))
        i++;
    return i;
}

static void add_reason(struct order_reader *o, struct span word)
{
    size_t reason = find_reason(word);
    struct rule_error where = place_of(o);
    if (reason == REASON_COUNT) {
        const char *shown = arena_strndup(o->e->arena, word.s, word.n < 40 ? word.n : 40);
        rule_entries_error(o->e, &where, "\"%s\" is not a reason", shown);
    } else if (o->lines[reason]) {
        rule_entries_error(o->e, &where, "\"%s\" is in line %u already", bounce_reason_name((bounce_reason)reason),
                           (unsigned)o->lines[reason]);
    } else {
        o->lines[reason] = o->line;
        o->places[reason] = o->count++;
    }
}

static void check_complete(struct order_reader *o)
{
    o->line = o->column = 0;
    struct rule_error where = place_of(o);
    for (size_t i = 0; i < REASON_COUNT; i++)
        if (!o->lines[i])
            rule_entries_error(o->e, &where, "\"%s\" is missing", bounce_reason_name((bounce_reason)i));
}

void reason_order_read_bytes(struct rule_entries *e, const char *path, struct span bytes)
{
    struct order_reader o = {.e = e, .path = path, .file = e->file_count};
    struct span line;
    o.places = e->reason_places = arena_calloc(e->arena, REASON_COUNT, sizeof *e->reason_places);
    rule_entries_add_file(e, bytes);
    while (span_next_line(&bytes, &line)) {
        struct span word = span_trim(line);
        o.line++;
        o.column = (uint32_t)(word.s - line.s) + 1;
        if (word.n && word.s[0] != '#')
            add_reason(&o, word);
    }
    check_complete(&o);
}

void reason_order_read(struct rule_entries *e, const char *path)
{
    GByteArray *bytes = rule_source_bytes(e, path);
    if (!bytes)
        return;
    reason_order_read_bytes(e, path, span_of((const char *)bytes->data, bytes->len));
    g_byte_array_free(bytes, TRUE);
}
