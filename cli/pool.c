/* SPDX-License-Identifier: MIT */
/*
 * pool.c - --jobs: batches to workers, results in the order of the input.
 *
 * In: mails, one after the other. Out: what one process alone would write.
 * pool.h tells how. Few mails are not worth a fork: the first ones are done by
 * the program itself, and so are those of a pipe that keeps it waiting.
 */
#define _GNU_SOURCE 1 /* sched_getaffinity() */
#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
    START_BYTES = 1024 * 1024, /* done without waiting for input before workers are started */
    START_MAILS = 200,
    START_REPLIES = 20000
};

uint32_t count_processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        online = CPU_COUNT(&set);
#endif
    return online > 1 ? (uint32_t)online : 1;
}

/* ------------------------------------------------------------- waiting */

/* Takes what a worker said. */
static void listen_to(struct pool *p, unsigned place)
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

/* Waits until a worker has something to say, or fd (if not -1) something to
 * read: then true. */
static bool wait_for_event(struct pool *p, int fd)
{
    struct pollfd *polled = p->polled;
    for (unsigned i = 0; i <= p->jobs; i++)
        polled[i] = (struct pollfd){.fd = p->workers[i].pid ? p->workers[i].fd : -1, .events = POLLIN};
    polled[p->jobs + 1] = (struct pollfd){.fd = fd, .events = POLLIN};
    if (poll(polled, p->jobs + 2, -1) < 0)
        return false;
    for (unsigned i = 0; i <= p->jobs; i++)
        if (polled[i].revents)
            listen_to(p, i);
    pool_write_results(p);
    return polled[p->jobs + 1].revents != 0;
}

/* Hands out the batch that is being filled, and waits for room for the next. */
static void dispatch(struct pool *p)
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

static void drain(struct pool *p)
{
    dispatch(p);
    while (p->head != p->fill)
        wait_for_event(p, -1);
}

/* -------------------------------------------------- for the rest of us */

struct pool *pool_new(struct session *s)
{
    unsigned jobs = s->settings->jobs;
    struct pool *p = jobs > 1 ? calloc(1, sizeof *p) : NULL;
    if (!p)
        return NULL;
    *p = (struct pool){.session = s, .jobs = jobs, .slot_count = jobs * POOL_BATCHES_PER_WORKER + 1};
    p->workers = calloc(jobs + 1, sizeof *p->workers);
    p->polled = calloc(jobs + 2, sizeof *p->polled);
    p->slots = calloc(p->slot_count, sizeof *p->slots);
    if (p->workers && p->polled && p->slots &&
        memory_new(&p->memory, p->slot_count, s->settings->max_message_bytes + 1))
        return p;
    pool_end(p);
    return NULL;
}

/* Is there enough to do for workers? */
static bool worth_starting(struct pool *p, size_t length)
{
    p->done_bytes += length;
    p->done_items++;
    p->started = p->done_bytes > START_BYTES ||
                 p->done_items > (p->session->settings->mode == MODE_REPLY ? START_REPLIES : START_MAILS);
#ifdef __GLIBC__
    /* Workers parse from here on: what parsing took is not needed here. */
    if (p->started)
        malloc_trim(0);
#endif
    return p->started;
}

bool pool_take(struct pool *p, const void *bytes, size_t length, const bounce_source *source)
{
    if (!p->started && !worth_starting(p, length))
        return false;
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    dispatch(p);
    if (batch_add(&p->memory, p->fill, bytes, length, source))
        return true;
    drain(p); /* too long for a batch: in its turn, by the program */
    return false;
}

void pool_wait_for_input(struct pool *p, int fd)
{
    if (!must_wait(fd))
        return;
    p->done_bytes = p->done_items = 0;
    for (;;) {
        unsigned place = pool_batch(p, p->fill)->count ? pool_choose_worker(p) : p->jobs;
        if (place < p->jobs && p->workers[place].assigned == 0)
            dispatch(p);
        output_flush(p->session->out);
        bool nothing_to_do = p->head == p->fill && pool_batch(p, p->fill)->count == 0;
        if (nothing_to_do || wait_for_event(p, fd))
            return;
    }
}

void pool_end(struct pool *p)
{
    if (!p)
        return;
    if (p->memory.base && !p->session->out->error_number)
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
