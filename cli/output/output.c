/* SPDX-License-Identifier: MIT */
/*
 * output.c - what is written, collected in one big buffer.
 *
 * In: bytes, texts, numbers. Out: the same bytes, in order, by write(2), so
 * that a full disk or a closed pipe is noticed; or to hand_over(). A slow
 * reader is waited for. After the first failure everything is dropped, and
 * error_number holds the reason: nothing is written after a gap.
 */
#include "output/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

/* Writes all complete lines; keeps an unfinished one. */
static void write_lines(struct output *o)
{
    size_t n = o->n;
    while (n > 0 && o->bytes[n - 1] != '\n')
        n--;
    const size_t rest = o->n - n;
    o->n = n;
    if (!o->hand_over)
        write_all(o, o->bytes, n);
    else if (!o->error_number)
        o->hand_over(o);
    o->n = o->error_number ? 0 : rest;
    memmove(o->bytes, o->bytes + n, o->n);
}

bool output_lines(struct output *o, void (*hand_over)(struct output *o))
{
    *o = (struct output){.fd = -1, .hand_over = hand_over, .whole_lines = true};
    o->bytes = malloc(OUTPUT_BYTES + OUTPUT_SPARE_BYTES);
    o->capacity = OUTPUT_BYTES + OUTPUT_SPARE_BYTES;
    return o->bytes != NULL;
}

char *output_next_line(struct output *o, size_t *at)
{
    char *line = o->bytes + *at, *end = *at < o->n ? memchr(line, '\n', o->n - *at) : NULL;
    if (!end)
        return NULL;
    *end = '\0';
    *at = (size_t)(end - o->bytes) + 1;
    return line;
}

/* Makes room for n more bytes of an unfinished line. */
static void make_line_room(struct output *o, size_t n)
{
    write_lines(o);
    if (n <= o->capacity - o->n)
        return;
    size_t capacity = (o->n + n) * 2;
    char *grown = realloc(o->bytes, capacity);
    if (!grown) {
        o->error_number = ENOMEM;
        o->n = 0;
        return;
    }
    o->bytes = grown;
    o->capacity = capacity;
}

void output_flush(struct output *o)
{
    if (o->whole_lines) {
        write_lines(o);
        return;
    }
    if (o->hand_over)
        o->hand_over(o);
    else
        write_all(o, o->bytes, o->n);
    o->n = 0;
}

/* Makes room. A file gets whole blocks; the rest moves to the front. */
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

/* Adds what does not fit: in pieces, or directly, where that saves copying. */
static void add_long(struct output *o, const char *s, size_t n)
{
    if (o->whole_lines) /* memory ran out */
        return;
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
    if (n > o->capacity - o->n && o->whole_lines)
        make_line_room(o, n);
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
    if (o->capacity - o->n < OUTPUT_SPARE_BYTES && o->whole_lines)
        make_line_room(o, OUTPUT_SPARE_BYTES);
    else if (o->capacity - o->n < OUTPUT_SPARE_BYTES)
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

size_t output_terminal_columns(int fd)
{
    struct winsize size;
    if (!isatty(fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
