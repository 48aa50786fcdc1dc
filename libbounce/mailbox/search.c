/* SPDX-License-Identifier: MIT */
/*
 * search.c - the searches of the splitter, which go through every byte.
 *
 * In: bytes, and a range of positions. Out: the first position that matches. Two bytes of a pattern that are rare
 * together are compared at 64 positions at once, at the speed of the cache; the rest is compared only where both match.
 * No byte outside the input is read.
 *
 * These searches are not in base/span.c, because they go through whole mailboxes with hardly any match. They test four
 * chunks at once, and first only whether any position matches, which is cheaper than finding which; for "From " and for
 * the end of a header even sixteen, with instructions that some processors lack.
 */
#include "base/chunk.h"
#include "mailbox/mailbox.h"

#include <glib.h>
#include <string.h>
#if defined __x86_64__ && __has_include(<sys/platform/x86.h>)
#define WIDE 1
#include <immintrin.h>
#include <sys/platform/x86.h>
#endif

enum { FOUR_CHUNKS = 4 * CHUNK };

/* A pattern: may_match() finds the positions of a chunk at which it may occur, is() tells
 * whether it occurs at one; both read `reach` bytes after a position. */
typedef chunk may_match_fn(const char *s);
typedef bool is_fn(const char *s);

static inline bool any_in_block(may_match_fn *may_match, const char *s)
{
    return chunk_any(may_match(s) | may_match(s + CHUNK) | may_match(s + 2 * CHUNK) | may_match(s + 3 * CHUNK));
}

/* The first match from i on and before stop, or stop. Always inlined, so that both functions are, too. */
static inline __attribute__((always_inline)) size_t search(may_match_fn *may_match, is_fn *is, size_t reach,
                                                           const unsigned char *bytes, size_t i, size_t stop, size_t n)
{
    const char *s = (const char *)bytes;
    size_t fits = n > reach ? n - reach : 0; /* at positions before that */
    size_t end = stop < fits ? stop : fits;
    size_t blocks_end = fits >= FOUR_CHUNKS ? MIN(end, fits - FOUR_CHUNKS + 1) : 0;
    size_t chunks_end = fits >= CHUNK ? MIN(end, fits - CHUNK + 1) : 0;
    while (i < end) {
        while (i < blocks_end && !any_in_block(may_match, s + i))
            i += FOUR_CHUNKS;
        while (i < chunks_end && !chunk_any(may_match(s + i)))
            i += CHUNK;
        for (size_t last = MIN(end, i + CHUNK); i < last; i++)
            if (is(s + i))
                return i;
    }
    return stop;
}

#ifdef WIDE
/* The searches for "From " and for the end of a header take nearly all of the time that the program itself spends in
 * ordinary mail, so vectors that are twice as wide are worth code of their own. */
#define AVX2 __attribute__((target("avx2")))
enum { WIDE_BYTES = sizeof(__m256i), HALF_BLOCK_BYTES = 4 * WIDE_BYTES, WIDE_BLOCK_BYTES = 2 * HALF_BLOCK_BYTES };
typedef __m256i may_match_wide_fn(const unsigned char *s);

static inline AVX2 __m256i wide_equal(const unsigned char *s, char with)
{
    return _mm256_cmpeq_epi8(_mm256_loadu_si256((const void *)s), _mm256_set1_epi8(with));
}

static inline __attribute__((always_inline)) AVX2 __m256i any_in_half(may_match_wide_fn *may_match,
                                                                      const unsigned char *s)
{
    const unsigned char *t = s + 2 * WIDE_BYTES;
    return _mm256_or_si256(_mm256_or_si256(may_match(s), may_match(s + WIDE_BYTES)),
                           _mm256_or_si256(may_match(t), may_match(t + WIDE_BYTES)));
}

/* The first whole block from i on with a position that may match, or the position from which no whole block is left. */
static inline __attribute__((always_inline)) AVX2 size_t skip_blocks(may_match_wide_fn *may_match, size_t reach,
                                                                     const unsigned char *s, size_t i, size_t n)
{
    if (n < i + WIDE_BLOCK_BYTES + reach)
        return i;
    const unsigned char *at = s + i, *last = s + n - WIDE_BLOCK_BYTES - reach;
    for (; at <= last; at += WIDE_BLOCK_BYTES)
        if (_mm256_movemask_epi8(
                _mm256_or_si256(any_in_half(may_match, at), any_in_half(may_match, at + HALF_BLOCK_BYTES))))
            break;
    return (size_t)(at - s);
}
#endif

/* ------------------------------------------------------------- "From " */

enum { FROM_REACH = sizeof "From " - 2 };

/* Base64 has no spaces, and text has few capitals. */
static inline chunk may_match_from(const char *s)
{
    return chunk_pair(s, FROM_REACH, 'F', ' ');
}

static inline bool is_from(const char *s)
{
    return memcmp(s, "From ", FROM_REACH + 1) == 0;
}

size_t search_from_narrow(const unsigned char *s, size_t i, size_t n)
{
    return search(may_match_from, is_from, FROM_REACH, s, i, n, n);
}

#ifndef WIDE
size_t search_from(const unsigned char *s, size_t i, size_t n)
{
    return search_from_narrow(s, i, n);
}
#else
static inline AVX2 __m256i may_match_from_wide(const unsigned char *s)
{
    return _mm256_and_si256(wide_equal(s, 'F'), wide_equal(s + FROM_REACH, ' '));
}

static AVX2 size_t skip_blocks_from(const unsigned char *s, size_t i, size_t n)
{
    return skip_blocks(may_match_from_wide, FROM_REACH, s, i, n);
}

size_t search_from(const unsigned char *s, size_t i, size_t n)
{
    /* Ask the C library, which knows already: the compilers' own test runs CPUID at every start, which is slow in
     * virtual machines. */
    if (!CPU_FEATURE_ACTIVE(AVX2))
        return search_from_narrow(s, i, n);
    while (i < n) {
        i = skip_blocks_from(s, i, n);
        size_t end = MIN(n, i + WIDE_BLOCK_BYTES + FROM_REACH), hit = search_from_narrow(s, i, end);
        if (hit < end)
            return hit;
        i = end < n ? end - FROM_REACH : n;
    }
    return n;
}
#endif

/* ----------------------------------------------------------- line ends */

static inline bool is_line_end(const char *s)
{
    return *s == '\n' || *s == '\r';
}

static inline chunk may_match_line_end(const char *s)
{
    return chunk_line_ends(chunk_load(s));
}

size_t search_line_end(const unsigned char *s, size_t i, size_t n)
{
    return search(may_match_line_end, is_line_end, 0, s, i, n, n);
}

/* Two line ends in a row, except a CRLF. */
static inline bool is_blank_line(const char *s)
{
    return is_line_end(s) && is_line_end(s + 1) && !(s[0] == '\r' && s[1] == '\n');
}

static inline chunk may_match_blank_line(const char *s)
{
    chunk c = chunk_load(s), next = chunk_load(s + 1), cr = chunk_equal(next, '\r');
    return (chunk_equal(c, '\n') & (chunk_equal(next, '\n') | cr)) | (chunk_equal(c, '\r') & cr);
}

/* From i on. */
static size_t find_blank_line(const unsigned char *s, size_t i, size_t n)
{
    size_t before = search(may_match_blank_line, is_blank_line, 1, s, i, n, n);
    return before < n ? before + 1 : n;
}

size_t search_blank_line_narrow(const unsigned char *s, size_t n)
{
    return n && is_line_end((const char *)s) ? 0 : find_blank_line(s, 0, n);
}

#ifndef WIDE
size_t search_blank_line(const unsigned char *s, size_t n)
{
    return search_blank_line_narrow(s, n);
}
#else
static inline AVX2 __m256i may_match_blank_line_wide(const unsigned char *s)
{
    const __m256i next_cr = wide_equal(s + 1, '\r'), next = _mm256_or_si256(wide_equal(s + 1, '\n'), next_cr);
    return _mm256_or_si256(_mm256_and_si256(wide_equal(s, '\n'), next), _mm256_and_si256(wide_equal(s, '\r'), next_cr));
}

static AVX2 size_t skip_lines(const unsigned char *s, size_t n)
{
    return skip_blocks(may_match_blank_line_wide, 1, s, 0, n);
}

size_t search_blank_line(const unsigned char *s, size_t n)
{
    if (!CPU_FEATURE_ACTIVE(AVX2) || (n && is_line_end((const char *)s)))
        return search_blank_line_narrow(s, n);
    return find_blank_line(s, skip_lines(s, n), n);
}
#endif

/* ------------------------------------------------------ Content-Length */

enum { DASH_AT = sizeof "Content" - 1, COLON_AT = sizeof "Content-Length" - 1, COLON_REACH = COLON_AT - DASH_AT };

static inline chunk may_match_dash(const char *s)
{
    return chunk_pair(s, COLON_REACH, '-', ':');
}

static inline bool is_dash(const char *s)
{
    return s[0] == '-' && (s[1] == 'L' || s[1] == 'l') && s[COLON_REACH] == ':';
}

size_t search_length_field(const unsigned char *s, size_t i, size_t stop, size_t n)
{
    while ((i = search(may_match_dash, is_dash, COLON_REACH, s, i + DASH_AT, stop, n)) < stop) {
        i -= DASH_AT;
        if ((i == 0 || is_line_end((const char *)s + i - 1)) &&
            span_starts_nocase(span_of((const char *)s + i, n - i), "Content-Length:"))
            return i;
        i++;
    }
    return stop;
}
