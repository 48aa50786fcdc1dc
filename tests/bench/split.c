/* SPDX-License-Identifier: MIT */
/*
 * split.c - how long it takes to read a mailbox and to find its messages, alone.
 *
 *     split MAILBOX [ROUNDS]
 *
 * In: a file, Maildir or folder. It is read and split ROUNDS times (default 5)
 * by bounce_mailbox_next(), as in bounce-classify; nothing is done with the
 * messages. Out, one line for the round that took the least processor time:
 * messages, their bytes, nanoseconds per message, gigabytes per second. Input
 * that cannot be read is an error.
 */
#include "../clock.h"
#include "bounce.h"

#include <stdio.h>
#include <stdlib.h>

struct sums {
    unsigned long messages;
    double bytes, seconds;
};

static int split(const char *path, struct sums *sums)
{
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    *sums = (struct sums){.seconds = -clock_s(CLOCK_PROCESS_CPUTIME_ID)};
    bounce_status status = bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, 0, &mailbox, &error);
    if (status == BOUNCE_OK)
        while ((status = bounce_mailbox_next(mailbox, &view, &error)) == BOUNCE_OK) {
            sums->messages++;
            sums->bytes += (double)view.true_length;
        }
    bounce_mailbox_close(mailbox);
    sums->seconds += clock_s(CLOCK_PROCESS_CPUTIME_ID);
    if (status == BOUNCE_END)
        return 0;
    fprintf(stderr, "split: %s\n", error.message);
    return 1;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    struct sums best = {0}, now;
    if (argc < 2 || rounds < 1) {
        fprintf(stderr, "usage: split MAILBOX [ROUNDS]\n");
        return 2;
    }
    for (int i = 0; i < rounds; i++) {
        if (split(argv[1], &now))
            return 1;
        if (i == 0 || now.seconds < best.seconds)
            best = now;
    }
    printf("%lu %.0f %.0f %.2f\n", best.messages, best.bytes,
           best.messages ? best.seconds * 1e9 / (double)best.messages : 0, best.bytes / best.seconds / 1e9);
    return 0;
}
