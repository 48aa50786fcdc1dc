/* SPDX-License-Identifier: MIT */
/* sketch.h - how often the most frequent values come, in bounded memory. */
#ifndef CLI_COUNT_SKETCH_H
#define CLI_COUNT_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many values are kept at most. With no more different ones, all counts are exact. With more, a count is too high
 * by at most its error, and that by at most the sum of all counts / the number of values. */
enum { SKETCH_VALUES = 2048, SKETCH_SLOTS = 4096, SKETCH_KEY_BYTES = 1100, SKETCH_MAJORITY = 10 };

struct sketch_counts {
    uint64_t all, hard, soft, own; /* recipients: of these types, by the sender's own fault */
};

struct sketch_value {
    char *key;
    struct sketch_counts counts; /* those but "all" are too low by at most error */
    uint64_t error;
    uint32_t hash, heap_place;
};

struct sketch {
    struct sketch_value *values;
    uint32_t *heap;  /* once it is full: numbers of values, the one that came least often first */
    uint16_t *slots; /* by hash: the number of a value and 1; 0 is free */
    size_t most;     /* values; 0: SKETCH_VALUES, which is also the greatest */
    size_t count;    /* values */
    uint64_t sum;    /* of all that was added */
    bool is_inexact; /* values were replaced */
    bool no_memory;
};

/* All zero is an empty sketch. key is copied. *number (NULL: not wanted): of the value, which keeps it until it is
 * replaced. True if the key was not there before. */
bool sketch_add(struct sketch *s, const char *key, const struct sketch_counts *counts, size_t *number);
/* The most frequent first, equally frequent ones by their bytes. The next sketch_add() must not follow. */
void sketch_sort(struct sketch *s);
/* By their bytes. */
void sketch_sort_by_key(struct sketch *s);
/* The value that makes up more than half of all, if it came at least SKETCH_MAJORITY times; else NULL. */
const struct sketch_value *sketch_majority(const struct sketch *s);
void sketch_free(struct sketch *s);

#endif
