/* SPDX-License-Identifier: MIT */
/*
 * coverage.h - included before every C file of a coverage build.
 *
 * The counts are written by exit(), which a worker of --jobs and a program that
 * a signal ends never call.
 */
#include <signal.h>
#include <unistd.h>

void __gcov_dump(void);

/* For cli/sandbox: the counts could not be written from inside it. */
#define BOUNCE_COUNTS_LINES 1

#define _exit(status) (__gcov_dump(), _exit(status))
#define raise(number) (__gcov_dump(), raise(number))
