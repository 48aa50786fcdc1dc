/* SPDX-License-Identifier: MIT */
/*
 * output.c - what is written: through one big buffer, with write(2), so that a
 * full disk or a closed pipe is noticed. After the first failure all further
 * output is dropped and error_number tells why.
 */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { COMPLAINT_BYTES = 4096 }; /* longer ones take more than one write(2) */

static void write_all(struct output *o, const char *s, size_t n)
{
    while (n > 0 && !o->error_number) {
        ssize_t written = write(o->fd, s, n);
        if (written > 0) {
            s += written;
            n -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = o->fd, .events = POLLOUT}, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            o->error_number = errno;
        }
    }
}

void output_flush(struct output *o)
{
    if (o->hand_over)
        o->hand_over(o);
    else
        write_all(o, o->bytes, o->n);
    o->n = 0;
}

/* Makes room. To a file go whole blocks, and the rest moves to the front. */
static void write_blocks(struct output *o)
{
    size_t blocks = o->n - o->n % OUTPUT_BYTES;
    if (o->hand_over || !blocks) {
        output_flush(o);
        return;
    }
    write_all(o, o->bytes, blocks);
    o->n -= blocks;
    memmove(o->bytes, o->bytes + blocks, o->n);
}

/* What does not fit: in pieces, or past the buffer if that saves copying. */
static void add_long(struct output *o, const char *s, size_t n)
{
    if (!o->hand_over) {
        output_flush(o);
        write_all(o, s, n);
        return;
    }
    while (n > 0) {
        if (o->n == o->capacity)
            output_flush(o);
        size_t part = n < o->capacity - o->n ? n : o->capacity - o->n;
        memcpy(o->bytes + o->n, s, part);
        o->n += part;
        s += part;
        n -= part;
    }
}

void output_add(struct output *o, const char *s, size_t n)
{
    if (n > o->capacity - o->n && n <= o->capacity / 2)
        write_blocks(o);
    if (n > o->capacity - o->n) {
        add_long(o, s, n);
        return;
    }
    memcpy(o->bytes + o->n, s, n);
    o->n += n;
}

char *output_room(struct output *o, size_t *room)
{
    if (o->capacity - o->n < OUTPUT_SPARE_BYTES)
        write_blocks(o);
    *room = o->capacity - o->n;
    return o->bytes + o->n;
}

void output_advance(struct output *o, size_t n)
{
    o->n += n;
}

void output_puts(struct output *o, const char *s)
{
    output_add(o, s, strlen(s));
}

void output_putc(struct output *o, char c)
{
    output_add(o, &c, 1);
}

void output_number(struct output *o, uint64_t value)
{
    char digits[20];
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    output_add(o, digits + i, sizeof digits - i);
}

void output_spaces(struct output *o, size_t count)
{
    while (count-- > 0)
        output_putc(o, ' ');
}

bool must_wait(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 0;
}

void flush_if_waiting(struct output *o, int fd)
{
    if (o->n > 0 && must_wait(fd))
        output_flush(o);
}

void complain(const char *path, const char *message)
{
    char bytes[COMPLAINT_BYTES];
    struct output o = {.fd = STDERR_FILENO, .bytes = bytes, .capacity = sizeof bytes};
    output_puts(&o, "bounce-classify: ");
    if (path) {
        output_escaped(&o, path, ESCAPE_ONE_LINE, 0);
        output_puts(&o, ": ");
    }
    if (message)
        output_escaped(&o, message, ESCAPE_ONE_LINE, 0);
    output_putc(&o, '\n');
    output_flush(&o);
}
