/* SPDX-License-Identifier: MIT */
/*
 * span.c - see span.h.
 *
 * In: bytes, whatever they are. Out: whether they are the same, and where they
 * stand in others. A word is looked for by its first and last byte, at all places
 * of a chunk at once; where both are there, all of it is compared.
 */
#include "base/span.h"

#include "base/chunk.h"

#include <stdint.h>

void bytes_lower(char *to, const char *s, size_t n)
{
    for (; n >= CHUNK; to += CHUNK, s += CHUNK, n -= CHUNK)
        chunk_store(to, chunk_lower(chunk_load(s)));
    const chunk rest = chunk_lower(chunk_load_part(s, n));
    if (n)
        memcpy(to, &rest, n);
}

size_t bytes_ascii(const char *s, size_t n)
{
    size_t i = 0;
    for (unsigned beyond; i + CHUNK <= n; i += CHUNK)
        if ((beyond = chunk_bits(chunk_load(s + i))))
            return i + chunk_first(beyond);
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/* All bytes of a word alike. */
#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Eight bytes each: the same, or letters that differ in case alone. */
static bool same_letters(uint64_t x, uint64_t y)
{
    const uint64_t high = EACH_BYTE(0x80), differs = x ^ y;
    if (differs & ~EACH_BYTE(CASE_BIT))
        return false;
    const uint64_t lower = x | EACH_BYTE(CASE_BIT), seven = lower & ~high;
    const uint64_t from_a = seven + EACH_BYTE(0x80 - 'a'), beyond_z = seven + EACH_BYTE(0x7f - 'z');
    return !(differs << 2 & ~(from_a & ~beyond_z & ~lower)); /* the bit of case, moved to the highest */
}

static uint64_t eight_bytes(const char *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return word;
}

/* n bytes, 4 to 8, some of them twice. */
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

/* Bytes are compared in one of these ways; which, and whether case counts, the
 * callers of find() say with constants, and each gets its own code. */
typedef bool equal_fn(const char *a, const char *b, size_t n);
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Most differ at once: less work than to call memcmp(). */
ALWAYS_INLINE bool equal_by_bytes(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    while (i < n && a[i] == b[i])
        i++;
    return i == n;
}

static bool equal_at_once(const char *a, const char *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* At which places of a chunk the first and last byte stand, as bits. */
ALWAYS_INLINE unsigned may_begin(const char *s, struct span word, bool nocase)
{
    const char first = word.s[0], last = word.s[word.n - 1];
    return chunk_bits(nocase ? chunk_pair_nocase(s, word.n - 1, (char)(first | CASE_BIT), (char)(last | CASE_BIT))
                             : chunk_pair(s, word.n - 1, first, last));
}

ALWAYS_INLINE const char *find_at_few_places(struct span hay, struct span word, bool nocase, equal_fn *equal)
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
        return find_at_few_places(hay, word, nocase, equal);
    const char *last = hay.s + places - CHUNK; /* a chunk of places, some of them for the second time */
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
    return find(hay, needle, false, equal_at_once);
}

const char *span_find_bytes(struct span hay, struct span needle)
{
    /* A hostile text can repeat most of what a needle says, so that each place
     * costs as much as the needle has bytes: memcmp() is fast where these are many. */
    enum { SHORT_BYTES = 64 };
    return needle.n > SHORT_BYTES ? find_long(hay, needle) : find(hay, needle, false, equal_by_bytes);
}

const char *span_find_word(struct span hay, struct span word)
{
    return find(hay, word, true, bytes_equal_nocase);
}

bool span_next_line(struct span *rest, struct span *line)
{
    if (!rest->n)
        return false;
    const char *s = rest->s;
    size_t i = 0, n = rest->n;
    unsigned ends = 0;
    while (i + CHUNK <= n && !(ends = chunk_bits(chunk_line_ends(chunk_load(s + i)))))
        i += CHUNK;
    if (ends)
        i += chunk_first(ends);
    else
        while (i < n && s[i] != '\n' && s[i] != '\r')
            i++;
    *line = span_of(s, i);
    size_t skip = i;
    if (skip < n)
        skip += s[i] == '\r' && i + 1 < n && s[i + 1] == '\n' ? 2 : 1;
    rest->s += skip;
    rest->n -= skip;
    return true;
}
