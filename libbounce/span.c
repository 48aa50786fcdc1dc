/* SPDX-License-Identifier: MIT */
/*
 * span.c - see span.h.
 *
 * In: bytes, whatever they are. Out: whether they are the same, and where they
 * stand in others. A word is looked for by its first and last byte, at 16
 * places at once; where both are there, all of it is compared.
 */
#define _GNU_SOURCE 1 /* memmem() */
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

/* memmem() prepares tables, which is more work than to search texts of the
 * length of a reply; long ones are left to it. */
enum { SHORT_HAY_BYTES = 512 };

const char *span_find_bytes(struct span hay, struct span needle)
{
    if (needle.n < 2 || hay.n > SHORT_HAY_BYTES || hay.n < needle.n)
        return hay.n < needle.n || !needle.n ? NULL : memmem(hay.s, hay.n, needle.s, needle.n);
    const char first = needle.s[0], last = needle.s[needle.n - 1];
    const size_t places = hay.n - needle.n + 1;
    size_t i = 0;
    for (; i + BYTES16 <= places; i += BYTES16) {
        uint32_t found = bytes16_equal(hay.s + i, first) & bytes16_equal(hay.s + i + needle.n - 1, last);
        for (; found; found &= found - 1) {
            const char *at = hay.s + i + __builtin_ctz(found);
            if (memcmp(at, needle.s, needle.n) == 0)
                return at;
        }
    }
    for (; i < places; i++)
        if (hay.s[i] == first && hay.s[i + needle.n - 1] == last && memcmp(hay.s + i, needle.s, needle.n) == 0)
            return hay.s + i;
    return NULL;
}

/* At which of the first 16 places the word may begin; hay has 16 bytes at least. */
static uint32_t may_begin(struct span hay, struct span word)
{
    const char first = (char)(word.s[0] | CASE_BIT), last = (char)(word.s[word.n - 1] | CASE_BIT);
    const size_t places = hay.n - word.n + 1;
    const uint32_t found = bytes16_equal_nocase(hay.s, first);
    if (places >= BYTES16)
        return found & bytes16_equal_nocase(hay.s + word.n - 1, last);
    return found & bytes16_equal_nocase(hay.s + hay.n - BYTES16, last) >> (BYTES16 - places);
}

static const char *find_in_few_bytes(struct span hay, struct span word)
{
    for (; hay.n >= word.n; hay.s++, hay.n--)
        if (((hay.s[0] ^ word.s[0]) & ~CASE_BIT) == 0 && bytes_equal_nocase(hay.s, word.s, word.n))
            return hay.s;
    return NULL;
}

const char *span_find_word(struct span hay, struct span word)
{
    if (!word.n || hay.n < word.n)
        return NULL;
    if (hay.n < BYTES16)
        return find_in_few_bytes(hay, word);
    for (;;) {
        for (uint32_t found = may_begin(hay, word); found; found &= found - 1) {
            const char *at = hay.s + __builtin_ctz(found);
            if (bytes_equal_nocase(at, word.s, word.n))
                return at;
        }
        if (hay.n < BYTES16 + word.n)
            return NULL;
        const size_t step = hay.n < 2 * BYTES16 ? hay.n - BYTES16 : BYTES16; /* the last 16 bytes, some of them again */
        hay = span_of(hay.s + step, hay.n - step);
    }
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
