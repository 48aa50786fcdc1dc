/* SPDX-License-Identifier: MIT */
/*
 * pool.c - workers that classify, and their results in order.
 *
 * In: mails, one by one. Out: what a single process would write. pool.h tells
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
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Workers start once more than this was classified without waiting for input. */
enum { START_BYTES = 1024 * 1024, START_MAILS = 200, START_ENTRY_BYTES = 16 * 1024 * 1024, START_REPLIES = 20000 };

/* ------------------------------------------------------------- waiting */

/* Takes in what a worker says. */
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
    if (number & PART_FLAG) {
        p->slots[number & ~PART_FLAG].state = SLOT_PART;
        return;
    }
    p->slots[number].state = SLOT_DONE;
    p->workers[place].assigned--;
    p->failures = 0;
}

/* Waits until a worker has something to say, or fd (unless -1) something to
 * read, or a signal has come; true in the latter cases. poll(2) takes no more entries than there may be
 * descriptors, even unused ones: so only workers that run have one. */
static bool wait_for_event(struct worker_pool *p, int fd)
{
    struct pollfd *polled = p->polled;
    nfds_t n = 0;
    polled[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
    polled[n++] = (struct pollfd){.fd = fd < 0 ? -1 : interrupt_fd(), .events = POLLIN};
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

/* Hands out the batch being filled, and waits for room for the next one. */
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

/* ----------------------------------------------------------- interface */

struct worker_pool *pool_new(struct classifier *c, uint32_t processes, uint64_t max_bytes)
{
    struct worker_pool *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    *p = (struct worker_pool){.classifier = c, .jobs = processes};
    p->slot_count = processes * POOL_BATCHES_PER_WORKER + 1;
    p->workers = calloc(processes + 1, sizeof *p->workers);
    p->polled = calloc(processes + 3, sizeof *p->polled);
    p->slots = calloc(p->slot_count, sizeof *p->slots);
    if (p->workers && p->polled && p->slots && memory_new(&p->memory, p->slot_count, max_bytes))
        return p;
    pool_end(p);
    return NULL;
}

/* Counts what was done without workers; true if there is enough to do for them. */
static bool worth_starting(struct worker_pool *p, size_t length)
{
    p->done_bytes += length;
    p->done_items++;
    bool small = p->classifier->context || p->classifier->log;
    p->started = p->done_bytes > (p->classifier->log ? START_ENTRY_BYTES : START_BYTES) ||
                 p->done_items > (small ? START_REPLIES : START_MAILS);
#ifdef __GLIBC__
    /* From now on workers parse: the memory that parsing took is not needed here. */
    if (p->started)
        malloc_trim(0);
#endif
    return p->started;
}

bool pool_take(struct worker_pool *p, const void *bytes, size_t length, const bounce_source *source)
{
    if (!p->started && !worth_starting(p, length))
        return false;
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    dispatch(p);
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    drain(p); /* too long for a batch: the program does it when it is its turn */
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
    for (unsigned i = 0; p->workers && i <= p->jobs; i++)
        if (p->workers[i].pid)
            pool_end_worker(&p->workers[i]);
    memory_free(&p->memory);
    free(p->workers);
    free(p->polled);
    free(p->slots);
    free(p);
}
