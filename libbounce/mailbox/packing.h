/* SPDX-License-Identifier: MIT */
/*
 * packing.h - bytes that are compressed: gzip, zstd, xz and bzip2.
 *
 * In: bytes, from a reader or from memory. Out: what they unpack to, in pieces of any size, including several members
 * in a row. The library of a format is loaded for the first such input. The memory needed does not depend on how much
 * an input unpacks to.
 */
#ifndef BOUNCE_MAILBOX_PACKING_H
#define BOUNCE_MAILBOX_PACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ------------------------------------------------- packing_libraries.c */

/* Fewer bytes may not show what an input is. */
enum { PACKING_FRONT_BYTES = 10 };

struct packing {
    const char *name;    /* "gzip" */
    const char *library; /* "libz.so.1" */
    /* All further members are private to packing_libraries.c. */
    size_t state_bytes;
    bool (*is_front)(const unsigned char *s, size_t n);
    bool (*load)(const char *library);
    bool (*begin)(void *state); /* false: no memory */
    /* Unpacks from *in to *out, which are moved on. */
    int (*step)(void *state, const unsigned char **in, size_t in_bytes, unsigned char **out, size_t out_bytes);
    void (*end)(void *state);
};

/* The result of a step. */
enum { STEP_GOES_ON, STEP_ENDED, STEP_BROKEN, STEP_NO_MEMORY, STEP_TOO_LARGE };

/* The format, by the first bytes; NULL: not compressed, or too few bytes to tell. */
const struct packing *packing_of(const unsigned char *s, size_t n);
/* True if more bytes could make packing_of() find one. */
bool packing_may_begin(const unsigned char *s, size_t n);
/* False if its library cannot be loaded. One call is enough for all threads. */
bool packing_load(const struct packing *p);

/* ------------------------------------------------------------- unpack.c */

/* Like read(2): the number of bytes, 0 at the end, -1 with errno. */
typedef ssize_t unpack_read_fn(void *data, unsigned char *to, size_t n);

enum { UNPACK_WRONG_BYTES = 160 };
struct unpack;
/* bytes: the first n of the input. The rest comes from read, if that is not NULL: then bytes are copied; else they must
 * stay valid. */
struct unpack *unpack_new(const struct packing *p, const unsigned char *bytes, size_t n, unpack_read_fn *read,
                          void *data);
void unpack_free(struct unpack *u);
/* Like read(2). Broken data ends like a complete input, after everything before it was returned; then unpack_wrong()
 * says what is wrong. */
ssize_t unpack_read(struct unpack *u, unsigned char *to, size_t n);
/* NULL: nothing is wrong so far. */
const char *unpack_wrong(const struct unpack *u);

#endif
