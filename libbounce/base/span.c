/* SPDX-License-Identifier: MIT */
/*
 * span.c - comparing and searching; see span.h.
 *
 * In: bytes of any kind. Out: whether they are equal, and where some occur in
 * others. A search compares the first and the last byte of the needle with all
 * positions of a chunk at once, and the whole needle only where both match.
 */
#include "base/span.h"

#include "base/chunk.h"

#include <stdint.h>

void bytes_lower(char *to, const char *s, size_t n)
{
    size_t i = 0;
    for (; i + CHUNK <= n; i += CHUNK)
        chunk_store(to + i, chunk_lower(chunk_load(s + i)));
    if (i == n)
        return;
    if (i) { /* the last chunk may overlap the one before */
        chunk_store(to + n - CHUNK, chunk_lower(chunk_load(s + n - CHUNK)));
        return;
    }
    const chunk rest = chunk_lower(chunk_load_part(s, n));
    memcpy(to, &rest, n);
}

/* A word of eight equal bytes. */
#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

static uint64_t eight_bytes(const char *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return word;
}

size_t bytes_ascii(const char *s, size_t n)
{
    size_t i = 0;
    unsigned beyond;
    for (; i + CHUNK <= n; i += CHUNK)
        if ((beyond = chunk_bits(chunk_load(s + i))))
            return i + chunk_first(beyond);
    if (i < n && i) /* the last chunk may overlap the one before */
        return (beyond = chunk_bits(chunk_load(s + n - CHUNK))) ? n - CHUNK + chunk_first(beyond) : n;
    if (n - i >= sizeof(uint64_t) && !(eight_bytes(s + i) & EACH_BYTE(0x80)))
        i += sizeof(uint64_t);
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/* Compares eight bytes, ignoring case. */
static bool same_letters(uint64_t x, uint64_t y)
{
    const uint64_t high = EACH_BYTE(0x80), differs = x ^ y;
    if (!differs || differs & ~EACH_BYTE(CASE_BIT))
        return !differs;
    const uint64_t lower = x | EACH_BYTE(CASE_BIT), seven = lower & ~high;
    const uint64_t from_a = seven + EACH_BYTE(0x80 - 'a'), beyond_z = seven + EACH_BYTE(0x7f - 'z');
    return !(differs << 2 & ~(from_a & ~beyond_z & ~lower)); /* CASE_BIT, moved to the highest bit */
}

/* n bytes, 4 to 8, some of them taken twice. */
static uint64_t few_bytes(const char *s, size_t n)
{
    uint32_t front, back;
    memcpy(&front, s, sizeof front);
    memcpy(&back, s + n - sizeof back, sizeof back);
    return (uint64_t)front << 32 | back;
}

bool bytes_equal_nocase(const char *a, const char *b, size_t n)
{
    if (n < 4) {
        size_t i = 0;
        while (i < n && ascii_lower(a[i]) == ascii_lower(b[i]))
            i++;
        return i == n;
    }
    if (n <= 8)
        return same_letters(few_bytes(a, n), few_bytes(b, n));
    for (size_t i = 0; i < n - 8; i += 8)
        if (!same_letters(eight_bytes(a + i), eight_bytes(b + i)))
            return false;
    return same_letters(eight_bytes(a + n - 8), eight_bytes(b + n - 8));
}

/* How find() compares a whole needle. Its callers pass this, and whether to ignore
 * case, as constants, so that each gets code of its own. */
typedef bool equal_fn(const char *a, const char *b, size_t n);
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Most needles differ in their first bytes, which costs less than a call of memcmp(). */
ALWAYS_INLINE bool equal_by_bytes(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    while (i < n && a[i] == b[i])
        i++;
    return i == n;
}

static bool equal_by_call(const char *a, const char *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* The positions of a chunk at which the first and last byte match, as bits. */
ALWAYS_INLINE unsigned may_begin(const char *s, struct span word, bool nocase)
{
    const char first = word.s[0], last = word.s[word.n - 1];
    return chunk_bits(nocase ? chunk_pair_nocase(s, word.n - 1, (char)(first | CASE_BIT), (char)(last | CASE_BIT))
                             : chunk_pair(s, word.n - 1, first, last));
}

ALWAYS_INLINE const char *find_one_by_one(struct span hay, struct span word, bool nocase, equal_fn *equal)
{
    const int ignored = nocase ? CASE_BIT : 0;
    for (const char *s = hay.s, *end = hay.s + hay.n - word.n; s <= end; s++)
        if (((s[0] ^ word.s[0]) & ~ignored) == 0 && equal(s, word.s, word.n))
            return s;
    return NULL;
}

ALWAYS_INLINE const char *find(struct span hay, struct span word, bool nocase, equal_fn *equal)
{
    if (!word.n || hay.n < word.n)
        return NULL;
    const size_t places = hay.n - word.n + 1;
    if (places < CHUNK)
        return find_one_by_one(hay, word, nocase, equal);
    const char *last = hay.s + places - CHUNK; /* the last chunk may overlap the one before */
    for (const char *s = hay.s;; s = s + CHUNK <= last ? s + CHUNK : last) {
        for (unsigned found = may_begin(s, word, nocase); found; found &= found - 1)
            if (equal(s + chunk_first(found), word.s, word.n))
                return s + chunk_first(found);
        if (s == last)
            return NULL;
    }
}

static const char *find_long(struct span hay, struct span needle)
{
    return find(hay, needle, false, equal_by_call);
}

const char *span_find_bytes(struct span hay, struct span needle)
{
    /* A hostile text can repeat most of the needle, so that each place costs as much
     * as the needle is long: memcmp() is fast for many bytes. */
    enum { SHORT_BYTES = 64 };
    return needle.n > SHORT_BYTES ? find_long(hay, needle) : find(hay, needle, false, equal_by_bytes);
}

const char *span_find_word(struct span hay, struct span word)
{
    return find(hay, word, true, bytes_equal_nocase);
}

/* Bytes before the first line end. */
static size_t line_length(struct span s)
{
    size_t i = 0;
    for (unsigned ends; i + CHUNK <= s.n; i += CHUNK)
        if ((ends = chunk_bits(chunk_line_ends(chunk_load(s.s + i)))))
            return i + chunk_first(ends);
    while (i < s.n && s.s[i] != '\n' && s.s[i] != '\r')
        i++;
    return i;
}

bool span_next_line(struct span *rest, struct span *line)
{
    if (!rest->n)
        return false;
    const char *s = rest->s;
    size_t n = line_length(*rest);
    *line = span_of(s, n);
    if (n < rest->n)
        n += s[n] == '\r' && n + 1 < rest->n && s[n + 1] == '\n' ? 2 : 1;
    *rest = span_of(s + n, rest->n - n);
    return true;
}
