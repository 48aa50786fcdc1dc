/* SPDX-License-Identifier: MIT */
/*
 * worker.c - the life of a worker.
 *
 * In: numbers of batches, through a socket; or ranges of an input, which it takes
 * one after the other. Out: rendered results in the batch, byte for byte those of
 * a single process. It ends when the program goes away. Whatever its parser learnt
 * before the fork, it knows too. It keeps no descriptor but its socket and the
 * input of its ranges. Nothing is refused.
 */
#include "jobs/worker.h"

#include "jobs/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

struct worker {
    struct classifier classifier;
    struct output out; /* its bytes are the results of the current batch */
    const struct memory *memory;
    const struct job_source *source; /* of ranges; NULL: none */
    unsigned place;
    int fd;
    int batch; /* the current one */
    int next;  /* one that arrived while it waited, or NONE */
};

enum { NONE = -9 };

static void say(const struct worker *w, int number)
{
    ssize_t sent;
    do
        sent = send(w->fd, &number, sizeof number, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent != (ssize_t)sizeof number)
        _exit(0);
}

static int hear(const struct worker *w)
{
    int number;
    ssize_t got;
    do
        got = recv(w->fd, &number, sizeof number, MSG_WAITALL);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof number)
        _exit(0);
    return number;
}

/* The result memory is full: has its contents written, and begins again at its front. */
static void hand_over(struct output *o)
{
    struct worker *w = (struct worker *)(void *)((char *)o - offsetof(struct worker, out));
    struct batch *b = memory_batch(w->memory, (size_t)w->batch);
    if (o->n == 0)
        return;
    b->result_bytes = o->n;
    say(w, w->batch | PART_FLAG);
    for (int number; (number = hear(w)) != GO_ON;)
        w->next = number;
}

/* True if the program wants to stop; the rest is then not done. */
static bool ends_early(const struct worker *w, struct batch *b, const struct job_item *item)
{
    if (!b->is_range || !atomic_load(&memory_ranges(w->memory)->stop_soon))
        return false;
    b->at = item->at;
    b->ended_early = true;
    return true;
}

static void work(struct worker *w)
{
    struct batch *b = memory_batch(w->memory, (size_t)w->batch);
    struct job_item item;
    uint32_t i = b->is_range ? 0 : b->first;
    w->classifier.renderer.totals = (struct totals){0};
    w->out.bytes = memory_results(w->memory, (size_t)w->batch);
    w->out.n = 0;
    for (; !b->is_last && batch_next(b, w->source, i, &item); i++) {
        if (i < b->first)
            continue;
        if (ends_early(w, b, &item))
            break;
        if (b->is_range)
            batch_note(w->memory, (size_t)w->batch, i, &item.source);
        b->begun = i + 1;
        classify_item(&w->classifier, &item);
        b->is_last = item.is_last;
        b->read_bytes += item.source.length;
        batch_advance(b, i + 1, w->out.n, &w->classifier.renderer.totals);
    }
    b->count = i;
    b->result_bytes = w->out.n;
}

static void report(struct worker *w)
{
    memory_forget(w->memory, (size_t)w->batch);
    say(w, w->batch);
}

/* -------------------------------------------------------------- ranges */

/* Called with the lock, since no other worker could take a range either. */
static void wait_for_room(struct worker *w, const struct ranges *r)
{
    while (!ranges_have_room(r) && !atomic_load(&r->stop)) {
        say(w, WAITS_FOR_ROOM);
        while (hear(w) != GO_ON)
            continue;
    }
}

/* Takes the next range into w->batch; false if there is none. */
static bool take(struct worker *w, struct ranges *r)
{
    ranges_lock(r);
    struct range_state state = ranges_state(r);
    if (!state.ended)
        wait_for_room(w, r);
    bool takes = !state.ended && !atomic_load(&r->stop);
    if (takes) {
        w->batch = (int)(state.taken % w->memory->batches);
        struct batch *b = memory_batch(w->memory, (size_t)w->batch);
        batch_begin_range(b, w->place, &state.next);
        state.ended = !w->source->take(w->source->data, &b->from, &state.next);
        state.taken++;
        ranges_set_state(r, &state);
    }
    ranges_unlock(r);
    return takes;
}

static void end_ranges(struct ranges *r)
{
    ranges_lock(r);
    struct range_state state = ranges_state(r);
    state.ended = true;
    ranges_set_state(r, &state);
    ranges_unlock(r);
}

static void take_all(struct worker *w)
{
    struct ranges *r = memory_ranges(w->memory);
    while (take(w, r)) {
        work(w);
        if (!memory_batch(w->memory, (size_t)w->batch)->ended_early && w->source->ended(w->source->data))
            end_ranges(r);
        report(w);
    }
    say(w, NOTHING_LEFT);
}

/* A batch that the program handed out. */
static void do_batch(struct worker *w)
{
    const struct batch *b = memory_batch(w->memory, (size_t)w->batch);
    bounce_position next;
    if (b->is_range)
        w->source->take(w->source->data, &b->from, &next);
    work(w);
    report(w);
}

/* Workers must not keep the program's pipes open. */
static void leave_pipes(void)
{
    /* Read-only, since a sandbox allows no more; nobody writes to it. */
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0)
        return;
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (nothing > STDERR_FILENO)
        close(nothing);
}

void worker_run(const struct worker_task *task)
{
    const struct sandbox *sandbox = task->classifier->sandbox;
    struct worker w = {.classifier = *task->classifier,
                       .memory = task->memory,
                       .source = task->source,
                       .place = task->place,
                       .fd = task->fd,
                       .next = NONE};
    w.out = (struct output){.fd = -1, .capacity = RESULT_BYTES, .hand_over = hand_over};
    w.classifier.renderer.out = &w.out;
    interrupt_ignore();
    leave_pipes();
    if (!w.source)
        memory_protect(w.memory);
    if (sandbox) {
        const struct worker_needs needs = {w.fd, w.source ? w.source->fd : -1, w.source && w.source->fd < 0};
        sandbox_enter_worker(sandbox, &needs);
    }
    if (w.source)
        w.source->begin(w.source->data);
    if (task->takes)
        take_all(&w);
    for (;;) {
        w.batch = w.next != NONE ? w.next : hear(&w);
        w.next = NONE;
        do_batch(&w);
    }
}
