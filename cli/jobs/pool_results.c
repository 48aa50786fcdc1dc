/* SPDX-License-Identifier: MIT */
/*
 * pool_results.c - the results of a pool, in the order of the input.
 *
 * In: batches, done or left behind by a worker that died. Out: their results
 * and totals. Refused: a mail at which two workers died; it is reported, and
 * the next one is done.
 */
#include "jobs/pool_results.h"

#include "jobs/pool_workers.h"
#include "jobs/worker.h"
#include "output/progress.h"

#include <stdio.h>

enum { DEATHS_MOST = 2 }; /* workers that may die at one mail */

/* Writes n bytes of results: of finished items, then perhaps a part of an unfinished one. */
static void write_results(struct worker_pool *p, unsigned number, size_t n)
{
    struct slot *slot = &p->slots[number];
    const struct progress *progress = batch_progress(pool_batch(p, number));
    size_t drop = slot->skip < n ? slot->skip : n;
    slot->skip -= drop;
    slot->in_parts = true;
    output_add(pool_output(p), memory_results(&p->memory, number) + drop, n - drop);
    if (progress->done != slot->seen_done)
        slot->written = n - progress->result_bytes;
    else
        slot->written += n - drop;
    slot->seen_done = progress->done;
}

static void part_is_written(struct worker_pool *p, unsigned number)
{
    struct batch *b = pool_batch(p, number);
    const struct progress so_far = *batch_progress(b);
    write_results(p, number, b->result_bytes);
    /* The worker waits, so the next part has no finished item yet. */
    batch_advance(b, so_far.done, 0, &so_far.totals);
    p->slots[number].state = SLOT_QUEUED;
    pool_tell(p, p->slots[number].worker, GO_ON);
}

static void give_up(struct worker_pool *p, unsigned number, const bounce_source *source)
{
    bool first = p->slots[number].deaths == 1;
    classify_left_out(p->classifier, source, first ? "a worker died reading it" : "two workers died reading it");
    if (p->slots[number].written)
        output_putc(pool_output(p), '\n');
    p->slots[number].written = 0;
}

/* The items before `first` are done; nothing is known about the others. */
static void begin_at(struct worker_pool *p, unsigned number, uint32_t first)
{
    struct batch *b = pool_batch(p, number);
    b->first = b->begun = p->slots[number].seen_done = first;
    b->result_bytes = 0;
    batch_advance(b, first, 0, &(struct totals){0});
}

/* The program itself finishes the oldest batch, except a mail at which a worker died. */
static void do_here(struct worker_pool *p, unsigned number)
{
    struct slot *slot = &p->slots[number];
    const struct batch *b = pool_batch(p, number);
    struct job_item item;
    bounce_position next;
    uint32_t i = b->is_range ? 0 : b->first;
    if (b->is_range)
        p->source->take(p->source->data, &b->from, &next);
    for (; !p->is_over && batch_next(b, p->source, i, &item); i++) {
        p->is_over = item.is_last;
        if (i >= b->first && slot->deaths && slot->suspect == i)
            give_up(p, number, &item.source);
        else if (i >= b->first)
            classify_item(p->classifier, &item);
    }
    pool_batch(p, number)->count = i;
    begin_at(p, number, i);
    slot->skip = slot->written = 0;
    slot->state = SLOT_DONE;
}

/* The oldest batch lost its worker. Finished results are written, and the rest goes to the spare worker; a mail at
 * which two workers died is left out. */
static void mend(struct worker_pool *p, unsigned number)
{
    struct slot *slot = &p->slots[number];
    struct batch *b = pool_batch(p, number);
    const struct progress so_far = *batch_progress(b);
    write_results(p, number, so_far.result_bytes);
    totals_add(&p->classifier->renderer.totals, &so_far.totals);
    uint32_t first = so_far.done;
    if (slot->deaths >= DEATHS_MOST && slot->suspect == first)
        give_up(p, number, batch_source(b, first++));
    begin_at(p, number, first);
    slot->skip = slot->written;
    if (b->first == b->count)
        slot->state = SLOT_DONE;
    else if (p->workers[p->jobs].pid || pool_start_worker(p, p->jobs))
        pool_assign(p, number, p->jobs);
    else
        slot->state = SLOT_OWN;
}

/* A range was written, so its batch is free for another one. */
static void range_is_written(struct worker_pool *p)
{
    struct ranges *r = memory_ranges(&p->memory);
    atomic_store(&r->freed, ++p->oldest);
    for (unsigned i = 0; i < p->jobs; i++)
        pool_give_room(p, i);
}

static void free_slot(struct worker_pool *p, unsigned number)
{
    bool was_range = pool_batch(p, number)->is_range;
    memory_trim(&p->memory, number);
    batch_clear(pool_batch(p, number));
    p->slots[number] = (struct slot){0};
    p->head = (p->head + 1) % p->slot_count;
    if (was_range)
        range_is_written(p);
}

static void batch_is_done(struct worker_pool *p, unsigned number)
{
    const struct batch *b = pool_batch(p, number);
    write_results(p, number, b->result_bytes);
    totals_add(&p->classifier->renderer.totals, &batch_progress(b)->totals);
    if (b->is_range)
        progress_add_all(b->count, b->read_bytes);
    p->is_over = p->is_over || b->is_last;
    if (b->ended_early) {
        p->ended_early = true;
        p->at = b->at;
    }
}

/* Writes batches that are done while an earlier one is not, unless that one may have left an unfinished line. */
static void write_others(struct worker_pool *p)
{
    if (p->slots[p->head].in_parts)
        return;
    for (unsigned i = 0; i < p->slot_count; i++)
        if (p->slots[i].state == SLOT_DONE) {
            batch_is_done(p, i);
            p->slots[i].state = SLOT_WRITTEN;
        }
}

static void write_in_order(struct worker_pool *p)
{
    while (!p->ended_early && !p->is_over) {
        unsigned number = p->head;
        switch (p->slots[number].state) {
        case SLOT_DONE:
            batch_is_done(p, number);
            free_slot(p, number);
            break;
        case SLOT_WRITTEN: free_slot(p, number); break;
        case SLOT_PART: part_is_written(p, number); break;
        case SLOT_BROKEN: mend(p, number); break;
        case SLOT_OWN: do_here(p, number); break;
        case SLOT_FREE:
        case SLOT_QUEUED: return;
        }
    }
}

void pool_write_results(struct worker_pool *p)
{
    pool_see_ranges(p);
    write_in_order(p);
    if (p->unordered)
        write_others(p);
}
