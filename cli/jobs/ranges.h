/* SPDX-License-Identifier: MIT */
/* ranges.h - how far workers that read by themselves have got, in memory that all share. */
#ifndef CLI_JOBS_RANGES_H
#define CLI_JOBS_RANGES_H

#include "bounce.h"

#include <pthread.h>
#include <stdatomic.h>

struct range_state {
    bounce_position next; /* of the range to take next */
    uint64_t taken;       /* ranges; taken % slots is the batch of the next one */
    bool ended;           /* there are no more */
};

struct ranges {
    pthread_mutex_t lock;        /* held while taking a range */
    uint32_t slots;              /* batches that may be in use at once */
    atomic_uint_least64_t freed; /* ranges whose results were written */
    atomic_bool stop;            /* take no more ranges */
    atomic_bool stop_soon;       /* end ranges that were taken after the current message */
    /* Two copies, so that the death of a worker never leaves half a record. */
    struct range_state state[2];
    atomic_uint current;
};

/* False if the system has no such locks. first: the number of the oldest batch. */
bool ranges_begin(struct ranges *r, const bounce_position *from, uint64_t first, uint32_t slots);
/* If a process dies with the lock, the next one gets it. */
void ranges_lock(struct ranges *r);
void ranges_unlock(struct ranges *r);
struct range_state ranges_state(const struct ranges *r);
/* Call it with the lock. Atomic. */
void ranges_set_state(struct ranges *r, const struct range_state *state);
/* Whether a batch is free for the next range. */
bool ranges_have_room(const struct ranges *r);

#endif
