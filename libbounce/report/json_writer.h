/* SPDX-License-Identifier: MIT */
/*
 * json_writer.h - how json.c writes: behind `at`, which every function takes
 * and gives back moved on, so that it stays in a register.
 *
 * Room is asked for once for much: whoever puts constants, names and numbers
 * relies on JSON_ROOM bytes that were free at the last json_reserve() or behind
 * the last text; all those of one object together take less.
 */
#ifndef BOUNCE_REPORT_JSON_WRITER_H
#define BOUNCE_REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "smtp/names.h"

enum { JSON_ROOM = 2048 };

struct json_writer {
    char *start, *end; /* [start, end) may be written to; NULL: nothing yet */
    bool borrowed;     /* the caller's: what does not fit goes to memory of our own instead */
};

/* Slow path of json_reserve(). */
char *json_grow(struct json_writer *w, char *at, size_t room);
/* What stands between quotes, escaped no more than RFC 8259 section 7 asks for,
 * and the quote behind it. Bytes that are no UTF-8 become U+FFFD. */
char *json_text(struct json_writer *w, char *at, const char *s);
char *json_number(char *at, uint64_t value);

/* Now there are that many bytes free behind `at`. */
static inline char *json_reserve(struct json_writer *w, char *at, size_t room)
{
    return (size_t)(w->end - at) >= room ? at : json_grow(w, at, room);
}

static inline char *json_put(char *at, const char *s, size_t n)
{
    memcpy(at, s, n);
    return at + n;
}

/* Names need no escape. */
static inline char *json_name(char *at, const struct name *name)
{
    memcpy(at, name, sizeof *name);
    return at + name->length;
}

#endif
