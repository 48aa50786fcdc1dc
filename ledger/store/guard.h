/* SPDX-License-Identifier: MIT */
/* guard.h - where so many bounces of one cause come that they are held, not believed. */
#ifndef LEDGER_STORE_GUARD_H
#define LEDGER_STORE_GUARD_H

#include "bounce.h"
#include "store/event.h"
#include "store/hours.h"

/* Addresses whose states are to be worked out. */
struct address_set {
    int64_t *ids;
    size_t count, capacity;
};

bool address_set_add(struct address_set *set, int64_t id);
/* Each once, in order. */
void address_set_sort(struct address_set *set);

struct guard {
    struct db *db;
    const bounce_policy *policy;
    int64_t window_h, history_h;
    bool has_trips; /* any at all */
    bool has_sent;  /* mails that were sent are known */
    bool failed;    /* there was no memory */
};

void guard_begin(struct guard *g, struct db *db, const bounce_policy *policy);
/* After the hours were saved: finds where the guard trips now and did not before, or no longer, and adds the addresses
 * that this concerns. */
void guard_judge(struct guard *g, const struct hours *h, size_t count, struct address_set *concerned);
/* The same for all subjects, after the policy has changed; messages stay as they are. */
void guard_judge_all(struct guard *g);
/* The same for one message, of which an address has just had another event. */
void guard_judge_message(struct guard *g, const struct ledger_event *e, struct address_set *concerned);
/* False: whether the guard trips or not makes no difference to these events. */
bool guard_may_hold(const struct ledger_events *list);
/* Whether an event is one that is held. */
bool guard_holds(struct guard *g, const struct ledger_event *e);

#endif
