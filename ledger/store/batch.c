/* SPDX-License-Identifier: MIT */
/*
 * batch.c - the messages of a batch, and whether the guard trips for one of them.
 *
 * In: the recipients of a batch, after their events were written. Out: one question to the guard for
 * each message, reason and day among them. Nothing is refused.
 */
#include "store/batch.h"

#include <stdlib.h>

static int by_message(const void *a, const void *b)
{
    const struct ledger_event *x = a, *y = b;
    if (x->message != y->message)
        return x->message < y->message ? -1 : 1;
    if (x->reason != y->reason)
        return x->reason - y->reason;
    return (x->at > y->at) - (x->at < y->at);
}

static bool is_same_day(const struct ledger_event *a, const struct ledger_event *b)
{
    return a->message == b->message && a->reason == b->reason && a->at / EVENT_DAY_S == b->at / EVENT_DAY_S;
}

bool batch_judge_messages(struct event_context *c, struct guard *g, const struct batch_item *items, size_t count,
                          struct address_set *concerned)
{
    bool done = true;
    struct ledger_events asked = {0};
    for (size_t i = 0; i < count; i++) {
        struct ledger_event e;
        if (!items[i].key || !items[i].verdict.message_id)
            continue;
        event_from_verdict(c, &items[i].verdict, items[i].domain, &e);
        if ((e.flags & EVENT_COUNTED) && !event_list_add(&asked, &e))
            done = false;
    }
    if (asked.count > 1)
        qsort(asked.all, asked.count, sizeof *asked.all, by_message);
    for (size_t i = 0; i < asked.count; i++)
        if (i == 0 || !is_same_day(&asked.all[i], &asked.all[i - 1]))
            guard_judge_message(g, &asked.all[i], concerned);
    free(asked.all);
    return done;
}
