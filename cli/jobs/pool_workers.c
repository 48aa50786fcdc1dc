/* SPDX-License-Identifier: MIT */
/*
 * pool_workers.c - the workers of a pool, as the program sees them.
 *
 * In: batches that are to be done. Out: numbers of batches to worker
 * processes, started as needed; for those that died a message, and the batches
 * they leave behind, marked. Refused: a new worker when descriptors run short,
 * or after three in a row died before they began anything.
 */
#define _GNU_SOURCE 1 /* MSG_NOSIGNAL */
#include "jobs/pool_workers.h"

#include "jobs/worker.h"
#include "output/complain.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* If this many workers in a row die before they begin anything, no more are started. */
enum { START_FAILURES = 3 };
/* Descriptors reserved for the input: its files and their folders. */
enum { INPUT_DESCRIPTORS = 16 };

/* Runs in the child, where only its own socket may stay open. */
static _Noreturn void become_worker(const struct worker_pool *p, unsigned place, int fd)
{
    for (unsigned i = 0; i <= p->jobs; i++)
        if (p->workers[i].pid)
            close(p->workers[i].fd);
    const struct worker_task task = {p->classifier, &p->memory, p->source, place, p->source && place < p->jobs, fd};
    worker_run(&task);
}

/* Makes a pair of sockets; false if descriptors run short. */
static bool make_sockets(int fds[2])
{
    struct rlimit limit;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return false;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)fds[1] + INPUT_DESCRIPTORS < limit.rlim_cur)
        return true;
    close(fds[0]);
    close(fds[1]);
    return false;
}

bool pool_start_worker(struct worker_pool *p, unsigned place)
{
    int fds[2];
    if (p->failures >= START_FAILURES || !make_sockets(fds))
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        become_worker(p, place, fds[1]);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        p->failures = START_FAILURES;
        return false;
    }
    p->workers[place] = (struct worker_place){.pid = pid, .fd = fds[0]};
    return true;
}

static void close_socket(struct worker_place *w)
{
    if (w->pid && w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

int pool_end_worker(struct worker_place *w)
{
    int status = 0;
    pid_t ended;
    close_socket(w);
    do
        ended = waitpid(w->pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    *w = (struct worker_place){0};
    return ended < 0 ? 0 : status;
}

void pool_end_workers(struct worker_pool *p)
{
    /* Close all sockets first: one worker may wait for a lock held by another, which waits for a message. */
    for (unsigned i = 0; i <= p->jobs; i++)
        close_socket(&p->workers[i]);
    for (unsigned i = 0; i <= p->jobs; i++)
        if (p->workers[i].pid)
            pool_end_worker(&p->workers[i]);
}

void pool_see_ranges(struct worker_pool *p)
{
    const uint64_t taken = p->source ? ranges_state(memory_ranges(&p->memory)).taken : p->oldest;
    for (uint64_t number = p->oldest; number < taken; number++) {
        unsigned i = (unsigned)(number % p->slot_count);
        if (p->slots[i].state != SLOT_FREE)
            continue;
        p->slots[i].state = SLOT_QUEUED;
        p->slots[i].worker = pool_batch(p, i)->taker;
    }
}

static void report_death(pid_t pid, int status)
{
    char text[192], how[96];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "was killed by signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "exited with status %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    snprintf(text, sizeof text, "worker %ld %s; its unfinished work is repeated", (long)pid, how);
    complain(NULL, text);
}

void pool_worker_died(struct worker_pool *p, unsigned place)
{
    pid_t pid = p->workers[place].pid;
    bool began = false;
    report_death(pid, pool_end_worker(&p->workers[place]));
    pool_see_ranges(p);
    for (unsigned i = 0; i < p->slot_count; i++) {
        struct slot *slot = &p->slots[i];
        if (slot->worker != place || (slot->state != SLOT_QUEUED && slot->state != SLOT_PART))
            continue;
        uint32_t done = batch_progress(pool_batch(p, i))->done;
        slot->state = SLOT_BROKEN;
        if (pool_batch(p, i)->begun <= done)
            continue;
        began = true;
        slot->deaths = slot->suspect == done ? slot->deaths + 1 : 1;
        slot->suspect = done;
    }
    p->failures = began ? 0 : p->failures + 1;
}

void pool_tell(const struct worker_pool *p, unsigned place, int number)
{
    ssize_t sent;
    do
        sent = send(p->workers[place].fd, &number, sizeof number, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    /* If the worker is dead, its socket will show it. */
}

void pool_give_room(struct worker_pool *p, unsigned place)
{
    const struct ranges *r = memory_ranges(&p->memory);
    if (!p->workers[place].waits || (!ranges_have_room(r) && !atomic_load(&r->stop)))
        return;
    p->workers[place].waits = false;
    pool_tell(p, place, GO_ON);
}

void pool_assign(struct worker_pool *p, unsigned slot, unsigned place)
{
    p->slots[slot].worker = place;
    p->slots[slot].state = SLOT_QUEUED;
    p->workers[place].assigned++;
    pool_tell(p, place, (int)slot);
}

unsigned pool_choose_worker(struct worker_pool *p)
{
    unsigned best = p->jobs, none = p->jobs;
    for (unsigned i = 0; i < p->jobs; i++) {
        const struct worker_place *w = &p->workers[i];
        if (!w->pid)
            none = none == p->jobs ? i : none;
        else if (w->assigned < POOL_BATCHES_PER_WORKER && (best == p->jobs || w->assigned < p->workers[best].assigned))
            best = i;
    }
    bool idle = best < p->jobs && p->workers[best].assigned == 0;
    if (!idle && none < p->jobs && pool_start_worker(p, none))
        return none;
    return best;
}

bool pool_any_worker(const struct worker_pool *p)
{
    for (unsigned i = 0; i < p->jobs; i++)
        if (p->workers[i].pid)
            return true;
    return false;
}
