/* SPDX-License-Identifier: MIT */
/*
 * chunk.h - sixteen bytes looked at together, and finding bytes that way.
 *
 * GCC's vector extensions, which clang has too and which compile for every
 * processor. What they cannot say, which bytes a comparison held for, SSE2 says
 * with one instruction; elsewhere plain C gives the same.
 */
#ifndef BOUNCE_CHUNK_H
#define BOUNCE_CHUNK_H

#include "arena.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { CHUNK = 16 };
typedef unsigned char chunk __attribute__((vector_size(CHUNK)));

static inline chunk chunk_of(char c)
{
    unsigned char b = (unsigned char)c;
    return (chunk){b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

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

/* Comparisons give 0xff in the bytes for which they hold, 0 in the others. */
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

/* Letters of ASCII in lower case. Other bytes may become others, but none of
 * them a letter. */
static inline chunk chunk_lower_letters(chunk c)
{
    return c | chunk_of(0x20);
}

static inline chunk chunk_lower(chunk c)
{
    return c | (chunk_in_range(c, 'A', 26) & chunk_of(0x20));
}

/* The upper bit of each byte; that of the first byte is the lowest. */
static inline unsigned chunk_bits_plain(chunk c)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < CHUNK; i++)
        bits |= (unsigned)(c[i] >> 7) << i;
    return bits;
}

static inline unsigned chunk_bits(chunk c)
{
#ifdef __SSE2__
    return (unsigned)_mm_movemask_epi8((__m128i)c);
#else
    return chunk_bits_plain(c);
#endif
}

/* The place of the lowest bit; there is one. */
static inline unsigned chunk_first(unsigned bits)
{
    return (unsigned)__builtin_ctz(bits);
}

/* As span_find_bytes(), without a table made first: for short needles in short
 * texts, and never slow in long ones. */
const char *chunk_find(struct span hay, struct span needle);

#endif
