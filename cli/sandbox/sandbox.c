/* SPDX-License-Identifier: MIT */
/*
 * sandbox.c - what the program gives up before it reads mail.
 *
 * In: the inputs by name; rules, standard streams and what else is needed are already open. Out: a process that can
 * only read these inputs and write to its open files, as far as the kernel supports this; less is not an error.
 * Refused: a sandbox around programs that could not work in it:
 *
 *   sanitizers     look at /proc and start a symbolizer when they report
 *   coverage       writes its counts when the process ends
 *   valgrind       makes system calls of its own in the same process
 */
#define _GNU_SOURCE 1 /* syscall() */
#include "sandbox/sandbox.h"

#include "sandbox/calls.h"
#include "sandbox/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer) || defined(BOUNCE_COUNTS_LINES) || \
    defined(BOUNCE_NO_SANDBOX)
enum { IS_POSSIBLE = false };
#else
enum { IS_POSSIBLE = true };
#endif

/* Valgrind loads its tools into the program this way. */
static bool under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded && strstr(preloaded, "/vgpreload_");
}

/* Without this, an unprivileged process may not restrict itself. */
static bool can_restrict(void)
{
#ifdef __linux__
    return IS_POSSIBLE && !under_valgrind() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
    return IS_POSSIBLE && !under_valgrind() && false;
#endif
}

static unsigned restrict_both(const struct sandbox *s, enum calls_of who)
{
    unsigned effect = 0;
    /* Files first: the call filter of a worker would not allow it. */
    if (files_restrict(s->readable, s->readable_count, s->neighbours))
        effect |= SANDBOX_FILES;
    if (calls_restrict(who, s->makes_code))
        effect |= SANDBOX_CALLS;
    return effect;
}

unsigned sandbox_enter(const struct sandbox *s)
{
    return can_restrict() ? restrict_both(s, CALLS_OF_PROGRAM) : 0;
}

static void close_range_of(int first, unsigned last)
{
#ifdef SYS_close_range
    if (first >= 0 && (unsigned)first <= last)
        syscall(SYS_close_range, first, last, 0);
#else
    (void)first;
    (void)last;
#endif
}

/* Closes all descriptors but the standard ones and these two, if the kernel can do it in one call. */
static void close_others(int a, int b)
{
    int low = a < b ? a : b, high = a < b ? b : a, first = STDERR_FILENO + 1;
    if (low >= first) {
        close_range_of(first, (unsigned)low - 1);
        first = low + 1;
    }
    if (high >= first) {
        close_range_of(first, (unsigned)high - 1);
        first = high + 1;
    }
    close_range_of(first, ~0u);
}

unsigned sandbox_enter_worker(const struct sandbox *s, const struct worker_needs *needs)
{
    const struct sandbox nothing = {.makes_code = s->makes_code};
    if (!can_restrict())
        return 0;
    close_others(needs->socket, needs->input);
    if (needs->opens_files) /* the program itself may open nothing more */
        return SANDBOX_FILES | (calls_restrict(CALLS_OF_READER, s->makes_code) ? SANDBOX_CALLS : 0);
    return restrict_both(&nothing, CALLS_OF_WORKER);
}
