/* SPDX-License-Identifier: MIT */
/* escape.h - text from mails, made safe to print. */
#ifndef CLI_OUTPUT_ESCAPE_H
#define CLI_OUTPUT_ESCAPE_H

#include "output/output.h"

#include <stdbool.h>

enum escape_mode {
    ESCAPE_ONE_LINE, /* a run of white space becomes one space */
    ESCAPE_QUOTED    /* inside a quoted CSV field: white space is kept, '"' is doubled */
};

/* Writes s, with whatever could steer or mislead a terminal shown as \x1b or \u202e. Text wider than max_columns is cut
 * there, and its last column is an ellipsis; 0: never cut. Returns the columns used. */
size_t output_escaped(struct output *o, const char *s, enum escape_mode mode, size_t max_columns);
/* The same on one line, but keeps the end of a text that is too wide. */
size_t output_escaped_end(struct output *o, const char *s, size_t max_columns);
/* The columns that s takes on one line. */
size_t escaped_width(const char *s);
/* True if that many columns are enough for s on one line. */
bool escaped_fits(const char *s, size_t columns);

#endif
