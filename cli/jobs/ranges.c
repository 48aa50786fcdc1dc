/* SPDX-License-Identifier: MIT */
/*
 * ranges.c - how far workers that read by themselves have got.
 *
 * In: the position at which reading begins, and what each worker has taken. Out:
 * the position of the next range, whoever dies while taking one. Refused: systems
 * without locks that processes share and survive.
 */
#include "jobs/ranges.h"

#include <errno.h>

bool ranges_begin(struct ranges *r, const bounce_position *from, uint64_t first, uint32_t slots)
{
    pthread_mutexattr_t kind;
    if (pthread_mutexattr_init(&kind) != 0)
        return false;
    bool made = pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED) == 0 &&
                pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST) == 0 &&
                pthread_mutex_init(&r->lock, &kind) == 0;
    pthread_mutexattr_destroy(&kind);
    r->slots = slots;
    r->state[0] = (struct range_state){*from, first, false};
    atomic_store(&r->current, 0);
    atomic_store(&r->freed, first);
    atomic_store(&r->stop, false);
    atomic_store(&r->stop_soon, false);
    return made;
}

void ranges_lock(struct ranges *r)
{
    if (pthread_mutex_lock(&r->lock) == EOWNERDEAD)
        pthread_mutex_consistent(&r->lock); /* what the dead process was about to take is taken again */
}

void ranges_unlock(struct ranges *r)
{
    pthread_mutex_unlock(&r->lock);
}

struct range_state ranges_state(const struct ranges *r)
{
    return r->state[atomic_load(&r->current)];
}

void ranges_set_state(struct ranges *r, const struct range_state *state)
{
    unsigned next = !atomic_load(&r->current);
    r->state[next] = *state;
    atomic_store(&r->current, next);
}

bool ranges_have_room(const struct ranges *r)
{
    return ranges_state(r).taken - atomic_load(&r->freed) < r->slots;
}
