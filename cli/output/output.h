/* SPDX-License-Identifier: MIT */
/* output.h - a big buffer in front of a file descriptor, or of another process. */
#ifndef CLI_OUTPUT_OUTPUT_H
#define CLI_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* OUTPUT_BYTES are written at once, since files grow fastest by whole blocks. OUTPUT_SPARE_BYTES is room after them, so
 * that one report can be rendered in place. */
enum { OUTPUT_BYTES = 256 * 1024, OUTPUT_SPARE_BYTES = 64 * 1024 };

struct output {
    int fd;
    int error_number; /* errno of the failed write; 0: none failed */
    char *bytes;
    size_t n, capacity;
    /* Takes bytes[0..n) when the buffer is full. NULL: they are written to fd. */
    void (*hand_over)(struct output *o);
    /* Only complete lines are written or handed over; bytes is from malloc(3), and grows for a long line. */
    bool whole_lines;
};

/* Begins an output whose lines this process consumes itself: see hand_over and output_next_line(). The caller frees
 * bytes. False if memory runs out. */
bool output_lines(struct output *o, void (*hand_over)(struct output *o));
/* For hand_over() with whole_lines: the next line, without its end, from *at on; *at begins with 0. NULL: no more. */
char *output_next_line(struct output *o, size_t *at);

void output_add(struct output *o, const char *s, size_t n);
/* Returns memory for *room bytes, at least OUTPUT_SPARE_BYTES, to be written directly; output_advance() then adds n of
 * them. */
char *output_room(struct output *o, size_t *room);
void output_advance(struct output *o, size_t n);
void output_puts(struct output *o, const char *s);
void output_putc(struct output *o, char c);
void output_number(struct output *o, uint64_t value);
void output_spaces(struct output *o, size_t count);
void output_flush(struct output *o);
/* Of a terminal, 80 if it does not say; 0: fd is no terminal. */
size_t output_terminal_columns(int fd);

#endif
