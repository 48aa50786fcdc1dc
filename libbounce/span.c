/* SPDX-License-Identifier: MIT */
/*
 * span.c - see span.h.
 *
 * In: bytes, whatever they are. Out: whether they are the same, and where they
 * stand in others. A word is looked for by its first and last byte, at 16
 * places at once; where both are there, all of it is compared.
 */
#include "span.h"

#include "bytes16.h"

#include <stdint.h>

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

static uint64_t lower_letters(uint64_t x)
{
    const uint64_t high = EACH_BYTE(0x80), seven = x & ~high;
    const uint64_t from_a = seven + EACH_BYTE(0x80 - 'A'), beyond_z = seven + EACH_BYTE(0x7f - 'Z');
    return x | (from_a & ~beyond_z & ~x & high) >> 2; /* the highest bit, moved to that of case */
}

void bytes_lower(char *to, const char *s, size_t n)
{
    for (; n >= 8; to += 8, s += 8, n -= 8) {
        const uint64_t word = lower_letters(eight_bytes(s));
        memcpy(to, &word, sizeof word);
    }
    for (size_t i = 0; i < n; i++)
        to[i] = ascii_lower(s[i]);
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

/* What is searched for, exactly or in any case: the callers say which with a
 * constant, and each gets its own code. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE bool stands_at(const char *s, struct span word, bool nocase)
{
    return nocase ? bytes_equal_nocase(s, word.s, word.n) : memcmp(s, word.s, word.n) == 0;
}

/* At which of 16 places the first and last byte stand. */
ALWAYS_INLINE uint32_t may_begin(const char *s, struct span word, bool nocase)
{
    const char first = word.s[0], last = word.s[word.n - 1];
    return nocase ? bytes16_pair_nocase(s, word.n - 1, (char)(first | CASE_BIT), (char)(last | CASE_BIT))
                  : bytes16_pair(s, word.n - 1, first, last);
}

ALWAYS_INLINE const char *find_at_few_places(struct span hay, struct span word, bool nocase)
{
    const int ignored = nocase ? CASE_BIT : 0;
    for (const char *s = hay.s, *end = hay.s + hay.n - word.n; s <= end; s++)
        if (((s[0] ^ word.s[0]) & ~ignored) == 0 && stands_at(s, word, nocase))
            return s;
    return NULL;
}

ALWAYS_INLINE const char *find(struct span hay, struct span word, bool nocase)
{
    if (!word.n || hay.n < word.n)
        return NULL;
    const size_t places = hay.n - word.n + 1;
    if (places < BYTES16)
        return find_at_few_places(hay, word, nocase);
    const char *last = hay.s + places - BYTES16; /* the last 16 places, some of them again */
    for (const char *s = hay.s;; s = last - s < BYTES16 ? last : s + BYTES16) {
        for (uint32_t found = may_begin(s, word, nocase); found; found &= found - 1)
            if (stands_at(s + __builtin_ctz(found), word, nocase))
                return s + __builtin_ctz(found);
        if (s == last)
            return NULL;
    }
}

const char *span_find_bytes(struct span hay, struct span needle)
{
    return find(hay, needle, false);
}

const char *span_find_word(struct span hay, struct span word)
{
    return find(hay, word, true);
}

bool span_next_line(struct span *rest, struct span *line)
{
    if (!rest->n)
        return false;
    const char *s = rest->s;
    size_t i = 0, n = rest->n;
    uint32_t ends = 0;
    while (i + BYTES16 <= n && !(ends = bytes16_line_ends(s + i)))
        i += BYTES16;
    if (ends)
        i += (size_t)__builtin_ctz(ends);
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
