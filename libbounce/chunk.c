/* SPDX-License-Identifier: MIT */
/*
 * chunk.c - finding bytes sixteen places at a time.
 *
 * In: a text, and what is looked for in it. Out: where it stands first.
 */
#include "chunk.h"

/* A hostile text can repeat what most of a needle says: then each place costs
 * as much as the needle has bytes, so that long ones are left to others. */
enum { NEEDLE_BYTES = 64 };

/* Whether all of the needle stands where its first byte does. Most places fail
 * at once: less work than to call memcmp(). */
static bool goes_on(const char *s, struct span needle)
{
    size_t i = 1;
    while (i < needle.n && s[i] == needle.s[i])
        i++;
    return i == needle.n;
}

/* In a text with fewer than CHUNK places for the needle. */
static const char *find_in_few(const char *s, size_t places, struct span needle)
{
    for (const char *end = s + places; s < end; s++)
        if (s[0] == needle.s[0] && goes_on(s, needle))
            return s;
    return NULL;
}

const char *chunk_find(struct span hay, struct span needle)
{
    if (hay.n < needle.n)
        return NULL;
    if (needle.n < 2 || needle.n > NEEDLE_BYTES)
        return span_find_bytes(hay, needle);
    size_t places = hay.n - needle.n + 1;
    if (places < CHUNK)
        return find_in_few(hay.s, places, needle);
    const chunk first = chunk_of(needle.s[0]), last = chunk_of(needle.s[needle.n - 1]);
    const char *s = hay.s, *final = s + places - CHUNK;
    for (;; s = s + CHUNK <= final ? s + CHUNK : final) { /* the final ones overlap */
        unsigned bits = chunk_bits((chunk)(chunk_load(s) == first) & (chunk)(chunk_load(s + needle.n - 1) == last));
        for (; bits; bits &= bits - 1)
            if (goes_on(s + chunk_first(bits), needle))
                return s + chunk_first(bits);
        if (s == final)
            return NULL;
    }
}
