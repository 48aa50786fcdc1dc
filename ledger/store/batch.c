/* SPDX-License-Identifier: MIT */
/*
 * batch.c - the messages of a batch, and whether the guard trips for one of them.
 *
 * In: the events of a batch that the guard counts, after they were written. Out: one question to the guard for each
 * message, reason and day among them. Nothing is refused.
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

void batch_judge_messages(struct guard *g, struct ledger_events *counted, struct address_set *concerned)
{
    if (counted->count > 1)
        qsort(counted->all, counted->count, sizeof *counted->all, by_message);
    for (size_t i = 0; i < counted->count; i++)
        if (i == 0 || !is_same_day(&counted->all[i], &counted->all[i - 1]))
            guard_judge_message(g, &counted->all[i], concerned);
    counted->count = 0;
}
