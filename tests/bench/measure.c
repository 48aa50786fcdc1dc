/* SPDX-License-Identifier: MIT */
/*
 * measure.c - runs a program several times and prints what each run cost.
 *
 *     measure [-c CORES] [-i INPUT] [-o OUTPUT] [-n TIMES] PROGRAM [ARGUMENT]...
 *
 * In: the cores on which it may run ("0" or "0,1"), files for its standard input
 * and output (default /dev/null), how often to run it. Out, one line a run:
 * microseconds of wall time, of user and of system time, the peak of resident
 * memory in KiB (all by wait4: for a program that starts workers it is the
 * largest process), and the exit status. A program that cannot be started is an
 * error. This is a program of its own because a child inherits the peak of memory
 * of the process that starts it, and an interpreter is large.
 */
#include "../clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    const char *input, *output;
    char **argv;
};

static double us(struct timeval t)
{
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

/* Binds this process, and so its children, to the cores listed. */
static int use_cores(const char *list)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (const char *s = list; *s;) {
        char *end;
        unsigned long core = strtoul(s, &end, 10);
        if (end == s || core >= CPU_SETSIZE)
            return -1;
        CPU_SET(core, &cores);
        s = *end == ',' ? end + 1 : end;
        if (*end && *end != ',')
            return -1;
    }
    return sched_setaffinity(0, sizeof cores, &cores);
}

static int run_once(const struct job *job)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, job->input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, job->output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    pid_t pid;
    int status;
    struct rusage cost;
    double start = clock_us(CLOCK_MONOTONIC);
    int error = posix_spawnp(&pid, job->argv[0], &files, NULL, job->argv, environ);
    posix_spawn_file_actions_destroy(&files);
    if (error) {
        fprintf(stderr, "measure: %s: %s\n", job->argv[0], strerror(error));
        return -1;
    }
    while (wait4(pid, &status, 0, &cost) < 0)
        if (errno != EINTR)
            return -1;
    double wall = clock_us(CLOCK_MONOTONIC) - start;
    printf("%.0f %.0f %.0f %ld %d\n", wall, us(cost.ru_utime), us(cost.ru_stime), cost.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}

int main(int argc, char **argv)
{
    struct job job = {"/dev/null", "/dev/null", NULL};
    int option, times = 1;
    while ((option = getopt(argc, argv, "+c:i:o:n:")) != -1) {
        if (option == 'c' && use_cores(optarg) == 0)
            continue;
        else if (option == 'i')
            job.input = optarg;
        else if (option == 'o')
            job.output = optarg;
        else if (option == 'n')
            times = atoi(optarg);
        else
            return fprintf(stderr, "usage: measure [-c CORES] [-i IN] [-o OUT] [-n TIMES] PROGRAM...\n"), 2;
    }
    job.argv = argv + optind;
    if (!job.argv[0])
        return 2;
    for (int i = 0; i < times; i++)
        if (run_once(&job))
            return 1;
    return 0;
}
