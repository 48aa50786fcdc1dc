/* SPDX-License-Identifier: MIT */
/* clock.h - the time of one of the system's clocks, for tests and benchmarks that measure it. */
#ifndef BOUNCE_TESTS_CLOCK_H
#define BOUNCE_TESTS_CLOCK_H

#include <time.h>

static inline double clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double clock_us(clockid_t clock)
{
    return clock_s(clock) * 1e6;
}

#endif
