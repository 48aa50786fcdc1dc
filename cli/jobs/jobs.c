/* SPDX-License-Identifier: MIT */
/*
 * jobs.c - where inputs hand in mails and replies.
 *
 * In: mails or replies, one by one. Out: their results in the same order,
 * whoever classified them: a worker of the pool or this process. Nothing is
 * refused: what the pool does not take is classified here.
 */
#define _GNU_SOURCE 1 /* sched_getaffinity() */
#include "jobs/jobs.h"

#include "jobs/interrupt.h"
#include "jobs/pool.h"
#include "output/progress.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

/* The number of processors that this process may use. */
static uint32_t count_processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        online = CPU_COUNT(&set);
#endif
    return online > 1 ? (uint32_t)online : 1;
}

void jobs_begin(struct jobs *j, struct classifier *c, uint32_t processes, uint64_t max_bytes, bool unordered)
{
    if (processes == 0)
        processes = count_processors();
    *j = (struct jobs){.classifier = c, .pool = processes > 1 ? pool_new(c, processes, max_bytes, unordered) : NULL};
}

bool jobs_can_read(const struct jobs *j, uint64_t bytes, uint64_t mails)
{
    return j->pool && pool_is_due(j->pool, bytes, mails);
}

uint32_t jobs_workers(const struct jobs *j)
{
    return j->pool ? pool_workers(j->pool) : 1;
}

bool jobs_read(struct jobs *j, const struct job_source *source, bounce_position *at)
{
    return pool_read(j->pool, source, at);
}

void jobs_add(struct jobs *j, const void *bytes, size_t length, const bounce_source *source)
{
    if (!j->classifier->log) /* for logs, lines were counted instead */
        progress_add(source->length);
    if (!j->pool || !pool_take(j->pool, bytes, length, source))
        classify(j->classifier, bytes, length, source);
}

void jobs_add_report(struct jobs *j, bounce_report *report, const bounce_source *source)
{
    progress_add(source->length);
    classify_event(j->classifier, report, source);
}

void jobs_unreadable(struct jobs *j, const char *subject, const char *message)
{
    classify_unreadable(j->classifier, subject, message);
}

bool jobs_output_failed(const struct jobs *j)
{
    return j->classifier->renderer.out->error_number != 0;
}

/* True if reading from fd would block. */
static bool must_wait(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 0;
}

void jobs_wait_for_input(struct jobs *j, int fd)
{
    if (!must_wait(fd))
        return;
    if (j->pool)
        pool_wait_for_input(j->pool, fd);
    else
        output_flush(j->classifier->renderer.out);
    struct pollfd waited[] = {{.fd = fd, .events = POLLIN}, {.fd = interrupt_fd(), .events = POLLIN}};
    while (!interrupt_signal() && poll(waited, 2, -1) < 0 && errno == EINTR)
        continue;
}

void jobs_flush(struct jobs *j)
{
    if (j->pool)
        pool_flush(j->pool);
    output_flush(j->classifier->renderer.out);
}

void jobs_end(struct jobs *j)
{
    pool_end(j->pool);
    j->pool = NULL;
}
