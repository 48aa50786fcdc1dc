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
    size_t batch;        /* recipients per transaction */
    bool first_cleaning; /* the guard does not count */
    bool dry;
};

/* What happened to the recipients that were added. */
struct recorder_counts {
    uint64_t recipients, recorded, known, unresolved, ignored;
};

struct recorder *recorder_new(const struct recorder_options *options);
void recorder_free(struct recorder *r);
const struct recorder_counts *recorder_counts(const struct recorder *r);
/* The memory of the current batch, for verdict_read(). */
struct line_pool *recorder_pool(struct recorder *r);
/* Adds a recipient to the batch; for verdict_read(). */
void recorder_add(void *recorder, const struct seen_verdict *v);
/* True if the batch must be committed. */
bool recorder_is_full(const struct recorder *r);
/* True if part of the last line did not fit. */
bool recorder_is_overfull(const struct recorder *r);
/* Stores the batch in a transaction of its own; a dry run never commits it. False: a database problem, or memory ran
 * out; then nothing of the batch is stored. */
bool recorder_commit(struct recorder *r);
/* Before a line: marks the end of the batch. After one that did not fit: removes what it added; false if the batch is
 * then empty. */
void recorder_mark(struct recorder *r);
bool recorder_go_back(struct recorder *r);

/* For events without a verdict, between recorder_begin() and recorder_end(). Returns the number of an address; -1: it
 * is invalid or unknown. */
bool recorder_begin(struct recorder *r);
bool recorder_end(struct recorder *r);
int64_t recorder_address(struct recorder *r, const char *spelling, bool may_add);
/* Adds an event of that address; recorder_end() computes what follows from it. */
void recorder_event(struct recorder *r, int64_t address, const struct ledger_event *e);
/* Computes the states whose time has come. */
bool recorder_tick(struct recorder *r);
/* Computes all states again by the current policy. */
bool recorder_replay(struct recorder *r);
struct event_context *recorder_context(struct recorder *r);

#endif
