/* SPDX-License-Identifier: MIT */
/* guard.h - bounces of one cause that are too many to be believed: they are held. */
#ifndef LEDGER_STORE_GUARD_H
#define LEDGER_STORE_GUARD_H

#include "bounce.h"
#include "store/event.h"
#include "store/hours.h"

/* Addresses whose states must be computed. */
struct address_set {
    int64_t *ids;
    size_t count, capacity;
};

bool address_set_add(struct address_set *set, int64_t id);
/* Sorts the set and removes duplicates. */
void address_set_sort(struct address_set *set);

struct guard {
    struct db *db;
    const bounce_policy *policy;
    int64_t window_h, history_h;
    bool has_trips; /* the table of trips is not empty */
    bool has_sent;  /* the table of sent mails is not empty */
    bool failed;    /* memory ran out */
};

void guard_begin(struct guard *g, struct db *db, const bounce_policy *policy);
/* After the hours were saved: finds where the guard now trips and did not before, or no longer trips, and adds the
 * addresses concerned. */
void guard_judge(struct guard *g, const struct hours *h, size_t count, struct address_set *concerned);
/* The same for all subjects, after the policy has changed; trips of messages are kept. */
void guard_judge_all(struct guard *g);
/* The same for one message, for which an address just had another event. */
void guard_judge_message(struct guard *g, const struct ledger_event *e, struct address_set *concerned);
/* False: the guard makes no difference to these events. */
bool guard_may_hold(const struct ledger_events *list);
/* Whether an event is held. */
bool guard_holds(struct guard *g, const struct ledger_event *e);

#endif
