/* SPDX-License-Identifier: MIT */
/*
 * rows.h - compares the matcher with the reference (reference.h) on rules and a text that are made from bytes: for
 * fuzzing, and for a unit test with many cases.
 */
#ifndef BOUNCE_ROWS_H
#define BOUNCE_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum rows_outcome {
    ROWS_REFUSED,  /* the rules have an error */
    ROWS_NO_MATCH, /* no rule matches */
    ROWS_MATCH,    /* some do */
    ROWS_DIFFER    /* the matcher and the reference differ: the case is on standard error */
};
enum rows_outcome rows_compare(const uint8_t *data, size_t size);

#endif
