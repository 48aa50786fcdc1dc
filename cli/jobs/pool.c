/* SPDX-License-Identifier: MIT */
/*
 * pool.c - workers that classify, and their results in order.
 *
 * In: mails, one by one. Out: what a single process would write. pool.h says
 * how. Refused, so that the caller does them: mails too long for a batch; the
 * first ones, since a few mails are not worth a fork; and those of a pipe that
 * is slower than one process.
 */
#include "jobs/pool.h"

#include "jobs/interrupt.h"
#include "jobs/pool_results.h"
#include "jobs/pool_workers.h"
#include "jobs/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Workers start once more than this was classified without waiting for input. */
enum { START_BYTES = 1024 * 1024, START_MAILS = 200, START_ENTRY_BYTES = 16 * 1024 * 1024, START_REPLIES = 20000 };
/* Input that costs less than this is not handed over (a bounce costs ten times as much); this is measured again after
 * LOOK_AGAIN_BYTES. */
enum { COSTLY_NS_PER_BYTE = 2, LOOK_AGAIN_BYTES = 32 * 1024 * 1024 };

/* From now on workers parse, so the memory that parsing took is no longer needed here. */
static void trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/* ------------------------------------------------------------- waiting */

/* Handles a message from a worker. */
static void listen_to(struct worker_pool *p, unsigned place)
{
    int number;
    ssize_t got = recv(p->workers[place].fd, &number, sizeof number, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got != (ssize_t)sizeof number) {
        pool_worker_died(p, place);
        return;
    }
    if (number == WAITS_FOR_ROOM) {
        p->workers[place].waits = true;
        pool_give_room(p, place);
        return;
    }
    if (number == NOTHING_LEFT) {
        p->workers[place].is_done = true;
        return;
    }
    p->slots[number & ~PART_FLAG].worker = place; /* of a range, this may be the first message */
    if (number & PART_FLAG) {
        p->slots[number & ~PART_FLAG].state = SLOT_PART;
        return;
    }
    p->slots[number].state = SLOT_DONE;
    if (p->workers[place].assigned)
        p->workers[place].assigned--;
    p->failures = 0;
}

/* Waits until a worker has something to say, fd (unless -1) is readable, or (if signals is set) a signal has come; true
 * in the latter two cases. poll(2) accepts no more entries than there may be descriptors, even unused ones, so only
 * running workers have an entry. */
static bool wait_for(struct worker_pool *p, int fd, bool signals)
{
    struct pollfd *polled = p->polled;
    nfds_t n = 0;
    polled[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
    polled[n++] = (struct pollfd){.fd = signals ? interrupt_fd() : -1, .events = POLLIN};
    for (unsigned i = 0; i <= p->jobs; i++)
        if (p->workers[i].pid)
            polled[n++] = (struct pollfd){.fd = p->workers[i].fd, .events = POLLIN};
    if (poll(polled, n, -1) < 0)
        return false;
    n = 2;
    for (unsigned i = 0; i <= p->jobs; i++)
        if (p->workers[i].pid && polled[n++].revents)
            listen_to(p, i);
    pool_write_results(p);
    return polled[0].revents != 0 || polled[1].revents != 0;
}

static bool wait_for_event(struct worker_pool *p, int fd)
{
    return wait_for(p, fd, fd >= 0);
}

/* Hands out the batch being filled, and waits until the next one is free. */
static void dispatch(struct worker_pool *p)
{
    unsigned place;
    if (pool_batch(p, p->fill)->count == 0)
        return;
    while ((place = pool_choose_worker(p)) == p->jobs && pool_any_worker(p))
        wait_for_event(p, -1);
    if (place < p->jobs)
        pool_assign(p, p->fill, place);
    else
        p->slots[p->fill].state = SLOT_OWN;
    p->fill = (p->fill + 1) % p->slot_count;
    pool_write_results(p);
    while (p->slots[p->fill].state != SLOT_FREE)
        wait_for_event(p, -1);
}

static void drain(struct worker_pool *p)
{
    dispatch(p);
    while (p->head != p->fill)
        wait_for_event(p, -1);
}

static void begin_anew(struct worker_pool *p)
{
    p->started = false;
    p->done_bytes = p->done_items = p->given_bytes = 0;
}

/* -------------------------------------------------------------- ranges */

/* Restarts workers that died. False if none is left that takes ranges. */
static bool start_takers(struct worker_pool *p, bool ended)
{
    for (unsigned i = 0; !ended && i < p->jobs; i++)
        if (!p->workers[i].pid)
            pool_start_worker(p, i);
    for (unsigned i = 0; i < p->jobs; i++)
        if (p->workers[i].pid && !p->workers[i].is_done)
            return true;
    return false;
}

static void stop_ranges(struct worker_pool *p, struct ranges *r)
{
    atomic_store(&r->stop, true);
    /* With --unordered, ranges that were taken are finished: otherwise there would be several places to resume at. */
    atomic_store(&r->stop_soon, !p->unordered);
    for (unsigned i = 0; i < p->jobs; i++)
        pool_give_room(p, i);
}

/* Until everything that was taken is written, and nothing is left to take. */
static void follow_ranges(struct worker_pool *p, struct ranges *r)
{
    while (!pool_output(p)->error_number && !p->ended_early && !p->is_over) {
        if (interrupt_signal() && !atomic_load(&r->stop))
            stop_ranges(p, r);
        bool stopped = atomic_load(&r->stop), takes = start_takers(p, stopped || ranges_state(r).ended);
        pool_write_results(p);
        if (!takes && p->oldest == ranges_state(r).taken)
            return;
        wait_for(p, -1, !stopped);
    }
}

/* Drops results that were not written. */
static void forget_batches(struct worker_pool *p)
{
    for (unsigned i = 0; i < p->slot_count; i++) {
        batch_clear(pool_batch(p, i));
        p->slots[i] = (struct slot){.state = SLOT_FREE};
    }
    p->fill = p->head = 0;
}

bool pool_is_due(const struct worker_pool *p, uint64_t bytes, uint64_t mails)
{
    return p->started || bytes > START_BYTES || mails >= START_MAILS;
}

uint32_t pool_workers(const struct worker_pool *p)
{
    return p->jobs;
}

bool pool_read(struct worker_pool *p, const struct job_source *source, bounce_position *at)
{
    struct ranges *r = memory_ranges(&p->memory);
    drain(p);
    pool_end_workers(p);
    if (!ranges_begin(r, at, p->head, p->slot_count - 1))
        return false;
    p->source = source;
    p->oldest = p->head;
    trim();
    follow_ranges(p, r);
    pool_end_workers(p);
    const struct range_state state = ranges_state(r);
    *at = p->ended_early ? p->at : state.next;
    forget_batches(p);
    bool whole = p->is_over || (state.ended && !p->ended_early && !pool_output(p)->error_number);
    p->ended_early = p->is_over = false;
    p->source = NULL;
    begin_anew(p);
    return whole;
}

/* ----------------------------------------------------------- interface */

struct worker_pool *pool_new(struct classifier *c, uint32_t processes, uint64_t max_bytes, bool unordered)
{
    struct worker_pool *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    *p = (struct worker_pool){.classifier = c, .jobs = processes, .unordered = unordered};
    p->slot_count = processes * POOL_BATCHES_PER_WORKER + 1;
    p->workers = calloc(processes + 1, sizeof *p->workers);
    p->polled = calloc(processes + 3, sizeof *p->polled);
    p->slots = calloc(p->slot_count, sizeof *p->slots);
    if (p->workers && p->polled && p->slots && memory_new(&p->memory, p->slot_count, max_bytes))
        return p;
    pool_end(p);
    return NULL;
}

/* Of this process, which is single-threaded. */
static int64_t processor_ns(void)
{
    struct timespec used = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

/* Handing a mail over means copying it to another processor. For ordinary mail, that costs as much as classifying
 * it. */
static bool is_costly(const struct worker_pool *p)
{
    return processor_ns() - p->began_ns >= (int64_t)(p->done_bytes * COSTLY_NS_PER_BYTE);
}

/* Counts what was done without workers; true if workers are worth starting. */
static bool worth_starting(struct worker_pool *p, size_t length)
{
    bool small = p->classifier->context || p->classifier->log;
    if (p->done_items == 0)
        p->began_ns = processor_ns();
    p->done_bytes += length;
    p->done_items++;
    bool enough = p->done_bytes > (p->classifier->log ? START_ENTRY_BYTES : START_BYTES) ||
                  p->done_items > (small ? START_REPLIES : START_MAILS);
    if (enough && !small && !is_costly(p)) {
        begin_anew(p);
        return false;
    }
    p->started = enough;
    if (p->started)
        trim();
    return p->started;
}

/* The input may have become cheap: then it is no longer handed over. */
static void look_again(struct worker_pool *p, size_t length)
{
    bool small = p->classifier->context || p->classifier->log;
    p->given_bytes += length;
    if (small || p->given_bytes < LOOK_AGAIN_BYTES)
        return;
    drain(p);
    begin_anew(p);
}

bool pool_take(struct worker_pool *p, const void *bytes, size_t length, const bounce_source *source)
{
    if (p->started)
        look_again(p, length);
    if (!p->started && !worth_starting(p, length))
        return false;
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    dispatch(p);
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    drain(p); /* too long for a batch: the program classifies it in its turn */
    return false;
}

void pool_wait_for_input(struct worker_pool *p, int fd)
{
    p->done_bytes = p->done_items = 0;
    for (;;) {
        unsigned place = pool_batch(p, p->fill)->count ? pool_choose_worker(p) : p->jobs;
        if (place < p->jobs && p->workers[place].assigned == 0)
            dispatch(p);
        output_flush(pool_output(p));
        bool nothing_to_do = p->head == p->fill && pool_batch(p, p->fill)->count == 0;
        if (nothing_to_do || wait_for_event(p, fd))
            return;
    }
}

void pool_flush(struct worker_pool *p)
{
    if (!pool_output(p)->error_number)
        drain(p);
}

void pool_end(struct worker_pool *p)
{
    if (!p)
        return;
    if (p->memory.base && !pool_output(p)->error_number)
        drain(p);
    if (p->workers)
        pool_end_workers(p);
    memory_free(&p->memory);
    free(p->workers);
    free(p->polled);
    free(p->slots);
    free(p);
}
