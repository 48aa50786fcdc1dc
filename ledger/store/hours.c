/* SPDX-License-Identifier: MIT */
/*
 * hours.c - how many events there were in each hour, for the guard.
 *
 * In: the events of an address before and after a change. Out: differences, collected over a batch and then added to
 * the table. It counts the leading events of each cause and all outcomes (reason -1) for each provider, and the
 * unproved complaints of each reporter. Nothing is refused.
 */
#include "store/hours.h"

#include "bounce.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 4096 };

static struct hour *find(struct hours *h, const struct hour *wanted)
{
    uint64_t hash = (uint64_t)wanted->subject * 0x9e3779b97f4a7c15u ^ (uint64_t)wanted->hour * 0xd6e8feb86659fd93u ^
                    (uint64_t)(wanted->reason + 2) * 0xa0761d6478bd642fu ^ (uint64_t)wanted->question;
    for (hash ^= hash >> 29;; hash++) {
        struct hour *slot = &h->slots[hash & (h->capacity - 1)];
        if (!slot->used || (slot->subject == wanted->subject && slot->hour == wanted->hour &&
                            slot->reason == wanted->reason && slot->question == wanted->question))
            return slot;
    }
}

static bool grow(struct hours *h)
{
    struct hours bigger = {.capacity = h->capacity ? 2 * h->capacity : FIRST_SLOTS};
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < h->capacity; i++)
        if (h->slots[i].used)
            *find(&bigger, &h->slots[i]) = h->slots[i];
    bigger.count = h->count;
    free(h->slots);
    *h = bigger;
    return true;
}

static bool add(struct hours *h, struct hour one)
{
    if (2 * h->count >= h->capacity && !grow(h))
        return false;
    struct hour *slot = find(h, &one);
    if (slot->used) {
        slot->added += one.added;
        return true;
    }
    *slot = one;
    slot->used = true;
    h->count++;
    return true;
}

static bool is_outcome(const struct ledger_event *e)
{
    return (e->happened == BOUNCE_HAPPENED_BOUNCE || e->happened == BOUNCE_HAPPENED_DELIVERY) &&
           !(e->flags & (VERDICT_SENT_NO | VERDICT_INBOUND));
}

bool hours_count(struct hours *h, const struct ledger_events *list, int sign)
{
    bool done = true;
    for (size_t i = 0; i < list->count; i++) {
        const struct ledger_event *e = &list->all[i];
        struct hour one = {.subject = e->provider, .hour = e->at / EVENT_HOUR_S, .added = sign};
        if (e->is_gone)
            continue;
        one.question = BOUNCE_GUARD_PROVIDER;
        one.reason = -1;
        if (is_outcome(e))
            done = add(h, one) && done;
        one.reason = e->reason;
        if (e->flags & EVENT_LEADS)
            done = add(h, one) && done;
        one = (struct hour){.subject = e->reporter, .hour = one.hour, .added = sign, .question = BOUNCE_GUARD_REPORTER};
        if (e->happened == BOUNCE_HAPPENED_COMPLAINT && e->reporter >= 0 &&
            !(e->flags & (VERDICT_TRUSTED | VERDICT_SENT_YES)))
            done = add(h, one) && done;
    }
    return done;
}

static int by_subject(const void *a, const void *b)
{
    const struct hour *x = a, *y = b;
    if (x->question != y->question)
        return x->question - y->question;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->reason != y->reason)
        return x->reason - y->reason;
    return (x->hour > y->hour) - (x->hour < y->hour);
}

size_t hours_sort(struct hours *h)
{
    size_t count = 0;
    for (size_t i = 0; i < h->capacity; i++)
        if (h->slots[i].used && h->slots[i].added)
            h->slots[count++] = h->slots[i];
    if (count > 1)
        qsort(h->slots, count, sizeof *h->slots, by_subject);
    return count;
}

void hours_save(struct db *db, const struct hours *h, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hour *one = &h->slots[i];
        db_do(db, SQL_add_hour, "iiiii", (int64_t)one->question, one->subject, (int64_t)one->reason, one->hour,
              one->added);
    }
}

bool hours_reserve(struct hours *h, size_t count)
{
    if (count <= h->capacity)
        return true;
    size_t capacity = 2 * count + FIRST_SLOTS;
    struct hour *more = realloc(h->slots, capacity * sizeof *more);
    if (!more)
        return false;
    h->slots = more;
    h->capacity = capacity;
    return true;
}

void hours_clear(struct hours *h)
{
    if (h->slots)
        memset(h->slots, 0, h->capacity * sizeof *h->slots);
    h->count = 0;
}

void hours_free(struct hours *h)
{
    free(h->slots);
    *h = (struct hours){0};
}
