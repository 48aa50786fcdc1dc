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

/* Hands over each object of JSON that stands in an array, or alone; or each row of CSV, of which the first has the
 * names (if none of them has an '@'). Returns NULL, or what is wrong with the file. */
const char *records_read(FILE *file, bool (*take)(void *data, const struct record *r), void *data);
/* The value of a field, whatever the case of its name; NULL if it is not there or empty. */
const char *record_value(const struct record *r, const char *name);
/* Seconds since 1970 or milliseconds, RFC 3339, RFC 5322. False: it is no time. */
bool record_time(const char *text, int64_t *seconds);

#endif
