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

struct value; /* lives until the next value_read() */

/* The value of a line, in memory that is used anew for each. NULL: it is no JSON, see value_problem(). */
const struct value *value_read(const char *line, size_t length);
const char *value_problem(void);
/* Gives the memory back. */
void value_free(void);

/* Of nothing (NULL) the answer is as of null. */
enum value_type value_type(const struct value *v);
/* Of an object; of a name that stands twice, the last. NULL: there is none. */
const struct value *value_get(const struct value *v, const char *name);
/* Of an array. NULL: that was the last. */
const struct value *value_first(const struct value *v);
const struct value *value_next(const struct value *v);
/* NULL: it is no text. */
const char *value_text(const struct value *v);
/* 0: it is no integer. What is too large is the largest that there is. */
int64_t value_integer(const struct value *v);

/* Bytes of the character that a text begins with; 0: it is no UTF-8. */
int value_utf8_bytes(const char *text);

#endif
