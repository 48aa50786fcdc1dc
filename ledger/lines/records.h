/* SPDX-License-Identifier: MIT */
/* records.h - the records of a list of suppressed addresses, as sending services export them. */
#ifndef LEDGER_LINES_RECORDS_H
#define LEDGER_LINES_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { RECORD_FIELDS = 24, RECORD_BYTES = 64 * 1024 };

struct record_field {
    const char *name, *value;
};

struct record {
    struct record_field fields[RECORD_FIELDS];
    int count;
    uint64_t number; /* from 1 */
};

/* Passes each JSON object, alone or in an array, to take(); or each row of CSV, whose first row has the names if it
 * contains no '@'. Returns NULL, or what is wrong with the file. */
const char *records_read(FILE *file, bool (*take)(void *data, const struct record *r), void *data);
/* The value of a field; names are case-insensitive. NULL if it is missing or empty. */
const char *record_value(const struct record *r, const char *name);
/* Accepts seconds or milliseconds since 1970, RFC 3339, RFC 5322. False: not a time. */
bool record_time(const char *text, int64_t *seconds);

#endif
