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
    BATCH_BYTES_MOST = 64 * 1024 * 1024, /* longer mails are not given to workers */
    RESULT_BYTES = 1024 * 1024           /* memory is only used as far as it is written */
};

struct item {
    const unsigned char *bytes;
    size_t length;
    bounce_source source;
};

/* How far a worker has got. */
struct progress {
    uint32_t done;       /* finished items */
    size_t result_bytes; /* in the current part, of the finished items */
    struct totals totals;
};

/* In shared memory. The program writes the first half, while it fills the batch or before it hands it out, and the
 * worker the second half; a worker that takes a range writes both. */
struct batch {
    uint32_t count, first; /* items; the first that is still to be done */
    bool is_range;         /* a worker reads the items by itself; only the current one is here, as the first */
    unsigned taker;        /* of a range: the number of the worker that took it */
    bounce_position from;
    size_t used;   /* bytes of input */
    bool was_long; /* memory after BATCH_BYTES is in use */
    struct item items[BATCH_ITEMS];

    uint32_t begun;      /* items begun: done + 1 while working on one */
    uint64_t read_bytes; /* of a range: of its finished items */
    bool ended_early;    /* the range ended before the item at `at` */
    bool is_last;        /* nothing after it is to be read */
    bounce_position at;
    size_t result_bytes; /* in the part that was handed over */
    /* Two copies, so that the death of a worker never leaves half a record. */
    struct progress progress[2];
    atomic_uint current;
};

struct memory {
    unsigned char *base;
    size_t head_bytes, input_bytes, stride, batches, total;
};

/* Allocates this many batches, for mails of at most max_bytes. False if there is not enough memory. */
bool memory_new(struct memory *m, size_t batches, uint64_t max_bytes);
void memory_free(struct memory *m);
/* For a worker, which must not change what it reads. */
void memory_protect(const struct memory *m);
struct batch *memory_batch(const struct memory *m, size_t number);
char *memory_results(const struct memory *m, size_t number);
struct ranges *memory_ranges(const struct memory *m);
/* A batch is done: releases the memory of a long mail, unless another long mail is next, since releasing and allocating
 * it again costs more than copying. */
void memory_trim(const struct memory *m, size_t number);
/* For a worker that has finished a batch: its pages no longer count as resident in this process. They stay in shared
 * memory. */
void memory_forget(const struct memory *m, size_t number);

void batch_clear(struct batch *b);
/* False if it does not fit. */
bool batch_add(const struct memory *m, size_t number, const void *bytes, size_t length, const bounce_source *source);
/* The number of items is not known yet. */
void batch_begin_range(struct batch *b, unsigned taker, const bounce_position *from);
/* Notes the current item, in case the worker dies at it. */
void batch_note(const struct memory *m, size_t number, uint32_t item, const bounce_source *source);
/* The source of an item; in a range, only of the current one. */
const bounce_source *batch_source(const struct batch *b, uint32_t item);
/* The next item, after `given` others; false after the last one. source: for a range. */
bool batch_next(const struct batch *b, const struct job_source *source, uint32_t given, struct job_item *item);
const struct progress *batch_progress(const struct batch *b);
/* Atomic: nobody sees half of it, whenever the worker dies. */
void batch_advance(struct batch *b, uint32_t done, size_t result_bytes, const struct totals *totals);

#endif
