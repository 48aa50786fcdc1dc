/* SPDX-License-Identifier: MIT */
/*
 * progress.c - the progress of long work, on a terminal.
 *
 * In: how many mails were read, and their bytes. Out: a line on standard error, which
 * is written anew some times a second and cleared for whatever else is written there:
 *
 *     12345 mails, 118 of 2048 MB, 3456 a second, 4 min left
 *
 * Nothing is refused. It says nothing of work that takes a blink.
 */
#include "output/progress.h"
#include "output/output.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_AFTER_MS = 500, AGAIN_AFTER_MS = 200, LINE_BYTES = 200, LOOK_EVERY = 64, LOOK_EVERY_BYTES = 1 << 20 };

/* Returns to the start of the line and clears it. */
#define CLEAR "\r\x1b[K"
enum { CLEAR_BYTES = sizeof CLEAR - 1 };

static struct {
    bool is_on, is_shown;
    const char *noun;
    uint64_t count, bytes, total;
    int columns;                           /* of the terminal; a longer line could not be cleared */
    uint64_t count_at_look, bytes_at_look; /* when the clock was last looked at */
    int64_t began_ms, next_ms;
} progress;

static int64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(uint64_t bytes, const char *noun)
{
    progress.columns = (int)output_terminal_columns(STDERR_FILENO);
    progress.is_on = true;
    progress.noun = noun;
    progress.total = bytes;
    progress.began_ms = now_ms();
    progress.next_ms = progress.began_ms + FIRST_AFTER_MS;
}

static void write_line(const char *line, int n)
{
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        progress.is_on = false;
}

void progress_clear(void)
{
    if (progress.is_on) /* also called in a worker, which does not know whether progress is shown */
        write_line(CLEAR, CLEAR_BYTES);
    progress.is_shown = false;
}

void progress_end(void)
{
    if (progress.is_shown)
        progress_clear();
    progress.is_on = false;
}

/* "4 min left" */
static int time_left(char *line, size_t size, int64_t spent_ms)
{
    double rate = (double)progress.bytes / (double)spent_ms;
    double left_s = rate > 0 ? (double)(progress.total - progress.bytes) / rate / 1000 : 0;
    unsigned long long n = (unsigned long long)(left_s + 1);
    return n < 60     ? snprintf(line, size, ", %llu s left", n)
           : n < 3600 ? snprintf(line, size, ", %llu min left", (n + 59) / 60)
                      : snprintf(line, size, ", %llu h %llu min left", n / 3600, n % 3600 / 60);
}

static void show(int64_t now)
{
    char line[LINE_BYTES];
    const int64_t spent_ms = now > progress.began_ms ? now - progress.began_ms : 1;
    const unsigned long long megabyte = 1000000, rate = progress.count * 1000 / (uint64_t)spent_ms;
    int n = snprintf(line, sizeof line, CLEAR "%llu %s, %llu", (unsigned long long)progress.count, progress.noun,
                     (unsigned long long)progress.bytes / megabyte);
    const bool is_known = progress.total && progress.bytes <= progress.total;
    if (is_known)
        n += snprintf(line + n, sizeof line - (size_t)n, " of %llu", (unsigned long long)progress.total / megabyte);
    n += snprintf(line + n, sizeof line - (size_t)n, " MB, %llu a second", rate);
    if (is_known)
        n += time_left(line + n, sizeof line - (size_t)n, spent_ms);
    const int most = progress.columns - 1 + CLEAR_BYTES;
    write_line(line, n < most ? n : most);
    progress.is_shown = true;
    progress.next_ms = now + AGAIN_AFTER_MS;
}

void progress_add(uint64_t bytes)
{
    progress_add_all(1, bytes);
}

void progress_add_all(uint64_t count, uint64_t bytes)
{
    if (!progress.is_on)
        return;
    progress.count += count;
    progress.bytes += bytes;
    bool is_due = progress.count - progress.count_at_look >= LOOK_EVERY ||
                  progress.bytes - progress.bytes_at_look >= LOOK_EVERY_BYTES || progress.count < LOOK_EVERY;
    if (!is_due)
        return;
    progress.count_at_look = progress.count;
    progress.bytes_at_look = progress.bytes;
    int64_t now = now_ms();
    if (now >= progress.next_ms)
        show(now);
}
