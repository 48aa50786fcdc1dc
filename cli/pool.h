/* SPDX-License-Identifier: MIT */
/*
 * pool.h - the parts of --jobs, seen by these only:
 *
 *     pool.c          what the rest of the program calls; waiting
 *     pool_workers.c  starts and chooses workers; what one that died leaves
 *     pool_results.c  writes results in order
 *     batch.c         batches in shared memory
 *     worker.c        the life of a worker
 *
 * The program reads and splits the input; workers, which it forks, classify
 * and render; the program writes the results in the order of the input.
 * Workers are processes because GObject's counters are shared by all threads
 * and hold them back.
 *
 * Mails travel in batches that lie in shared memory, made before the first
 * fork: pointers into it mean the same to all. Through a socket go only
 * numbers of batches. The batches are a ring; each goes through these hands:
 *
 *     program  fills it with mails (pool_take), gives its number to a worker
 *     worker   classifies one mail after the other and renders into the
 *              batch; if there is no room left, it shows the part that it has
 *              and waits until that was written; at the end it says so
 *     program  writes the results once all batches before are written
 *
 * So memory is bounded by the ring, and a worker that waits for its part to be
 * written cannot be waited for by an earlier batch. When a worker dies, the
 * batch tells which mails it had finished; those stand. The mail that it was
 * at, and all behind it, are done again by the spare worker, which has no
 * other duty and so is never stuck behind a later batch. A mail at which a
 * second worker dies is given up and reported.
 */
#ifndef POOL_H
#define POOL_H

#include "cli.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/types.h>

/* --------------------------------------------------------------- batch.c */

enum {
    BATCH_ITEMS = 256,
    BATCH_BYTES = 256 * 1024,            /* a longer mail makes a batch by itself */
    BATCH_BYTES_MOST = 64 * 1024 * 1024, /* longer ones are not given to workers */
    RESULT_BYTES = 1024 * 1024           /* memory is taken as far as it is used */
};

struct item {
    const unsigned char *bytes;
    size_t length;
    bounce_source source;
};

/* How far a worker came. */
struct progress {
    uint32_t done;       /* items that are finished */
    size_t result_bytes; /* of these, in the part at hand */
    struct totals totals;
};

/* In shared memory. The program writes to the first half while it fills the
 * batch or before it hands it out, the worker to the second half. */
struct batch {
    uint32_t count, first; /* items; the first that is to be done */
    size_t used;           /* bytes of input */
    bool was_long;         /* memory behind BATCH_BYTES is in use */
    struct item items[BATCH_ITEMS];

    uint32_t begun;      /* items that were begun: done + 1 while at one */
    size_t result_bytes; /* of the part that was shown */
    /* Two, so that a worker's death never leaves half a record. */
    struct progress progress[2];
    atomic_uint current;
};

struct memory {
    unsigned char *base;
    size_t head_bytes, input_bytes, stride, total;
};

/* False if memory cannot be had. */
bool memory_new(struct memory *m, size_t batches, uint64_t keep_bytes);
void memory_free(struct memory *m);
/* A worker must not change what it reads. */
void memory_protect(const struct memory *m);
struct batch *memory_batch(const struct memory *m, size_t number);
unsigned char *memory_input(const struct memory *m, size_t number);
char *memory_results(const struct memory *m, size_t number);
/* A batch was done: gives the memory of a long mail back, unless one long mail
 * follows the other; giving back and taking anew cost more than copying. */
void memory_trim(const struct memory *m, size_t number);

/* For a worker that has done a batch: what is long shall not count as resident
 * in its process too. It stays in shared memory. */
void memory_forget(const struct memory *m, size_t number);

void batch_clear(struct batch *b);
/* False if it does not fit. */
bool batch_add(const struct memory *m, size_t number, const void *bytes, size_t length, const bounce_source *source);
const struct progress *batch_progress(const struct batch *b);
/* One step: nobody sees half of it, whenever the worker dies. */
void batch_advance(struct batch *b, uint32_t done, size_t result_bytes, const struct totals *totals);

/* -------------------------------------------------------------- worker.c */

/* What goes through the sockets: numbers of batches. To the worker: do this;
 * or GO_ON. From the worker: this is done; or with PART_FLAG: write this much,
 * then tell me to go on. */
enum { GO_ON = -1, PART_FLAG = 1 << 20 };

/* The life of a worker; does not return. */
_Noreturn void worker_run(const struct session *of_program, const struct memory *m, int fd);

/* ---------------------------------------------------------------- pool.c */

/* One at hand, and one so that it need not wait. */
enum { POOL_BATCHES_PER_WORKER = 2 };

struct worker_place {
    pid_t pid; /* 0: none */
    int fd;
    unsigned assigned;
};

enum slot_state {
    SLOT_FREE,   /* or being filled */
    SLOT_QUEUED, /* a worker has it */
    SLOT_PART,   /* a worker waits until its part is written */
    SLOT_DONE,
    SLOT_BROKEN, /* its worker died */
    SLOT_OWN     /* no worker can be had: the program's own */
};

struct slot {
    enum slot_state state;
    unsigned worker;
    uint32_t suspect; /* the item that deaths belong to */
    unsigned deaths;
    uint32_t seen_done;
    size_t written, skip; /* bytes of the unfinished item: written; to be dropped when they come again */
};

struct pool {
    struct session *session;
    struct memory memory;
    unsigned jobs;
    struct worker_place *workers; /* jobs, and behind them the spare */
    struct pollfd *polled;        /* for these, and one descriptor more */
    struct slot *slots;
    unsigned slot_count, head, fill; /* oldest that is not written; being filled */
    unsigned failures;
    bool started;
    uint64_t done_bytes, done_items; /* by the program itself, without waiting */
};

static inline struct batch *pool_batch(const struct pool *p, unsigned slot)
{
    return memory_batch(&p->memory, slot);
}

/* -------------------------------------------------------- pool_workers.c */

bool pool_start_worker(struct pool *p, unsigned place);
/* Closes its socket, at which it ends if it did not yet. Its status. */
int pool_end_worker(struct worker_place *w);
/* Its socket has ended: reports it and marks the batches that it had. */
void pool_worker_died(struct pool *p, unsigned place);
void pool_tell(const struct pool *p, unsigned place, int number);
void pool_assign(struct pool *p, unsigned slot, unsigned place);
/* The worker with the least to do, started if need be. p->jobs: none has room. */
unsigned pool_choose_worker(struct pool *p);
bool pool_any_worker(const struct pool *p);

/* -------------------------------------------------------- pool_results.c */

/* Goes as far as the oldest batches are known. */
void pool_write_results(struct pool *p);

#endif
