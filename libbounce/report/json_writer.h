/* SPDX-License-Identifier: MIT */
/*
 * json_writer.h - how the files json*.c write: at `at`, which every function takes
 * and returns moved on, so that it stays in a register.
 *
 * Room is reserved once for many values: whoever puts constants, names and
 * numbers relies on JSON_ROOM bytes that were free at the last json_reserve() or
 * after the last text; all those of one object together take less.
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
    bool failed;       /* memory ran out: start and end are those of spare, over and over again */
    char *kept;        /* then: start and end before */
    char *kept_end;
    char spare[JSON_ROOM + 2];
};

/* Slow path of json_reserve(). Gives JSON_ROOM bytes at least, even if memory runs out. */
char *json_grow(struct json_writer *w, char *at, size_t room);
/* The inside of a string, escaped as little as RFC 8259 section 7 allows, and the
 * closing quote. Bytes that are not UTF-8 become U+FFFD. */
char *json_text(struct json_writer *w, char *at, const char *s);
char *json_number(char *at, uint64_t value);

/* Makes that many bytes free at `at`. */
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

/* ------------------------------------------------- keys and their values */

/* A key with what comes before it. */
#define FIRST(name) "{\"" name "\":"
#define NEXT(name) ",\"" name "\":"

/* What follows needs the names `w` and `at` in its place; constants must stay
 * below JSON_ROOM together (json_writer.h). */
#define LITERAL(text) (at = json_put(at, "" text, sizeof(text) - 1))

#define STRING(key, value) \
    do { \
        const char *string_ = (value); \
        if (string_) { \
            LITERAL(key "\""); \
            at = json_text(w, at, string_); \
        } else { \
            LITERAL(key "null"); \
        } \
    } while (0)

#define NUMBER(key, known, value) \
    do { \
        if (known) { \
            LITERAL(key); \
            at = json_number(at, (value)); \
        } else { \
            LITERAL(key "null"); \
        } \
    } while (0)

#define NAMED(key, name) (LITERAL(key "\""), at = json_name(at, (name)), LITERAL("\""))
#define BOOL(key, value) ((value) ? LITERAL(key "true") : LITERAL(key "false"))

/* Between the members of an array. */
#define COMMA() (at[-1] != '[' ? LITERAL(",") : at)

/* A fact that may not be known. */
#define FACT(key, fact) ((fact) == FACT_UNKNOWN ? LITERAL(key "null") : BOOL(key, (fact) == FACT_TRUE))

/* ---------------------------------------------------------- of a report */

struct bounce_recipient;
/* json_recipient.c: one member of `recipients`. shared: the place of its diagnostic in the list `replies`; SIZE_MAX:
 * it is written out. */
char *json_recipient(struct json_writer *w, char *at, const struct bounce_report *report,
                     const struct bounce_recipient *r, size_t shared);

#endif
