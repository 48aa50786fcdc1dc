/* SPDX-License-Identifier: MIT */
/*
 * chunk.h - sixteen bytes at a time.
 *
 * These are GCC's vector extensions, which clang has too and which compile for
 * every processor. They cannot tell which bytes a comparison held for: SSE2 does
 * so in one instruction, and plain C does elsewhere. Only that function,
 * chunk_bits(), depends on the processor.
 */
#ifndef BOUNCE_BASE_CHUNK_H
#define BOUNCE_BASE_CHUNK_H

#include "base/span.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { CHUNK = 16 };
typedef unsigned char chunk __attribute__((vector_size(CHUNK)));

/* The same byte in all positions. */
static inline chunk chunk_of(char c)
{
    unsigned char b = (unsigned char)c;
    return (chunk){b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

/* Reads CHUNK bytes; s need not be aligned. */
static inline chunk chunk_load(const char *s)
{
    chunk c;
    memcpy(&c, s, sizeof c);
    return c;
}

/* The n < CHUNK bytes at s, followed by zeros: reads nothing after s + n. */
static inline chunk chunk_load_part(const char *s, size_t n)
{
    chunk c = {0};
    if (n)
        memcpy(&c, s, n);
    return c;
}

static inline void chunk_store(char *to, chunk c)
{
    memcpy(to, &c, sizeof c);
}

/* ---------------------------------------------------------- comparisons */
/* Each gives 0xff in the bytes for which it holds, 0 in the others. */

static inline chunk chunk_equal(chunk c, char with)
{
    return (chunk)(c == chunk_of(with));
}

/* The count byte values that start at first. */
static inline chunk chunk_in_range(chunk c, char first, unsigned char count)
{
    return (chunk)(c - chunk_of(first) < chunk_of((char)count));
}

/* Control characters except DEL, and bytes beyond ASCII: as signed numbers, these are less than a space. */
static inline chunk chunk_unusual(chunk c)
{
    typedef signed char signed_chunk __attribute__((vector_size(CHUNK)));
    return (chunk)((signed_chunk)c < (signed_chunk)chunk_of(' '));
}

/* Everything except printable ASCII and the space. */
static inline chunk chunk_unprintable(chunk c)
{
    return chunk_unusual(c) | chunk_equal(c, '\x7f');
}

static inline chunk chunk_line_ends(chunk c)
{
    return chunk_equal(c, '\n') | chunk_equal(c, '\r');
}

/* Positions of `first` with `last` `apart` bytes after it: reads apart + CHUNK bytes. */
static inline chunk chunk_pair(const char *s, size_t apart, char first, char last)
{
    return chunk_equal(chunk_load(s), first) & chunk_equal(chunk_load(s + apart), last);
}

/* ----------------------------------------------------------- lower case */

/* ASCII letters in lower case. Other bytes may change, but none becomes a letter. */
static inline chunk chunk_lower_letters(chunk c)
{
    return c | chunk_of(CASE_BIT);
}

/* ASCII letters in lower case, all other bytes unchanged. */
static inline chunk chunk_lower(chunk c)
{
    return c | (chunk_in_range(c, 'A', 26) & chunk_of(CASE_BIT));
}

/* Like chunk_pair(), ignoring case: first and last must have CASE_BIT set, and the
 * text is compared as if its bytes had, too. */
static inline chunk chunk_pair_nocase(const char *s, size_t apart, char first, char last)
{
    return chunk_equal(chunk_lower_letters(chunk_load(s)), first) &
           chunk_equal(chunk_lower_letters(chunk_load(s + apart)), last);
}

/* ---------------------------------------------------------------- bits */

/* The highest bit of each byte, as a number whose lowest bit belongs to the first byte. */
static inline unsigned chunk_bits(chunk c)
{
#ifdef __SSE2__
    return (unsigned)_mm_movemask_epi8((__m128i)c);
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < CHUNK; i++)
        bits |= (unsigned)(c[i] >> 7) << i;
    return bits;
#endif
}

/* Whether a chunk has any bit set. */
static inline bool chunk_any(chunk c)
{
    typedef unsigned long long chunk_halves __attribute__((vector_size(CHUNK)));
    chunk_halves halves = (chunk_halves)c;
    return (halves[0] | halves[1]) != 0;
}

/* The position of the lowest bit that is set; bits must not be 0. */
static inline unsigned chunk_first(unsigned bits)
{
    return (unsigned)__builtin_ctz(bits);
}

/* The position of the highest bit, likewise. */
static inline unsigned chunk_last(unsigned bits)
{
    return 31u - (unsigned)__builtin_clz(bits);
}

#endif
