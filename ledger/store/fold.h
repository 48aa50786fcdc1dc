/* SPDX-License-Identifier: MIT */
/* fold.h - what follows from the events of an address: its states. */
#ifndef LEDGER_STORE_FOLD_H
#define LEDGER_STORE_FOLD_H

#include "bounce.h"
#include "store/event.h"
#include "store/guard.h"

/* Each target means another pass over the events of the address, and a forged mail may invent names of lists. */
enum { FOLD_TARGETS = 256 };

/* A scope, and the state there. */
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
    bounce_policy_event *events; /* of the current address, with room for those of one target */
    size_t capacity;
    bool has_sent;   /* the table of sent mails is not empty */
    int64_t sent_at; /* when the last one was sent to the current address; 0: unknown */
    bool failed;     /* memory ran out */
};

/* Converts an event for the policy. */
void fold_event(struct guard *guard, const struct ledger_event *e, bounce_policy_event *to);
/* Call it before a batch. */
void fold_begin(struct fold *f);
/* Computes targets from the events of an address. Nothing is stored. */
void fold_events(struct fold *f, int64_t address, const struct ledger_events *list);
/* Stores the states of targets that differ from those in the tables, and the changes. is_new: the address has no stored
 * states yet. */
void fold_save(struct fold *f, int64_t address, bool is_new);
void fold_free(struct fold *f);

#endif
