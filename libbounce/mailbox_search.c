/* SPDX-License-Identifier: MIT */
/*
 * mailbox_search.c - the searches that the splitter does in all bytes.
 *
 * In: bytes and the range of positions asked for. Out: the first position that
 * fits. Of a pattern two bytes that rarely stand that far apart are compared
 * for 64 positions at once, at the speed of the cache; only where both stand
 * is looked closer. Nothing outside of the bytes given is read.
 */
#include "mailbox.h"

#include <glib.h>
#include <string.h>
#if defined __x86_64__ && __has_include(<sys/platform/x86.h>)
#define WIDE 1
#include <immintrin.h>
#include <sys/platform/x86.h>
#endif

enum { VECTOR_BYTES = 16, BLOCK_BYTES = 4 * VECTOR_BYTES };

/* gcc and clang make instructions of any processor's vectors of these. */
typedef unsigned char vector __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t halves __attribute__((vector_size(VECTOR_BYTES)));

/* What is searched for: `near` tells for VECTOR_BYTES positions, by bytes that
 * are not 0, where it may stand; `is` tells it for one; both look at `reach`
 * bytes behind a position. */
typedef vector near_fn(const unsigned char *s);
typedef bool is_fn(const unsigned char *s);

static inline vector load(const unsigned char *s)
{
    vector v;
    memcpy(&v, s, sizeof v);
    return v;
}

static inline vector equal(vector v, unsigned char byte)
{
    return (vector)(v == byte);
}

static inline bool any(vector v)
{
    halves h = (halves)v;
    return (h[0] | h[1]) != 0;
}

static inline bool any_in_block(near_fn *near, const unsigned char *s)
{
    return any(near(s) | near(s + VECTOR_BYTES) | near(s + 2 * VECTOR_BYTES) | near(s + 3 * VECTOR_BYTES));
}

/* The first position from i on and before stop; or stop. Inlined everywhere,
 * so that the functions are no calls. */
static inline __attribute__((always_inline)) size_t search(near_fn *near, is_fn *is, size_t reach,
                                                           const unsigned char *s, size_t i, size_t stop, size_t n)
{
    size_t fits = n > reach ? n - reach : 0; /* at positions before that */
    size_t end = stop < fits ? stop : fits;
    size_t blocks_end = fits >= BLOCK_BYTES ? MIN(end, fits - BLOCK_BYTES + 1) : 0;
    size_t vectors_end = fits >= VECTOR_BYTES ? MIN(end, fits - VECTOR_BYTES + 1) : 0;
    while (i < end) {
        while (i < blocks_end && !any_in_block(near, s + i))
            i += BLOCK_BYTES;
        while (i < vectors_end && !any(near(s + i)))
            i += VECTOR_BYTES;
        for (size_t last = MIN(end, i + VECTOR_BYTES); i < last; i++)
            if (is(s + i))
                return i;
    }
    return stop;
}

/* ------------------------------------------------------------- "From " */

enum { FROM_REACH = sizeof "From " - 2 };

static inline vector near_from(const unsigned char *s)
{
    /* In base64 no space stands, and few capitals do in text. */
    return equal(load(s), 'F') & equal(load(s + FROM_REACH), ' ');
}

static inline bool is_from(const unsigned char *s)
{
    return memcmp(s, "From ", FROM_REACH + 1) == 0;
}

size_t search_from_narrow(const unsigned char *s, size_t i, size_t n)
{
    return search(near_from, is_from, FROM_REACH, s, i, n, n);
}

#ifndef WIDE
size_t search_from(const unsigned char *s, size_t i, size_t n)
{
    return search_from_narrow(s, i, n);
}
#else
/* This search is nearly all that the program does of its own in a long mail, so
 * vectors twice as wide are worth a way of their own. */
#define AVX2 __attribute__((target("avx2")))
enum { WIDE_BYTES = sizeof(__m256i), WIDE_BLOCK_BYTES = 4 * WIDE_BYTES };

static inline AVX2 __m256i near_from_wide(const unsigned char *s)
{
    __m256i here = _mm256_loadu_si256((const void *)s), behind = _mm256_loadu_si256((const void *)(s + FROM_REACH));
    return _mm256_and_si256(_mm256_cmpeq_epi8(here, _mm256_set1_epi8('F')),
                            _mm256_cmpeq_epi8(behind, _mm256_set1_epi8(' ')));
}

/* The first whole block in which a "From " may begin, or where none is left. */
static AVX2 size_t skip_blocks(const unsigned char *s, size_t i, size_t n)
{
    for (; i + WIDE_BLOCK_BYTES + FROM_REACH <= n; i += WIDE_BLOCK_BYTES) {
        const unsigned char *b = s + i, *c = b + 2 * WIDE_BYTES;
        __m256i first = _mm256_or_si256(near_from_wide(b), near_from_wide(b + WIDE_BYTES));
        __m256i last = _mm256_or_si256(near_from_wide(c), near_from_wide(c + WIDE_BYTES));
        if (_mm256_movemask_epi8(_mm256_or_si256(first, last)))
            break;
    }
    return i;
}

size_t search_from(const unsigned char *s, size_t i, size_t n)
{
    /* Asking the C library costs nothing; the compilers' own way has the
     * processor asked at every start, which is slow in virtual machines. */
    if (!CPU_FEATURE_ACTIVE(AVX2))
        return search_from_narrow(s, i, n);
    while (i < n) {
        i = skip_blocks(s, i, n);
        size_t end = MIN(n, i + WIDE_BLOCK_BYTES + FROM_REACH), hit = search_from_narrow(s, i, end);
        if (hit < end)
            return hit;
        i = end < n ? end - FROM_REACH : n;
    }
    return n;
}
#endif

/* ----------------------------------------------------------- line ends */

static inline bool is_line_end(const unsigned char *s)
{
    return *s == '\n' || *s == '\r';
}

static inline vector near_line_end(const unsigned char *s)
{
    vector v = load(s);
    return equal(v, '\n') | equal(v, '\r');
}

size_t search_line_end(const unsigned char *s, size_t i, size_t n)
{
    return search(near_line_end, is_line_end, 0, s, i, n, n);
}

/* A line end and the next one: but for the CR of a CRLF. */
static inline bool is_blank_line(const unsigned char *s)
{
    return is_line_end(s) && is_line_end(s + 1) && !(s[0] == '\r' && s[1] == '\n');
}

static inline vector near_blank_line(const unsigned char *s)
{
    vector v = load(s), next = load(s + 1), cr = equal(next, '\r');
    return (equal(v, '\n') & (equal(next, '\n') | cr)) | (equal(v, '\r') & cr);
}

size_t search_blank_line(const unsigned char *s, size_t n)
{
    if (n && is_line_end(s))
        return 0;
    size_t before = search(near_blank_line, is_blank_line, 1, s, 0, n, n);
    return before < n ? before + 1 : n;
}

/* ------------------------------------------------------ Content-Length */

enum { DASH_AT = sizeof "Content" - 1, COLON_AT = sizeof "Content-Length" - 1, COLON_REACH = COLON_AT - DASH_AT };

static inline vector near_dash(const unsigned char *s)
{
    return equal(load(s), '-') & equal(load(s + COLON_REACH), ':');
}

static inline bool is_dash(const unsigned char *s)
{
    return s[0] == '-' && (s[1] == 'L' || s[1] == 'l') && s[COLON_REACH] == ':';
}

size_t search_length_field(const unsigned char *s, size_t i, size_t stop, size_t n)
{
    while ((i = search(near_dash, is_dash, COLON_REACH, s, i + DASH_AT, stop, n)) < stop) {
        i -= DASH_AT;
        if ((i == 0 || is_line_end(s + i - 1)) &&
            span_starts_nocase(span_of((const char *)s + i, n - i), "Content-Length:"))
            return i;
        i++;
    }
    return stop;
}
