/* SPDX-License-Identifier: MIT */
/* pool_state.h - what a pool knows about its workers and batches; for pool*.c only. */
#ifndef CLI_JOBS_POOL_STATE_H
#define CLI_JOBS_POOL_STATE_H

#include "jobs/batch.h"
#include "jobs/classify.h"
#include "jobs/job_source.h"

#include <poll.h>
#include <sys/types.h>

/* One being worked on, and one so that the worker need not wait. */
enum { POOL_BATCHES_PER_WORKER = 2 };

struct worker_place {
    pid_t pid; /* 0: none */
    int fd;
    unsigned assigned; /* batches */
    bool waits;        /* until there is room for its next range */
    bool is_done;      /* it takes no more ranges */
};

enum slot_state {
    SLOT_FREE,   /* or being filled */
    SLOT_QUEUED, /* a worker has it */
    SLOT_PART,   /* a worker waits until its part is written */
    SLOT_DONE,
    SLOT_BROKEN, /* its worker died */
    SLOT_OWN,    /* no worker can be started: the program does it */
    SLOT_WRITTEN /* before its turn: see --unordered */
};

/* What the program knows of the batch with the same number. */
struct slot {
    enum slot_state state;
    unsigned worker;
    uint32_t suspect; /* the item at which workers died */
    unsigned deaths;
    uint32_t seen_done;
    bool in_parts;        /* some of its results were written */
    size_t written, skip; /* of the unfinished item: bytes written; bytes to drop when they are rendered again */
};

struct worker_pool {
    struct classifier *classifier;
    struct memory memory;
    unsigned jobs;
    struct worker_place *workers; /* `jobs` of them, then the spare one */
    struct pollfd *polled;        /* room for all workers, and two more */
    struct slot *slots;
    unsigned slot_count, head, fill; /* head: the oldest not yet written; fill: being filled */
    unsigned failures;               /* workers in a row that died before they began anything */
    bool started;
    bool unordered;                  /* results are written as soon as they are known */
    const struct job_source *source; /* workers read it by themselves; NULL: they are given batches */
    uint64_t oldest;                 /* the number of the range at head */
    bool ended_early;                /* reading stopped before the message at `at` */
    bounce_position at;
    bool is_over;                    /* nothing after the last results is to be read */
    uint64_t done_bytes, done_items; /* done by the program itself, without waiting */
    int64_t began_ns;                /* processor time when it began the first of them */
    uint64_t given_bytes;            /* to workers, since they were started */
};

static inline struct batch *pool_batch(const struct worker_pool *p, unsigned slot)
{
    return memory_batch(&p->memory, slot);
}

static inline struct output *pool_output(const struct worker_pool *p)
{
    return p->classifier->renderer.out;
}

#endif
