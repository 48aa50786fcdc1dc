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

static bool bytes_equal_slowly(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool bytes_equal_nocase(const char *a, const char *b, size_t n)
{
    const uint64_t case_bits = UINT64_C(0x2020202020202020);
    size_t i = 0;
    for (uint64_t x, y; i + sizeof x <= n; i += sizeof x) {
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        if (((x ^ y) & ~case_bits) || (x != y && !bytes_equal_slowly(a + i, b + i, sizeof x)))
            return false;
    }
    return bytes_equal_slowly(a + i, b + i, n - i);
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
    for (; i + BYTES16 <= places; i += BYTES16)
        for (uint32_t found = bytes16_pair(hay.s + i, needle.n - 1, first, last); found; found &= found - 1) {
            const char *at = hay.s + i + __builtin_ctz(found);
            if (memcmp(at, needle.s, needle.n) == 0)
                return at;
        }
    for (; i < places; i++)
        if (hay.s[i] == first && hay.s[i + needle.n - 1] == last && memcmp(hay.s + i, needle.s, needle.n) == 0)
            return hay.s + i;
    return NULL;
}

const char *span_find_word(struct span hay, struct span needle)
{
    if (!needle.n || hay.n < needle.n)
        return NULL;
    const char first = (char)(needle.s[0] | CASE_BIT), last = (char)(needle.s[needle.n - 1] | CASE_BIT);
    const size_t places = hay.n - needle.n + 1;
    size_t i = 0;
    for (; i + BYTES16 <= places; i += BYTES16)
        for (uint32_t found = bytes16_pair_nocase(hay.s + i, needle.n - 1, first, last); found; found &= found - 1) {
            const char *at = hay.s + i + __builtin_ctz(found);
            if (bytes_equal_nocase(at, needle.s, needle.n))
                return at;
        }
    for (; i < places; i++)
        if ((char)(hay.s[i] | CASE_BIT) == first && (char)(hay.s[i + needle.n - 1] | CASE_BIT) == last &&
            bytes_equal_nocase(hay.s + i, needle.s, needle.n))
            return hay.s + i;
    return NULL;
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
