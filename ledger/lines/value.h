/* SPDX-License-Identifier: MIT */
/* value.h - one line of JSON as a tree. */
#ifndef LEDGER_LINES_VALUE_H
#define LEDGER_LINES_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
    VALUE_NULL,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_INTEGER,
    VALUE_REAL,
    VALUE_TEXT,
    VALUE_ARRAY,
    VALUE_OBJECT
};

enum { VALUE_DEPTH = 64 };

struct value; /* valid until the next value_read() */

/* The value of a line, in memory that the next line reuses. NULL: not JSON, see value_problem(). */
const struct value *value_read(const char *line, size_t length);
const char *value_problem(void);
/* Frees the memory. */
void value_free(void);

/* NULL is treated like null. */
enum value_type value_type(const struct value *v);
/* The member of an object; the last one if the name occurs twice. NULL: none. */
const struct value *value_get(const struct value *v, const char *name);
/* The first element of an array, and the next one. NULL: there are no more. */
const struct value *value_first(const struct value *v);
const struct value *value_next(const struct value *v);
/* NULL: not a text. */
const char *value_text(const struct value *v);
/* 0: not an integer. A value that is too large becomes the maximum. */
int64_t value_integer(const struct value *v);

/* Bytes of the first character; 0: it is not UTF-8. */
int value_utf8_bytes(const char *text);

#endif
