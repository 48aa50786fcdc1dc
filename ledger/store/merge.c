/* SPDX-License-Identifier: MIT */
/*
 * merge.c - the same failure from several sources is one event.
 *
 * In: the events of an address, and one more report. Out: the events, where two that have a key in common became one.
 * The result is the same in whatever order the reports come: an event has the keys of all of them, the earliest and the
 * latest time, and the words of the one with the lowest weight. Refused: more than a million events of one address.
 */
#include "store/merge.h"

#include <stdlib.h>

static bool has_key(const struct ledger_event *e, uint64_t key)
{
    for (int i = 0; i < e->key_count; i++)
        if (e->keys[i] == key)
            return true;
    return false;
}

static bool is_same(const struct ledger_event *a, const struct ledger_event *b)
{
    for (int i = 0; i < b->key_count; i++)
        if (has_key(a, b->keys[i]))
            return true;
    return false;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void join_keys(struct ledger_event *e, const struct ledger_event *other)
{
    for (int i = 0; i < other->key_count && e->key_count < EVENT_KEYS; i++)
        if (!has_key(e, other->keys[i])) {
            e->keys[e->key_count++] = other->keys[i];
            e->is_changed = true;
        }
    qsort(e->keys, (size_t)e->key_count, sizeof *e->keys, by_value);
}

/* Merges what is true of the event, whoever reports it. */
static void join_facts(struct ledger_event *e, const struct ledger_event *other, int64_t default_scope)
{
    struct ledger_event before = *e;
    e->at = other->at < e->at ? other->at : e->at;
    e->last_at = other->last_at > e->last_at ? other->last_at : e->last_at;
    e->doors |= other->doors;
    e->flags |= other->flags & VERDICT_SENT_YES;
    if (e->flags & VERDICT_SENT_YES)
        e->flags &= ~(int64_t)VERDICT_SENT_NO;
    if (!e->message)
        e->message = other->message;
    if (e->scope == default_scope)
        e->scope = other->scope;
    if (e->at != before.at || e->last_at != before.last_at || e->doors != before.doors || e->flags != before.flags ||
        e->message != before.message || e->scope != before.scope)
        e->is_changed = true;
}

/* The event that is believed keeps its words; the facts of the other one are added. */
static void absorb(struct ledger_event *kept, const struct ledger_event *other, int64_t default_scope)
{
    struct ledger_event weaker = *other;
    if (other->weight < kept->weight) {
        weaker = *kept; /* LEADS is computed later */
        *kept = *other;
        kept->n = weaker.n;
        kept->is_new = weaker.is_new;
        kept->is_changed = true;
    }
    join_keys(kept, &weaker);
    join_facts(kept, &weaker, default_scope);
}

bool merge_event(struct ledger_events *list, const struct ledger_event *seen, int64_t default_scope)
{
    struct ledger_event *first = NULL;
    int64_t last_n = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct ledger_event *e = &list->all[i];
        last_n = e->n > last_n ? e->n : last_n;
        if (e->is_gone || !is_same(e, seen))
            continue;
        if (!first) {
            first = e;
            continue;
        }
        /* These two were thought to be different events; the row that is kept has its own words. */
        struct ledger_event *stays = e->weight < first->weight ? e : first, *goes = stays == e ? first : e;
        absorb(stays, goes, default_scope);
        goes->is_gone = true;
        first = stays;
    }
    if (first) {
        absorb(first, seen, default_scope);
        return true;
    }
    if (last_n == EVENTS_OF_ADDRESS - 1)
        return true;
    if (!event_list_add(list, seen))
        return false;
    list->all[list->count - 1].n = last_n + 1;
    qsort(list->all[list->count - 1].keys, (size_t)seen->key_count, sizeof *seen->keys, by_value);
    return true;
}

/* The order must not depend on the order of the reports. */
static int by_time(const void *a, const void *b)
{
    const struct ledger_event *x = a, *y = b;
    if (x->is_gone != y->is_gone)
        return x->is_gone - y->is_gone;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static bool leads(const struct ledger_events *list, size_t at)
{
    const struct ledger_event *e = &list->all[at];
    for (size_t i = at; i-- > 0;) {
        const struct ledger_event *before = &list->all[i];
        if (before->at <= e->at - EVENT_DAY_S)
            break;
        if ((before->flags & EVENT_LEADS) && before->provider == e->provider && before->reason == e->reason)
            return false;
    }
    return true;
}

void merge_leaders(struct ledger_events *list)
{
    if (list->count > 1)
        qsort(list->all, list->count, sizeof *list->all, by_time);
    for (size_t i = 0; i < list->count && !list->all[i].is_gone; i++) {
        struct ledger_event *e = &list->all[i];
        int64_t before = e->flags;
        e->flags &= ~(int64_t)EVENT_LEADS;
        if ((e->flags & EVENT_COUNTED) && leads(list, i))
            e->flags |= EVENT_LEADS;
        e->is_changed = e->is_changed || e->flags != before;
    }
}
