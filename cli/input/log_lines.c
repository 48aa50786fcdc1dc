/* SPDX-License-Identifier: MIT */
/*
 * log_lines.c - the lines of one log, or a part of them.
 *
 * In: a descriptor, compressed or not. Out: one line after another, passed on. A signal ends it after a line. Refused:
 * what cannot be read or unpacked; it is reported on standard error and counted. An unfinished line is passed on in
 * parts.
 */
#include "input/log_lines.h"

#include "jobs/classify_log.h"
#include "jobs/interrupt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_BLOCK_BYTES = 256 * 1024, LOG_LINE_BYTES_MOST = 4 * 1024 * 1024 };

const char *log_lines_subject(const struct log_lines *l)
{
    return l->path ? l->path : "standard input";
}

static void on_wait(void *data, int fd)
{
    const struct log_lines *l = data;
    jobs_wait_for_input(l->jobs, fd);
    if (interrupt_signal())
        bounce_input_stop(l->input);
}

bool log_lines_open(struct log_lines *l, struct jobs *jobs, int fd, const char *path)
{
    bounce_error error;
    *l = (struct log_lines){.jobs = jobs, .path = path, .fd = fd, .until = UINT64_MAX};
    if (bounce_input_open_fd(fd, &l->input, &error) != BOUNCE_OK) {
        jobs_unreadable(jobs, log_lines_subject(l), error.message);
        log_lines_close(l);
        return false;
    }
    bounce_input_on_wait(l->input, on_wait, l);
    return true;
}

void log_lines_close(struct log_lines *l)
{
    bounce_input_close(l->input);
    free(l->bytes);
    if (l->fd > STDIN_FILENO)
        close(l->fd);
    *l = (struct log_lines){.fd = -1};
}

static void hand_in(struct log_lines *l, const char *line, size_t n)
{
    if (l->offset >= l->skip)
        classify_log_line(l->jobs, line, n, l->path, l->offset >= l->from && l->offset < l->until);
    l->offset += n;
}

/* Hands in all whole lines of the buffer, and keeps the rest. */
static void take_lines(struct log_lines *l)
{
    char *from = l->bytes, *end = l->bytes + l->n, *line_end;
    while (!interrupt_signal() && from < end && (line_end = memchr(from, '\n', (size_t)(end - from)))) {
        hand_in(l, from, (size_t)(line_end + 1 - from));
        from = line_end + 1;
    }
    l->n = (size_t)(end - from);
    memmove(l->bytes, from, l->n);
}

/* Makes room for one more block; false if memory runs out. */
static bool make_room(struct log_lines *l)
{
    if (l->n >= LOG_LINE_BYTES_MOST) {
        hand_in(l, l->bytes, l->n);
        l->n = 0;
    }
    if (l->capacity - l->n >= LOG_BLOCK_BYTES)
        return true;
    size_t capacity = l->n + 2 * (size_t)LOG_BLOCK_BYTES;
    char *grown = realloc(l->bytes, capacity);
    if (!grown)
        return false;
    l->bytes = grown;
    l->capacity = capacity;
    return true;
}

static void keep_head(struct log_lines *l, const char *bytes, size_t n)
{
    size_t room = sizeof l->head - l->head_bytes;
    n = n < room ? n : room;
    memcpy(l->head + l->head_bytes, bytes, n);
    l->head_bytes += n;
}

enum log_lines_read log_lines_read(struct log_lines *l)
{
    bounce_error error = {.status = BOUNCE_ERROR_IO};
    bounce_status status = BOUNCE_ERROR_IO;
    size_t got = 0;
    snprintf(error.message, sizeof error.message, "%s", strerror(ENOMEM));
    if (make_room(l))
        status = bounce_input_read(l->input, l->bytes + l->n, l->capacity - l->n, &got, &error);
    if (got && l->head_bytes < sizeof l->head)
        keep_head(l, l->bytes + l->n, got);
    l->any = l->any || got;
    l->read += got;
    l->n += got;
    if (got)
        take_lines(l);
    if (status == BOUNCE_OK || status == BOUNCE_END)
        return status == BOUNCE_OK ? LOG_LINES_GO_ON : LOG_LINES_END;
    jobs_unreadable(l->jobs, log_lines_subject(l), error.message);
    return LOG_LINES_FAILED;
}

void log_lines_finish(struct log_lines *l)
{
    if (l->n && !interrupt_signal())
        hand_in(l, l->bytes, l->n);
    l->n = 0;
}
