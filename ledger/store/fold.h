/* SPDX-License-Identifier: MIT */
/* fold.h - what follows from the events of an address: its states. */
#ifndef LEDGER_STORE_FOLD_H
#define LEDGER_STORE_FOLD_H

#include "bounce.h"
#include "store/event.h"
#include "store/guard.h"

/* Each costs a look at all events of the address, and a list's name may come out of a forged mail. */
enum { FOLD_TARGETS = 256 };

/* For whom a state holds, and what it is. */
struct target {
    int64_t scope;
    bounce_address_state state;
    bounce_policy_decision decision;
};

struct fold {
    struct event_context *context;
    struct guard *guard;
    const bounce_policy *policy;
    int64_t now;
    struct target targets[FOLD_TARGETS];
    int count;
    bounce_policy_event *events; /* of the address at hand, and room for those of one target */
    size_t capacity;
    bool has_sent;   /* the table of mails that were sent has rows */
    int64_t sent_at; /* the last one to the address at hand; 0: none is known */
    bool failed;     /* there is no memory */
};

/* As the policy sees it. */
void fold_event(struct guard *guard, const struct ledger_event *e, bounce_policy_event *to);
/* Before a batch. */
void fold_begin(struct fold *f);
/* What the events of an address come to: into targets. Nothing is written. */
void fold_events(struct fold *f, int64_t address, const struct ledger_events *list);
/* Writes the states of targets where they differ from those in the tables, and the changes. is_new: the address has no
 * state yet. */
void fold_save(struct fold *f, int64_t address, bool is_new);
void fold_free(struct fold *f);

#endif
