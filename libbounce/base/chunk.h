/* SPDX-License-Identifier: MIT */
/*
 * chunk.h - sixteen bytes looked at together.
 *
 * GCC's vector extensions, which clang has too and which compile for every
 * processor. What they cannot say, which bytes a comparison held for, SSE2 says
 * with one instruction; elsewhere plain C gives the same. No more than that one
 * function knows of a processor.
 */
#ifndef BOUNCE_BASE_CHUNK_H
#define BOUNCE_BASE_CHUNK_H

#include "base/span.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { CHUNK = 16 };
typedef unsigned char chunk __attribute__((vector_size(CHUNK)));

/* The same byte in all places. */
static inline chunk chunk_of(char c)
{
    unsigned char b = (unsigned char)c;
    return (chunk){b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

/* CHUNK bytes are read, wherever s points to. */
static inline chunk chunk_load(const char *s)
{
    chunk c;
    memcpy(&c, s, sizeof c);
    return c;
}

/* The n < CHUNK bytes at s, and 0 behind them: nothing behind s + n is read. */
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

/* ------------------------------------------------------------ questions */
/* They give 0xff in the bytes for which they hold, 0 in the others. */

static inline chunk chunk_equal(chunk c, char with)
{
    return (chunk)(c == chunk_of(with));
}

/* Bytes from first on, count of them. */
static inline chunk chunk_in_range(chunk c, char first, unsigned char count)
{
    return (chunk)(c - chunk_of(first) < chunk_of((char)count));
}

/* Control characters but DEL, and bytes beyond ASCII: signed, these are less than a space. */
static inline chunk chunk_unusual(chunk c)
{
    typedef signed char signed_chunk __attribute__((vector_size(CHUNK)));
    return (chunk)((signed_chunk)c < (signed_chunk)chunk_of(' '));
}

/* What is not printable ASCII; the space is printable. */
static inline chunk chunk_unprintable(chunk c)
{
    return chunk_unusual(c) | chunk_equal(c, '\x7f');
}

static inline chunk chunk_line_ends(chunk c)
{
    return chunk_equal(c, '\n') | chunk_equal(c, '\r');
}

/* Where `first` stands, and `last` stands `apart` bytes behind it: of s, apart +
 * CHUNK bytes are read. */
static inline chunk chunk_pair(const char *s, size_t apart, char first, char last)
{
    return chunk_equal(chunk_load(s), first) & chunk_equal(chunk_load(s + apart), last);
}

/* -------------------------------------------------------- lower letters */

/* Letters of ASCII in lower case. Other bytes may become others, but none of
 * them a letter. */
static inline chunk chunk_lower_letters(chunk c)
{
    return c | chunk_of(CASE_BIT);
}

/* Letters of ASCII in lower case, and all other bytes as they are. */
static inline chunk chunk_lower(chunk c)
{
    return c | (chunk_in_range(c, 'A', 26) & chunk_of(CASE_BIT));
}

/* As chunk_pair(), in any case of letters; CASE_BIT is set in first and last, and
 * passed over in the text. */
static inline chunk chunk_pair_nocase(const char *s, size_t apart, char first, char last)
{
    return chunk_equal(chunk_lower_letters(chunk_load(s)), first) &
           chunk_equal(chunk_lower_letters(chunk_load(s + apart)), last);
}

/* ---------------------------------------------------------------- bits */

/* The highest bit of each byte; that of the first byte is the lowest. */
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

/* Whether any bit is set in a chunk. */
static inline bool chunk_any(chunk c)
{
    typedef unsigned long long chunk_halves __attribute__((vector_size(CHUNK)));
    chunk_halves halves = (chunk_halves)c;
    return (halves[0] | halves[1]) != 0;
}

/* The place of the lowest bit; there is one. */
static inline unsigned chunk_first(unsigned bits)
{
    return (unsigned)__builtin_ctz(bits);
}

#endif
