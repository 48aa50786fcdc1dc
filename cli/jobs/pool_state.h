/* SPDX-License-Identifier: MIT */
/* pool_state.h - what a pool knows of its workers and batches; for the pool*.c only. */
#ifndef CLI_JOBS_POOL_STATE_H
#define CLI_JOBS_POOL_STATE_H

#include "jobs/batch.h"
#include "jobs/classify.h"
#include "jobs/job_source.h"

#include <poll.h>
#include <sys/types.h>

/* One in hand, and one so that it need not wait. */
enum { POOL_BATCHES_PER_WORKER = 2 };

struct worker_place {
    pid_t pid; /* 0: none */
    int fd;
    unsigned assigned; /* batches */
    bool waits;        /* for room for its next range */
    bool is_done;      /* it takes no more ranges */
};

enum slot_state {
    SLOT_FREE,   /* or being filled */
    SLOT_QUEUED, /* a worker has it */
    SLOT_PART,   /* a worker waits until its part is written */
    SLOT_DONE,
    SLOT_BROKEN, /* its worker died */
    SLOT_OWN,    /* no worker is to be had: the program does it */
    SLOT_WRITTEN /* before its turn; see --unordered */
};

/* What the program knows of the batch with the same number. */
struct slot {
    enum slot_state state;
    unsigned worker;
    uint32_t suspect; /* the item that deaths belong to */
    unsigned deaths;
    uint32_t seen_done;
    bool in_parts;        /* some of its results were written */
    size_t written, skip; /* bytes of the unfinished item: written; to be dropped when they come again */
};

struct worker_pool {
    struct classifier *classifier;
    struct memory memory;
    unsigned jobs;
    struct worker_place *workers; /* jobs of them, then the spare */
    struct pollfd *polled;        /* room for each of these, and two more */
    struct slot *slots;
    unsigned slot_count, head, fill; /* oldest not yet written; being filled */
    unsigned failures;               /* workers in a row that died before they began anything */
    bool started;
    bool unordered;                  /* results are written as soon as they are known */
    const struct job_source *source; /* workers read it for themselves; NULL: they are given batches */
    uint64_t oldest;                 /* the number of the range at head */
    bool ended_early;                /* ranges, in front of the message at */
    bounce_position at;
    bool is_over;                    /* what is behind the last results is not to be read */
    uint64_t done_bytes, done_items; /* by the program itself, without waiting */
    int64_t began_ns;                /* processor time when it did the first of them */
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
