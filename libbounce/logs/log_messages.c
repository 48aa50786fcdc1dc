/* SPDX-License-Identifier: MIT */
/*
 * log_messages.c - what is known about open messages, by queue id.
 *
 * In: queue ids and what lines say about them. Out: the same for a later line. The table is bounded: beyond
 * LIMIT_LOG_MESSAGES the one not named for the longest time is dropped.
 */
#include "logs/log_messages.h"

#include "base/hash.h"
#include "base/limits.h"

#include <glib.h>

enum { SLOTS = 1 << 17 };

struct log_messages {
    struct log_message **slots;
    struct log_message *oldest, *newest;
    size_t count, told_count;
    uint64_t dropped;
    log_messages_drop_fn *drop;
    void *data;
};

struct log_messages *log_messages_new(log_messages_drop_fn *drop, void *data)
{
    struct log_messages *t = g_new0(struct log_messages, 1);
    t->drop = drop;
    t->data = data;
    return t;
}

static void unlink_age(struct log_messages *t, struct log_message *m)
{
    *(m->older ? &m->older->newer : &t->oldest) = m->newer;
    *(m->newer ? &m->newer->older : &t->newest) = m->older;
}

static void link_newest(struct log_messages *t, struct log_message *m)
{
    m->older = t->newest;
    m->newer = NULL;
    *(t->newest ? &t->newest->newer : &t->oldest) = m;
    t->newest = m;
}

static void forget(struct log_messages *t, struct log_message *m)
{
    struct log_message **at = &t->slots[m->hash % SLOTS];
    while (*at != m)
        at = &(*at)->next_in_slot;
    *at = m->next_in_slot;
    unlink_age(t, m);
    t->count--;
    if (t->drop)
        t->drop(t->data, m);
    g_free(m->sender);
    g_free(m->message_id);
    g_free(m->recipient);
    g_free(m->text);
    for (uint32_t i = 0; i < m->told_count; i++) {
        g_free(m->told[i].address);
        g_free(m->told[i].text);
    }
    t->told_count -= m->told_count;
    g_free(m->told);
    g_free(m);
}

bool log_messages_drop_oldest(struct log_messages *t)
{
    if (!t->oldest)
        return false;
    forget(t, t->oldest);
    return true;
}

void log_messages_free(struct log_messages *t)
{
    if (!t)
        return;
    while (log_messages_drop_oldest(t))
        continue;
    g_free(t->slots);
    g_free(t);
}

static struct log_message *find(struct log_messages *t, struct span key, uint64_t hash)
{
    struct log_message *m = t->slots ? t->slots[hash % SLOTS] : NULL;
    while (m && !(m->hash == hash && m->key_bytes == key.n && memcmp(m->key, key.s, key.n) == 0))
        m = m->next_in_slot;
    return m;
}

struct log_message *log_messages_find(struct log_messages *t, struct span key)
{
    return key.n ? find(t, key, hash_bytes(key, t)) : NULL;
}

struct log_message *log_messages_get(struct log_messages *t, struct span key)
{
    uint64_t hash = hash_bytes(key, t);
    struct log_message *m = find(t, key, hash);
    if (m) {
        unlink_age(t, m);
        link_newest(t, m);
        return m;
    }
    if (t->count >= LIMIT_LOG_MESSAGES) {
        log_messages_drop_oldest(t);
        t->dropped++;
    }
    if (!t->slots)
        t->slots = g_new0(struct log_message *, SLOTS);
    m = g_malloc(sizeof *m + key.n);
    *m = (struct log_message){.key_bytes = key.n};
    memcpy(m->key, key.s, key.n);
    m->hash = hash;
    m->next_in_slot = t->slots[hash % SLOTS];
    t->slots[hash % SLOTS] = m;
    link_newest(t, m);
    t->count++;
    return m;
}

void log_messages_remove(struct log_messages *t, struct span key)
{
    struct log_message *m = log_messages_find(t, key);
    if (m)
        forget(t, m);
}

uint64_t log_messages_dropped(const struct log_messages *t)
{
    return t->dropped;
}

void log_message_set(char **string, struct span value)
{
    if (!value.s)
        return;
    g_free(*string);
    *string = g_strndup(value.s, value.n < LIMIT_ADDRESS_BYTES ? value.n : LIMIT_ADDRESS_BYTES);
}

struct log_told *log_messages_tell(struct log_messages *t, struct log_message *m, struct span recipient, bool *before)
{
    uint64_t hash = hash_bytes(recipient, t);
    *before = true;
    for (uint32_t i = 0; i < m->told_count; i++)
        if (m->told[i].hash == hash)
            return &m->told[i];
    *before = false;
    if (m->told_count == LIMIT_LOG_TOLD)
        return NULL;
    if (m->told_count == m->told_capacity) {
        m->told_capacity = m->told_capacity ? m->told_capacity * 2 : 1;
        m->told = g_renew(struct log_told, m->told, m->told_capacity);
    }
    while (t->told_count >= LIMIT_LOG_RECIPIENTS && t->oldest && t->oldest != m) {
        log_messages_drop_oldest(t);
        t->dropped++;
    }
    t->told_count++;
    m->told[m->told_count] = (struct log_told){.hash = hash};
    return &m->told[m->told_count++];
}

void log_told_wait(struct log_told *told, bool waits, struct span recipient, struct span text)
{
    if (waits) {
        log_message_set(&told->address, recipient);
        log_message_set(&told->text, text);
        return;
    }
    g_free(told->address);
    g_free(told->text);
    told->address = told->text = NULL;
}
