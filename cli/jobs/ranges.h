/* SPDX-License-Identifier: MIT */
/* ranges.h - how far workers that read for themselves have come, in memory that all share. */
#ifndef CLI_JOBS_RANGES_H
#define CLI_JOBS_RANGES_H

#include "bounce.h"

#include <pthread.h>
#include <stdatomic.h>

struct range_state {
    bounce_position next; /* of the range that is taken next */
    uint64_t taken;       /* ranges; number taken % slots is the batch of the next one */
    bool ended;           /* there are no more */
};

struct ranges {
    pthread_mutex_t lock;        /* for who takes one */
    uint32_t slots;              /* batches that may be in use at once */
    atomic_uint_least64_t freed; /* ranges whose results were written */
    atomic_bool stop;            /* no more are to be taken */
    atomic_bool stop_soon;       /* those that were taken end behind the message at hand */
    /* Two, so that a worker's death never leaves half a record. */
    struct range_state state[2];
    atomic_uint current;
};

/* False if there are no such locks. The first number is that of the oldest batch. */
bool ranges_begin(struct ranges *r, const bounce_position *from, uint64_t first, uint32_t slots);
/* A process that dies with the lock leaves it to the next one. */
void ranges_lock(struct ranges *r);
void ranges_unlock(struct ranges *r);
struct range_state ranges_state(const struct ranges *r);
/* With the lock; at once, or not at all. */
void ranges_set_state(struct ranges *r, const struct range_state *state);
/* Whether there is a batch for the next range. */
bool ranges_have_room(const struct ranges *r);

#endif
