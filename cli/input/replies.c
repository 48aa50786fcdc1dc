/* SPDX-License-Identifier: MIT */
/*
 * replies.c - SMTP replies from arguments or lines of standard input.
 *
 * In: arguments, each a reply, or lines that end in LF or CRLF. Out: one reply for each argument or line, a blank line
 * included, so that line N and result N belong together. A signal ends it after a line. Refused: bytes of a line
 * beyond keep_bytes, which are only counted; read errors are reported on standard error and counted.
 */
#include "input/replies.h"

#include "jobs/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64 * 1024 };

/* A line that is assembled from parts. */
struct reply_line {
    char *bytes;
    size_t n, capacity;
    uint64_t true_length; /* without the line end */
};

struct reply_reader {
    struct jobs *jobs;
    uint64_t index, offset; /* of the current line */
    uint64_t drop;          /* bytes to skip at the front of the input */
    struct reply_line line;
    size_t keep_bytes;
};

/* False if memory runs out. */
static bool add_to_line(struct reply_line *l, const char *s, size_t n, size_t keep)
{
    l->true_length += n;
    if (n > keep - l->n)
        n = keep - l->n;
    if (l->n + n + 1 > l->capacity) {
        size_t capacity = (l->n + n + 1) * 2;
        char *grown = realloc(l->bytes, capacity);
        if (!grown)
            return false;
        l->bytes = grown;
        l->capacity = capacity;
    }
    memcpy(l->bytes + l->n, s, n);
    l->n += n;
    return true;
}

/* Hands in n bytes of a line that is true_length bytes long, plus line_end_bytes for its end. */
static void take_line(struct reply_reader *in, const char *bytes, size_t n, uint64_t true_length, size_t line_end_bytes)
{
    uint64_t length = true_length;
    if (n > 0 && n == length && bytes[n - 1] == '\r') {
        n--;
        length--;
    }
    bounce_source source = {NULL, in->index, in->offset, length};
    in->index += in->index != BOUNCE_NO_NUMBER;
    jobs_add(in->jobs, bytes, n, &source);
    in->offset += true_length + line_end_bytes;
}

/* Hands in the assembled line, and begins a new one. */
static void end_line(struct reply_reader *in, size_t line_end_bytes)
{
    struct reply_line *l = &in->line;
    take_line(in, l->bytes, l->n, l->true_length, line_end_bytes);
    l->n = 0;
    l->true_length = 0;
}

/* False if memory runs out. */
static bool take_block(struct reply_reader *in, const char *block, size_t n)
{
    size_t dropped = in->drop < n ? (size_t)in->drop : n;
    block += dropped;
    n -= dropped;
    in->drop -= dropped;
    while (n > 0 && !interrupt_signal()) {
        const char *end = memchr(block, '\n', n);
        size_t part = end ? (size_t)(end - block) : n;
        bool is_whole = end && in->line.true_length == 0 && part <= in->keep_bytes;
        if (is_whole)
            take_line(in, block, part, part, 1);
        else if (!add_to_line(&in->line, block, part, in->keep_bytes))
            return false;
        if (!end)
            break;
        if (!is_whole)
            end_line(in, 1);
        block += part + 1;
        n -= part + 1;
    }
    return true;
}

/* Like read(2), but waits even if standard input is non-blocking. */
static ssize_t read_stdin(char *to, size_t n)
{
    for (;;) {
        ssize_t got = read(STDIN_FILENO, to, n);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
        if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, -1);
    }
}

/* Reads standard input to its end. Returns 0 or an errno value. */
static int read_blocks(struct reply_reader *in)
{
    static char block[BLOCK_BYTES];
    while (!jobs_output_failed(in->jobs)) {
        jobs_wait_for_input(in->jobs, STDIN_FILENO);
        if (interrupt_signal())
            return 0;
        ssize_t got = read_stdin(block, sizeof block);
        if (got <= 0)
            return got < 0 ? errno : 0;
        if (!take_block(in, block, (size_t)got))
            return ENOMEM;
    }
    return 0;
}

static void read_lines(struct jobs *j, size_t keep_bytes, const bounce_position *start, struct going_on *going_on)
{
    struct reply_reader in = {.jobs = j, .keep_bytes = keep_bytes};
    if (start) {
        in.index = start->index;
        in.offset = in.drop = start->offset;
    }
    int failed = read_blocks(&in);
    if (failed)
        jobs_unreadable(j, "standard input", strerror(failed));
    else if (interrupt_signal())
        *going_on = (struct going_on){.wanted = true, .at = {0, in.offset, in.index}};
    else if (in.line.true_length > 0)
        end_line(&in, 0);
    free(in.line.bytes);
}

void read_replies(struct jobs *j, char **replies, size_t count, size_t keep_bytes, const bounce_position *start,
                  struct going_on *going_on)
{
    *going_on = (struct going_on){0};
    for (size_t i = 0; i < count && !jobs_output_failed(j); i++) {
        if (interrupt_signal()) {
            *going_on = (struct going_on){.wanted = true, .is_reply_argument = true, .at = {0, 0, i}};
            return;
        }
        size_t length = strlen(replies[i]);
        bounce_source source = {NULL, i, BOUNCE_NO_NUMBER, length};
        jobs_add(j, replies[i], length, &source);
    }
    if (count == 0)
        read_lines(j, keep_bytes, start, going_on);
}
