/* SPDX-License-Identifier: MIT */
/*
 * worker.c - the life of a worker.
 *
 * In: numbers of batches, through a socket. Out: rendered results in the
 * batch, byte for byte those of a single process. It ends when the program
 * goes away. Whatever its parser learnt before the fork, it knows too. It opens
 * no input and keeps no descriptor but its socket. Nothing is refused.
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
    int fd;
    int batch; /* the current one */
    int next;  /* one that came while it waited, or NONE */
};

enum { NONE = -2 };

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

/* The results fill their room: has them written, and begins again at its front. */
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

static void work(struct worker *w)
{
    struct batch *b = memory_batch(w->memory, (size_t)w->batch);
    w->classifier.renderer.totals = (struct totals){0};
    w->out.bytes = memory_results(w->memory, (size_t)w->batch);
    w->out.n = 0;
    for (uint32_t i = b->first; i < b->count; i++) {
        const struct item *item = &b->items[i];
        b->begun = i + 1;
        classify(&w->classifier, item->bytes, item->length, &item->source);
        batch_advance(b, i + 1, w->out.n, &w->classifier.renderer.totals);
    }
    b->result_bytes = w->out.n;
    memory_forget(w->memory, (size_t)w->batch);
    say(w, w->batch);
}

/* Workers must not keep the program's pipes open. */
static void leave_pipes(void)
{
    /* Only to read: a sandbox allows no more. Nobody writes to it. */
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0)
        return;
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (nothing > STDERR_FILENO)
        close(nothing);
}

void worker_run(const struct classifier *of_program, const struct memory *m, int fd)
{
    struct worker w = {.classifier = *of_program, .memory = m, .fd = fd, .next = NONE};
    w.out = (struct output){.fd = -1, .capacity = RESULT_BYTES, .hand_over = hand_over};
    w.classifier.renderer.out = &w.out;
    interrupt_ignore();
    leave_pipes();
    memory_protect(m);
    if (of_program->sandbox)
        sandbox_enter_worker(of_program->sandbox, fd);
    for (;;) {
        w.batch = w.next != NONE ? w.next : hear(&w);
        w.next = NONE;
        work(&w);
    }
}
