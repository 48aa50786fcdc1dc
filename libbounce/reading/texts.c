/* SPDX-License-Identifier: MIT */
/*
 * texts.c - see texts.h. In: spans of the report. Out: one read_text for each
 * distinct one, found by an open hash table; the reply grammar (RFC 5321 4.2) runs
 * once over each.
 */
#include "reading/texts.h"
#include "base/chunk.h"
#include "base/hash.h"
#include "reading/reading.h"

#include <string.h>

struct text_table {
    struct read_text **slots; /* NULL: free */
    size_t count, capacity;   /* capacity: a power of two */
};

static struct read_text **slot_of(struct text_table *table, struct span s)
{
    for (size_t i = (size_t)hash_bytes(s, table) & (table->capacity - 1);; i = (i + 1) & (table->capacity - 1)) {
        struct read_text **slot = &table->slots[i];
        if (!*slot || ((*slot)->raw.n == s.n && ((*slot)->raw.s == s.s || !memcmp((*slot)->raw.s, s.s, s.n))))
            return slot;
    }
}

static struct text_table *table_with_room(struct reading *rd)
{
    enum { FIRST_CAPACITY = 32 };
    struct text_table *table = rd->texts;
    if (!table)
        table = rd->texts = arena_calloc(rd->scratch, 1, sizeof *table);
    if (table->count * 2 < table->capacity)
        return table;
    struct text_table old = *table;
    table->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    table->slots = arena_calloc(rd->scratch, table->capacity, sizeof *table->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i])
            *slot_of(table, old.slots[i]->raw) = old.slots[i];
    return table;
}

struct read_text *texts_add(struct reading *rd, struct span words)
{
    struct read_text *t = arena_calloc(rd->scratch, 1, sizeof *t);
    t->id = ++rd->text_count;
    t->raw = span_trim(words);
    return t;
}

struct read_text *texts_intern(struct reading *rd, struct span words)
{
    words = words.n ? span_trim(words) : span_z("");
    struct text_table *table = table_with_room(rd);
    struct read_text **slot = slot_of(table, words);
    if (!*slot) {
        *slot = texts_add(rd, words);
        table->count++;
    }
    return *slot;
}

static void read_codes(struct reading *rd, struct read_text *t)
{
    reply_read_codes(rd->scratch, t->raw, &t->reply);
    if (t->reply.cut)
        report_warn(rd->report, "too-many-codes", "a text has more codes than are read");
    t->is_read = true;
    rd->replies_parsed++;
}

const struct reply *texts_codes(struct reading *rd, struct read_text *t)
{
    if (!t->is_read && reply_may_be_useful(t->raw))
        read_codes(rd, t);
    else if (!t->is_read)
        t->reply = (struct reply){.text = t->raw, .inner = t->raw};
    return &t->reply;
}

struct reply texts_codes_of(struct reading *rd, struct span words)
{
    if (!reply_may_be_useful(words))
        return (struct reply){.code = 0};
    struct read_text *t = texts_intern(rd, words);
    if (!t->is_read)
        read_codes(rd, t);
    return t->reply;
}

const struct reply *texts_reply(struct reading *rd, struct read_text *t)
{
    if (!t->is_read)
        read_codes(rd, t);
    if (!t->is_whole)
        reply_read_around(rd->scratch, t->raw, REPLY_COMMAND | REPLY_HOST | REPLY_REMOTE, &t->reply);
    t->is_whole = true;
    return &t->reply;
}

bool reply_is_useful(const struct reply *reply)
{
    return reply->code >= 400 || reply->status.class_ >= 4;
}

/* "450", "5.1": the class of a failure at s[i], with nothing glued on before it. */
static bool code_may_begin(struct span t, size_t i)
{
    return i + 2 < t.n && (t.s[i + 1] == '.' || ascii_is_digit(t.s[i + 1])) && ascii_is_digit(t.s[i + 2]) &&
           !(i && ascii_is_alnum(t.s[i - 1]));
}

bool reply_may_be_useful(struct span t)
{
    for (size_t at = 0; at < t.n; at += CHUNK) {
        const size_t left = t.n - at;
        const chunk c = left < CHUNK ? chunk_load_part(t.s + at, left) : chunk_load(t.s + at);
        unsigned found = chunk_bits(chunk_equal(c, '4') | chunk_equal(c, '5'));
        for (; found; found &= found - 1)
            if (code_may_begin(t, at + (size_t)__builtin_ctz(found)))
                return true;
    }
    return false;
}
