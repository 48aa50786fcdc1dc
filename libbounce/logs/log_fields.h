/* SPDX-License-Identifier: MIT */
/* log_fields.h - elements that the lines of many logs have in common. */
#ifndef BOUNCE_LOGS_LOG_FIELDS_H
#define BOUNCE_LOGS_LOG_FIELDS_H

#include "base/span.h"

#include <stdint.h>

/* Takes the next "name=value" off *rest. A value in <> or "" ends with these; any other at the
 * separator, ", " or a blank. False if none follows. */
bool log_next_field(struct span *rest, const char *separator, struct span *name, struct span *value);
/* The value of one of them; s NULL if it is not there. */
struct span log_field(struct span fields, const char *separator, const char *name);
/* Without the <> or "" around it. */
struct span log_bare(struct span value);
/* What is before the first `end`, which is taken off *rest with it. False, and nothing taken, if it is not there. */
bool log_cut(struct span *rest, const char *end, struct span *before);
/* Takes `start` off the front, in this case. */
static inline bool log_take(struct span *rest, const char *start)
{
    size_t n = strlen(start); /* of a constant */
    if (rest->n < n || memcmp(rest->s, start, n) != 0)
        return false;
    *rest = span_of(rest->s + n, rest->n - n);
    return true;
}
/* Takes a word, up to a blank, and the blanks after it. */
struct span log_word(struct span *rest);
/* "mx.example.net[192.0.2.1]:25", "mx.example.net. [192.0.2.1]", "192.0.2.1 (mx.example.net)" */
void log_host(struct span text, struct span *name, struct span *address, uint64_t *port);
/* Digits at the front; 0 if there are none, and the largest number that fits if there are too many. */
uint64_t log_number(struct span text);
/* "5", "4.7" (seconds), "00:00:03", "1+02:03:04", "1m5s", "2d3h": seconds, or -1. */
int64_t log_duration(struct span text);
/* With an "@", and without a blank outside of "". */
bool log_is_address(struct span text);

#endif
