/* SPDX-License-Identifier: MIT */
/*
 * threads.c - how the library scales with threads of one process.
 *
 *     threads MAILBOX [THREADS [ROUNDS]]
 *
 * In: a mailbox, which is first read into memory. Every thread has its own
 * parser on shared rules and classifies all messages, including JSON.
 * Out: messages per second with one thread and with THREADS (default 2) and
 * their ratio, each the best of ROUNDS (default 5), taken in turn; then the
 * processor time per message with THREADS, relative to one thread.
 */
#include "../clock.h"
#include "bounce.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 64 };

struct mail {
    unsigned char *bytes;
    size_t length;
};
struct work {
    bounce_rules *rules;
    const struct mail *mails;
    size_t count;
};

/* The best of the measurements. */
struct speed {
    double per_s, cpu_s;
};

static void *classify_all(void *data)
{
    const struct work *work = data;
    bounce_parser *parser = bounce_parser_new(work->rules, NULL);
    for (size_t i = 0; i < work->count; i++) {
        bounce_report *report;
        const char *json;
        if (bounce_parse(parser, work->mails[i].bytes, work->mails[i].length, &report, NULL) != BOUNCE_OK)
            continue;
        bounce_report_json(report, NULL, &json, NULL);
        bounce_report_free(report);
    }
    bounce_parser_free(parser);
    return NULL;
}

/* Lets this many threads work and keeps the best result. */
static void measure(struct work *work, int threads, struct speed *best)
{
    pthread_t ids[THREADS_MAX];
    double wall_s = clock_s(CLOCK_MONOTONIC), cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, classify_all, work))
            exit(1);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    wall_s = clock_s(CLOCK_MONOTONIC) - wall_s;
    cpu_s = (clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s) / threads;
    double per_s = (double)threads * (double)work->count / wall_s;
    if (per_s > best->per_s)
        best->per_s = per_s;
    if (best->cpu_s <= 0 || cpu_s < best->cpu_s)
        best->cpu_s = cpu_s;
}

static struct mail *load(const char *path, size_t *count)
{
    struct mail *mails = NULL;
    size_t room = 0;
    bounce_mailbox *mailbox;
    bounce_view view;
    if (bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, 0, &mailbox, NULL) != BOUNCE_OK)
        return NULL;
    while (bounce_mailbox_next(mailbox, &view, NULL) == BOUNCE_OK) {
        if (*count == room && !(mails = realloc(mails, (room = room * 2 + 64) * sizeof *mails)))
            exit(1);
        struct mail *mail = &mails[(*count)++];
        mail->length = view.length;
        if (!(mail->bytes = malloc(view.length + 1)))
            exit(1);
        memcpy(mail->bytes, view.bytes, view.length);
    }
    bounce_mailbox_close(mailbox);
    return mails;
}

int main(int argc, char **argv)
{
    struct work work = {0};
    int threads = argc > 2 ? atoi(argv[2]) : 2, rounds = argc > 3 ? atoi(argv[3]) : 5;
    struct mail *mails = argc > 1 && threads > 0 && threads <= THREADS_MAX ? load(argv[1], &work.count) : NULL;
    if (!mails) {
        fprintf(stderr, "usage: threads MAILBOX [THREADS [ROUNDS]]\n");
        return 2;
    }
    struct speed one = {0}, many = {0};
    work.mails = mails;
    work.rules = bounce_rules_default();
    for (int i = 0; i < rounds; i++) {
        measure(&work, 1, &one);
        measure(&work, threads, &many);
    }
    printf("%.0f %.0f %.2f %.2f\n", one.per_s, many.per_s, many.per_s / one.per_s, many.cpu_s / one.cpu_s);
    for (size_t i = 0; i < work.count; i++)
        free(mails[i].bytes);
    free(mails);
    bounce_rules_unref(work.rules);
    return 0;
}
