/* SPDX-License-Identifier: MIT */
/*
 * logs.c - lines out of the logs of mail servers.
 *
 * In: paths of logs, read in their order as one log. Out: one line after the other, handed in to be read. A
 * signal ends it after a line. Refused: what cannot be read, and a file without a line that is known; both are
 * reported on standard error and counted, and the next one is tried.
 */
#include "input/logs.h"

#include "jobs/classify_log.h"
#include "jobs/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_BLOCK_BYTES = 256 * 1024, LOG_LINE_BYTES_MOST = 4 * 1024 * 1024 };

/* One log being read. The bytes of a line that is not whole yet are at the front of the buffer. */
struct log_input {
    struct jobs *jobs;
    const char *path; /* NULL: standard input */
    int fd;
    bounce_input *input;
    char *bytes;
    size_t n, capacity;
    bool any;
    uint64_t offset; /* of the first line that was not handed in */
};

static const char *subject_of(const struct log_input *in)
{
    return in->path ? in->path : "standard input";
}

/* Hands in all whole lines of the buffer, and keeps the rest. */
static void take_lines(struct log_input *in)
{
    char *from = in->bytes, *end = in->bytes + in->n, *line_end;
    while (!interrupt_signal() && from < end && (line_end = memchr(from, '\n', (size_t)(end - from)))) {
        classify_log_line(in->jobs, from, (size_t)(line_end + 1 - from), in->path, true);
        in->offset += (uint64_t)(line_end + 1 - from);
        from = line_end + 1;
    }
    in->n = (size_t)(end - from);
    memmove(in->bytes, from, in->n);
}

/* Room for one more block; false if memory runs out. A line without an end is handed in by parts. */
static bool make_room(struct log_input *in)
{
    if (in->n >= LOG_LINE_BYTES_MOST) {
        classify_log_line(in->jobs, in->bytes, in->n, in->path, true);
        in->n = 0;
    }
    if (in->capacity - in->n >= LOG_BLOCK_BYTES)
        return true;
    size_t capacity = in->n + 2 * (size_t)LOG_BLOCK_BYTES;
    char *grown = realloc(in->bytes, capacity);
    if (!grown)
        return false;
    in->bytes = grown;
    in->capacity = capacity;
    return true;
}

static void on_wait(void *data, int fd)
{
    const struct log_input *in = data;
    jobs_wait_for_input(in->jobs, fd);
    if (interrupt_signal())
        bounce_input_stop(in->input);
}

/* False after a message. */
static bool read_all_lines(struct log_input *in)
{
    bounce_error error = {.status = BOUNCE_ERROR_IO};
    bounce_status status = BOUNCE_OK;
    snprintf(error.message, sizeof error.message, "%s", strerror(ENOMEM));
    while (status == BOUNCE_OK && !jobs_output_failed(in->jobs) && !interrupt_signal()) {
        size_t got = 0;
        status = make_room(in) ? bounce_input_read(in->input, in->bytes + in->n, in->capacity - in->n, &got, &error)
                               : BOUNCE_ERROR_IO;
        in->any = in->any || got;
        in->n += got;
        if (got)
            take_lines(in);
    }
    if (in->n && !interrupt_signal())
        classify_log_line(in->jobs, in->bytes, in->n, in->path, true);
    if (status == BOUNCE_ERROR_IO)
        jobs_unreadable(in->jobs, subject_of(in), error.message);
    return status != BOUNCE_ERROR_IO;
}

static void read_log(struct jobs *j, const char *path, struct going_on *going_on)
{
    struct log_input in = {.jobs = j, .path = path, .fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO};
    struct stat st;
    *going_on = (struct going_on){.path = path};
    bounce_error error;
    if (in.fd < 0 || fstat(in.fd, &st) != 0) {
        jobs_unreadable(j, subject_of(&in), strerror(errno));
        return;
    }
    if (bounce_input_open_fd(in.fd, &in.input, &error) != BOUNCE_OK) {
        jobs_unreadable(j, subject_of(&in), error.message);
        return;
    }
    bounce_input_on_wait(in.input, on_wait, &in);
    bool is_file = S_ISREG(st.st_mode);
    classify_log_begin(j, is_file ? (int64_t)st.st_mtime : -1);
    bool whole = read_all_lines(&in);
    classify_log_end(j, subject_of(&in), in.any && whole);
    going_on->at.offset = in.offset;
    going_on->at.index = BOUNCE_NO_NUMBER;
    going_on->wanted = interrupt_signal() != 0;
    bounce_input_close(in.input);
    free(in.bytes);
    if (path)
        close(in.fd);
}

void read_logs(struct jobs *j, char **inputs, size_t count, struct going_on *going_on)
{
    *going_on = (struct going_on){0};
    if (count == 0)
        read_log(j, NULL, going_on);
    for (size_t i = 0; i < count && !jobs_output_failed(j) && !going_on->wanted; i++) {
        read_log(j, strcmp(inputs[i], "-") == 0 ? NULL : inputs[i], going_on);
        going_on->inputs_after = count - i - 1;
    }
    classify_logs_end(j, true);
}
