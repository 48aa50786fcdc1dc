/* SPDX-License-Identifier: MIT */
/*
 * log_known.c - entries of logs that were judged before.
 *
 * In: entries. Out: for one that says the same as an earlier one, of the same host's answer about the same domain, the
 * report of that one: most lines of a bad day repeat what was said before. The recipient itself counts only where the
 * text has its name in it. Memory is bounded: a new entry takes the place of another one. Refused: texts with a time
 * of day, which means something else each time, and long ones.
 */
#include "log_known.h"

#include "base/hash.h"

#include <glib.h>

enum { SLOTS = 8192, SET = 4, LONGEST_BYTES = 2048 };

struct known_entry {
    uint64_t hash; /* of an entry that was seen, also if it was not kept */
    struct bounce_report *report;
    char *key;
    size_t key_bytes;
};

struct log_known {
    struct known_entry slots[SLOTS];
};

struct log_known *log_known_new(void)
{
    return g_new0(struct log_known, 1);
}

static void forget(struct known_entry *s)
{
    bounce_report_free(s->report);
    g_free(s->key);
    *s = (struct known_entry){.hash = 0};
}

void log_known_free(struct log_known *k)
{
    for (size_t i = 0; k && i < SLOTS; i++)
        forget(&k->slots[i]);
    g_free(k);
}

/* "10:30" */
static bool has_time_of_day(struct span text)
{
    const char *at = text.s, *end = text.s + text.n;
    while ((at = memchr(at, ':', (size_t)(end - at)))) {
        if (at > text.s && at + 1 < end && ascii_is_digit(at[-1]) && ascii_is_digit(at[1]))
            return true;
        at++;
    }
    return false;
}

static void add_span(struct strbuf *b, struct span s)
{
    strbuf_add(b, (const char *)&s.n, sizeof s.n);
    strbuf_add(b, s.s ? s.s : "", s.n);
}

/* What of the recipient may count. */
static struct span recipient_of(struct arena *a, const struct log_entry *e)
{
    const char *at = e->recipient.n ? memchr(e->recipient.s, '@', e->recipient.n) : NULL;
    struct span local = span_of(e->recipient.s, at ? (size_t)(at - e->recipient.s) : 0);
    if (!local.n || e->original.s || span_find_nocase(e->text, arena_strndup(a, local.s, local.n)))
        return e->recipient;
    return span_of(at, e->recipient.n - local.n);
}

struct span log_known_key(struct arena *a, const struct log_entry *e)
{
    struct strbuf b;
    if (!e->text.n || e->text.n > LONGEST_BYTES || e->recipient.n > LONGEST_BYTES || has_time_of_day(e->text))
        return span_of(NULL, 0);
    strbuf_init(&b, a);
    strbuf_reserve(&b, e->text.n + e->recipient.n + 256);
    strbuf_add(&b, (const char *)&e->action, sizeof e->action);
    strbuf_add(&b, (const char *)&e->command, sizeof e->command);
    strbuf_add(&b, (const char *)&e->reply_code, sizeof e->reply_code);
    strbuf_putc(&b, (char)(e->local | e->expired << 1 | e->inbound << 2 | e->not_attempted << 3));
    add_span(&b, e->text);
    add_span(&b, recipient_of(a, e));
    add_span(&b, e->original);
    add_span(&b, e->status);
    add_span(&b, e->remote);
    add_span(&b, e->host);
    add_span(&b, span_z(e->software));
    return span_of(b.s, b.n);
}

/* The place of an entry, or where it belongs: any of the set's, by other bits of the hash. */
static struct known_entry *find_place(struct log_known *k, uint64_t hash)
{
    struct known_entry *set = &k->slots[hash % (SLOTS / SET) * SET];
    for (size_t i = 0; i < SET; i++)
        if (set[i].hash == hash)
            return &set[i];
    for (size_t i = 0; i < SET; i++)
        if (!set[i].hash)
            return &set[i];
    return &set[hash >> 40 & (SET - 1)];
}

struct bounce_report *log_known_find(struct log_known *k, struct span key, bool *again)
{
    uint64_t hash = hash_bytes(key, k);
    struct known_entry *s = find_place(k, hash);
    *again = s->hash == hash;
    if (*again && s->report && s->key_bytes == key.n && memcmp(s->key, key.s, key.n) == 0)
        return s->report;
    if (!*again) {
        forget(s);
        s->hash = hash;
    }
    return NULL;
}

void log_known_keep(struct log_known *k, struct span key, struct bounce_report *report)
{
    struct known_entry *s = find_place(k, hash_bytes(key, k));
    if (s->report)
        return;
    s->key = g_malloc(key.n);
    memcpy(s->key, key.s, key.n);
    s->key_bytes = key.n;
    s->report = report_share(report);
}
