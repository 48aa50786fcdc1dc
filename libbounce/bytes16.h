/* SPDX-License-Identifier: MIT */
/*
 * bytes16.h - questions to 16 bytes at once; bit k of an answer is byte k.
 *
 * x86-64 answers them in a few instructions. What is named portable says the
 * same on every machine: tests/unit/test_span.c compares them.
 */
#ifndef BOUNCE_BYTES16_H
#define BOUNCE_BYTES16_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BYTES16 = 16, CASE_BIT = 0x20 };

/* Where a byte is first and the one `apart` bytes behind it is last. */
static inline uint32_t bytes16_pair_portable(const char *s, size_t apart, char first, char last)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)((s[k] == first) & (s[k + apart] == last)) << k;
    return found;
}

/* The same once all bytes have their CASE_BIT set, as first and last have. */
static inline uint32_t bytes16_pair_nocase_portable(const char *s, size_t apart, char first, char last)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)(((char)(s[k] | CASE_BIT) == first) & ((char)(s[k + apart] | CASE_BIT) == last)) << k;
    return found;
}

/* Line feeds and carriage returns. */
static inline uint32_t bytes16_line_ends_portable(const char *s)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)((s[k] == '\n') | (s[k] == '\r')) << k;
    return found;
}

/* Bytes of characters beyond ASCII. */
static inline uint32_t bytes16_beyond_ascii_portable(const char *s)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)((unsigned char)s[k] >= 0x80) << k;
    return found;
}

/* What is not printable ASCII. */
static inline uint32_t bytes16_unprintable_portable(const char *s)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)((unsigned char)(s[k] - ' ') > '~' - ' ') << k;
    return found;
}

/* What ends the name of a header field: a colon, and all but printable ASCII (RFC 5322 2.2). */
static inline uint32_t bytes16_name_ends_portable(const char *s)
{
    uint32_t found = 0;
    for (unsigned k = 0; k < BYTES16; k++)
        found |= (uint32_t)(((unsigned char)(s[k] - '!') > '~' - '!') | (s[k] == ':')) << k;
    return found;
}

#ifdef __SSE2__

static inline __m128i bytes16_load(const char *s)
{
    return _mm_loadu_si128((const __m128i *)(const void *)s);
}

static inline uint32_t bytes16_pair(const char *s, size_t apart, char first, char last)
{
    __m128i a = _mm_cmpeq_epi8(bytes16_load(s), _mm_set1_epi8(first));
    __m128i b = _mm_cmpeq_epi8(bytes16_load(s + apart), _mm_set1_epi8(last));
    return (uint32_t)_mm_movemask_epi8(_mm_and_si128(a, b));
}

static inline uint32_t bytes16_pair_nocase(const char *s, size_t apart, char first, char last)
{
    __m128i bit = _mm_set1_epi8(CASE_BIT);
    __m128i a = _mm_cmpeq_epi8(_mm_or_si128(bytes16_load(s), bit), _mm_set1_epi8(first));
    __m128i b = _mm_cmpeq_epi8(_mm_or_si128(bytes16_load(s + apart), bit), _mm_set1_epi8(last));
    return (uint32_t)_mm_movemask_epi8(_mm_and_si128(a, b));
}

static inline uint32_t bytes16_line_ends(const char *s)
{
    __m128i v = bytes16_load(s);
    __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
    return (uint32_t)_mm_movemask_epi8(ends);
}

static inline uint32_t bytes16_beyond_ascii(const char *s)
{
    return (uint32_t)_mm_movemask_epi8(bytes16_load(s));
}

static inline uint32_t bytes16_unprintable(const char *s)
{
    __m128i v = bytes16_load(s); /* compared as signed: beyond ASCII is below ' ' */
    __m128i bad = _mm_or_si128(_mm_cmpgt_epi8(_mm_set1_epi8(' '), v), _mm_cmpeq_epi8(v, _mm_set1_epi8('\x7f')));
    return (uint32_t)_mm_movemask_epi8(bad);
}

static inline uint32_t bytes16_name_ends(const char *s)
{
    __m128i v = bytes16_load(s);
    __m128i bad = _mm_or_si128(_mm_cmpgt_epi8(_mm_set1_epi8('!'), v), _mm_cmpeq_epi8(v, _mm_set1_epi8('\x7f')));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(bad, _mm_cmpeq_epi8(v, _mm_set1_epi8(':'))));
}

#else

#define bytes16_pair bytes16_pair_portable
#define bytes16_pair_nocase bytes16_pair_nocase_portable
#define bytes16_line_ends bytes16_line_ends_portable
#define bytes16_beyond_ascii bytes16_beyond_ascii_portable
#define bytes16_unprintable bytes16_unprintable_portable
#define bytes16_name_ends bytes16_name_ends_portable

#endif

#endif
