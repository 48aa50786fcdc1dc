/* SPDX-License-Identifier: MIT */
/*
 * log_follow.c - what the lines of one queue id say together, and which of them count.
 *
 * In: the entries, line by line. Out: those that count, with the sender, the Message-ID and the size of their message.
 * A delivery to the server's own host, a private address or a relay counts as relayed, and the next queue id keeps the
 * first sender and recipient. A line that says that nothing was tried counts only if it is the first about its
 * recipient. An expiry counts for each waiting recipient.
 */
#include "logs/log_follow.h"

#include "logs/log_fields.h"

static struct span known(struct span stated, const char *kept)
{
    return stated.s || !kept ? stated : span_z(kept);
}

static void take_message(struct log_follow *f, const struct log_entry *e)
{
    struct log_message *m = log_messages_get(f->messages, e->queue_id);
    if (!(m->is_next && m->sender))
        log_message_set(&m->sender, e->sender);
    if (e->message_id.n)
        log_message_set(&m->message_id, e->message_id);
    if (e->size)
        m->size = e->size;
}

static void add_message(struct log_entry *e, const struct log_message *m)
{
    e->sender = known(e->sender, m->sender);
    e->message_id = known(e->message_id, m->message_id);
    if (!e->size)
        e->size = m->size;
    if (m->recipient && !e->original.s && !span_same_nocase(span_z(m->recipient), e->recipient))
        e->original = span_z(m->recipient);
}

static bool is_handed_over(const struct log_follow *f, const struct log_entry *e)
{
    if (e->action != BOUNCE_ACTION_DELIVERED || e->local)
        return false;
    return log_relays_have(f->relays, e->remote, e->address) ||
           (e->remote.n && span_same_nocase(e->remote, e->host) && memchr(e->remote.s, '.', e->remote.n));
}

/* The next queue id is that of the same message; if it is the same id, everything is known already. */
static void chain(struct log_follow *f, const struct log_entry *e, const struct log_message *m)
{
    struct log_message *next = log_messages_get(f->messages, e->next_id);
    if (next == m) /* and the strings of e are those of m */
        return;
    next->is_next = true;
    log_message_set(&next->sender, e->sender);
    log_message_set(&next->recipient, e->original.s ? e->original : e->recipient);
    if (e->message_id.n)
        log_message_set(&next->message_id, e->message_id);
}

static void take_delivery(struct log_follow *f, struct log_entry *e)
{
    struct log_message *m = e->queue_id.n ? log_messages_get(f->messages, e->queue_id) : NULL;
    struct log_told *told = NULL;
    bool before = false;
    if (m)
        add_message(e, m);
    if (is_handed_over(f, e))
        e->action = BOUNCE_ACTION_RELAYED;
    bool delivered = e->action == BOUNCE_ACTION_DELIVERED && !f->delivered;
    if (m && e->recipient.s && !(delivered && !m->told_count)) {
        told = log_messages_tell(f->messages, m, e->recipient, &before);
        if (told)
            log_told_wait(told, e->action == BOUNCE_ACTION_DELAYED, e->recipient, e->text);
    }
    if (e->next_id.n && e->action == BOUNCE_ACTION_RELAYED)
        chain(f, e, m);
    bool failure =
        e->action == BOUNCE_ACTION_FAILED || e->action == BOUNCE_ACTION_DELAYED || e->action == BOUNCE_ACTION_COMPLAINT;
    if ((failure || f->delivered) && !(e->not_attempted && before && !f->all))
        f->take(f->data, e, told);
    else if (told && !failure)
        f->forget(f->data, told);
}

/* Waiting recipients have failed now, with their last error. */
static void take_expiry(struct log_follow *f, struct log_entry *e)
{
    struct log_message *m = e->queue_id.n ? log_messages_find(f->messages, e->queue_id) : NULL;
    bool any = false;
    if (m)
        add_message(e, m);
    for (uint32_t i = 0; m && i < m->told_count; i++) {
        struct log_told *told = &m->told[i];
        if (!told->address)
            continue;
        struct log_entry one = *e;
        one.recipient = span_z(told->address);
        one.text = span_z(told->text);
        f->take(f->data, &one, told);
        any = true;
        log_told_wait(told, false, one.recipient, one.text);
    }
    if (!any)
        f->take(f->data, e, NULL);
}

static void take_entry(struct log_follow *f, struct log_entry *e)
{
    switch (e->event) {
    case LOG_MESSAGE: take_message(f, e); break;
    case LOG_END: log_messages_remove(f->messages, e->queue_id); break;
    case LOG_DELIVERY:
        if (e->inbound && f->inbound)
            f->take(f->data, e, NULL);
        else if (!e->inbound && e->expired && !e->recipient.s)
            take_expiry(f, e);
        else if (!e->inbound)
            take_delivery(f, e);
        break;
    case LOG_NOTHING: break;
    }
}

void log_follow_line(struct log_follow *f, struct log_reader *r)
{
    for (size_t i = 0; i < r->count; i++)
        take_entry(f, &r->entries[i]);
}
