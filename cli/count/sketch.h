/* SPDX-License-Identifier: MIT */
/* sketch.h - how often the most frequent values occur, in bounded memory. */
#ifndef CLI_COUNT_SKETCH_H
#define CLI_COUNT_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At most this many values are kept. Up to that many different ones, all counts are exact. With more, a count is too
 * high by at most its error, and the error is at most the sum of all counts divided by the number of values. */
enum { SKETCH_VALUES = 2048, SKETCH_SLOTS = 4096, SKETCH_KEY_BYTES = 1100, SKETCH_MAJORITY = 10 };

struct sketch_counts {
    uint64_t all, hard, soft, own; /* numbers of recipients; own: by the sender's own fault */
};

struct sketch_value {
    char *key;
    struct sketch_counts counts; /* all of them except "all" are too low by at most error */
    uint64_t error;
    uint32_t hash, heap_place;
};

struct sketch {
    struct sketch_value *values;
    uint32_t *heap;  /* once the sketch is full: numbers of values, the least frequent one first */
    uint16_t *slots; /* by hash: the number of a value plus 1; 0 is free */
    size_t most;     /* limit of values; 0 means SKETCH_VALUES, which is also the maximum */
    size_t count;    /* values */
    uint64_t sum;    /* of all counts that were added */
    bool is_inexact; /* values were replaced */
    bool no_memory;
};

/* All zero is an empty sketch. key is copied. *number (may be NULL) becomes the number of the value, which keeps it
 * until it is replaced. True if the key was not there before. */
bool sketch_add(struct sketch *s, const char *key, const struct sketch_counts *counts, size_t *number);
/* The most frequent first, equally frequent ones in byte order. Do not call sketch_add() afterwards. */
void sketch_sort(struct sketch *s);
/* In byte order of the keys. */
void sketch_sort_by_key(struct sketch *s);
/* The value that makes up more than half of all counts, if it occurred at least SKETCH_MAJORITY times; else NULL. */
const struct sketch_value *sketch_majority(const struct sketch *s);
void sketch_free(struct sketch *s);

#endif
