/* SPDX-License-Identifier: MIT */
/* batch.h - batches of mails in memory that a worker shares with the program. */
#ifndef CLI_JOBS_BATCH_H
#define CLI_JOBS_BATCH_H

#include "bounce.h"
#include "jobs/job_source.h"
#include "jobs/ranges.h"
#include "render/totals.h"

#include <stdatomic.h>

enum {
    BATCH_ITEMS = 256,
    BATCH_BYTES = 256 * 1024,            /* a longer mail has a batch to itself */
    BATCH_BYTES_MOST = 64 * 1024 * 1024, /* longer ones are not given to workers */
    RESULT_BYTES = 1024 * 1024           /* memory is used only as far as it is written to */
};

struct item {
    const unsigned char *bytes;
    size_t length;
    bounce_source source;
};

/* How far a worker has come. */
struct progress {
    uint32_t done;       /* finished items */
    size_t result_bytes; /* of these, in the current part */
    struct totals totals;
};

/* In shared memory. The program writes to the first half while it fills the
 * batch or before it hands it out, the worker to the second half; of a range
 * that a worker has taken, to both. */
struct batch {
    uint32_t count, first; /* items; the first that is to be done */
    bool is_range;         /* a worker reads the items for itself; only the one at hand is here, the first */
    unsigned taker;        /* of a range: the place of the worker that took it */
    bounce_position from;
    size_t used;   /* bytes of input */
    bool was_long; /* memory after BATCH_BYTES is in use */
    struct item items[BATCH_ITEMS];

    uint32_t begun;      /* items that were begun: done + 1 while at one */
    uint64_t read_bytes; /* of the items of a range that were done */
    bool ended_early;    /* the range, in front of the item at */
    bool is_last;        /* nothing behind it is to be read */
    bounce_position at;
    size_t result_bytes; /* of the part that was shown */
    /* Two, so that a worker's death never leaves half a record. */
    struct progress progress[2];
    atomic_uint current;
};

struct memory {
    unsigned char *base;
    size_t head_bytes, input_bytes, stride, batches, total;
};

/* Room for so many batches, of mails of at most max_bytes. False if there is
 * not enough memory. */
bool memory_new(struct memory *m, size_t batches, uint64_t max_bytes);
void memory_free(struct memory *m);
/* For a worker: it must not change what it reads. */
void memory_protect(const struct memory *m);
struct batch *memory_batch(const struct memory *m, size_t number);
char *memory_results(const struct memory *m, size_t number);
struct ranges *memory_ranges(const struct memory *m);
/* A batch was done: returns the memory of a long mail, unless one long mail
 * follows another; to return it and take it anew costs more than copying. */
void memory_trim(const struct memory *m, size_t number);
/* For a worker that has done a batch: what is long shall not count as resident
 * in its process as well. It stays in shared memory. */
void memory_forget(const struct memory *m, size_t number);

void batch_clear(struct batch *b);
/* False if it does not fit. */
bool batch_add(const struct memory *m, size_t number, const void *bytes, size_t length, const bounce_source *source);
/* Nothing is known of its items. */
void batch_begin_range(struct batch *b, unsigned taker, const bounce_position *from);
/* This is the item at hand, should the worker die at it. */
void batch_note(const struct memory *m, size_t number, uint32_t item, const bounce_source *source);
/* The source of an item: of a range, only of the one at hand. */
const bounce_source *batch_source(const struct batch *b, uint32_t item);
/* The next item, of which so many were given before; false behind the last one. source: of a range. */
bool batch_next(const struct batch *b, const struct job_source *source, uint32_t given, struct job_item *item);
const struct progress *batch_progress(const struct batch *b);
/* One step: nobody sees half of it, whenever the worker dies. */
void batch_advance(struct batch *b, uint32_t done, size_t result_bytes, const struct totals *totals);

#endif
