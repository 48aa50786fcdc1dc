/* SPDX-License-Identifier: MIT */
/* recorder.h - batches of verdicts into the ledger. */
#ifndef LEDGER_STORE_RECORDER_H
#define LEDGER_STORE_RECORDER_H

#include "bounce.h"
#include "store/event.h"

struct recorder;

struct recorder_options {
    struct db *db;
    const bounce_policy *policy;
    int64_t now;
    const char *scope; /* "TENANT/STREAM/LIST" */
    const char *const *own_domains;
    size_t own_domain_count;
    size_t batch;        /* recipients in a transaction */
    bool first_cleaning; /* the guard does not count */
    bool dry;
};

/* What became of the recipients that were added. */
struct recorder_counts {
    uint64_t recipients, recorded, known, unresolved, ignored;
};

struct recorder *recorder_new(const struct recorder_options *options);
void recorder_free(struct recorder *r);
const struct recorder_counts *recorder_counts(const struct recorder *r);
/* The memory of the batch at hand, for verdict_read(). */
struct line_pool *recorder_pool(struct recorder *r);
/* Adds a recipient to the batch; for verdict_read(). */
void recorder_add(void *recorder, const struct seen_verdict *v);
/* True once the batch is to be committed. */
bool recorder_is_full(const struct recorder *r);
/* True if something of the last line found no room. */
bool recorder_is_overfull(const struct recorder *r);
/* Puts the batch into the tables, in a transaction of its own; a dry one is never committed. False: the
 * database has a problem, or there is no memory, and nothing of the batch is kept. */
bool recorder_commit(struct recorder *r);
/* Before a line, and after one for which there was no room: what it added is taken out. False: it was alone. */
void recorder_mark(struct recorder *r);
bool recorder_go_back(struct recorder *r);

/* For what is no verdict, between recorder_begin() and recorder_end(). The number of an address; -1: it is none, or not
 * known. */
bool recorder_begin(struct recorder *r);
bool recorder_end(struct recorder *r);
int64_t recorder_address(struct recorder *r, const char *spelling, bool may_add);
/* An event of that address; what follows from it, recorder_end() works out. */
void recorder_event(struct recorder *r, int64_t address, const struct ledger_event *e);
/* Works out the states whose time has come. */
bool recorder_tick(struct recorder *r);
/* Works everything out anew, by the policy at hand. */
bool recorder_replay(struct recorder *r);
struct event_context *recorder_context(struct recorder *r);

#endif
