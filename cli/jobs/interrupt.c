/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c - SIGINT and SIGTERM, which end the work between two messages.
 *
 * In: the signals. Out: the number of the first, and a descriptor that can be
 * read once it came, for those who wait in poll(2). Calls that wait are not
 * restarted: opening a pipe that nobody writes to must end, too. Refused: a
 * signal that whoever started the program had ignored.
 *
 * A second signal right after the first is the same one: timeout(1) sends it to
 * the process and to its group.
 */
#include "jobs/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static volatile time_t caught_at_s;
static int ends[2] = {-1, -1};

static time_t now_s(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void on_signal(int number)
{
    int saved = errno;
    if (!caught) {
        caught_at_s = now_s();
        caught = number;
        if (ends[1] >= 0 && write(ends[1], "", 1) < 0)
            caught = number; /* the pipe is full: it can be read anyway */
    } else if (now_s() > caught_at_s + 1) {
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = saved;
}

static void catch_signal(int number)
{
    struct sigaction action, before;
    if (sigaction(number, NULL, &before) != 0 || before.sa_handler == SIG_IGN)
        return;
    action = (struct sigaction){.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void interrupt_catch(void)
{
    if (pipe(ends) == 0) {
        for (int i = 0; i < 2; i++) {
            fcntl(ends[i], F_SETFD, FD_CLOEXEC);
            fcntl(ends[i], F_SETFL, O_NONBLOCK);
        }
    } else {
        ends[0] = ends[1] = -1;
    }
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
}

int interrupt_signal(void)
{
    return caught;
}

int interrupt_fd(void)
{
    return ends[0];
}

void interrupt_ignore(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0)
            close(ends[i]);
        ends[i] = -1;
    }
}

void interrupt_end(void)
{
    int number = caught;
    signal(number, SIG_DFL);
    raise(number);
    /* The signal is blocked, so only an exit status is left. */
    _exit(128 + number);
}
