/* SPDX-License-Identifier: MIT */
/*
 * hash.h - a hash of bytes for open hash tables whose capacity is a power of two.
 *
 * It depends on where the table is in memory, so that nobody can prepare a mail whose
 * texts collide. All bytes count: texts that are nearly equal must not meet in one slot.
 */
#ifndef BOUNCE_BASE_HASH_H
#define BOUNCE_BASE_HASH_H

#include "base/span.h"

#include <stdint.h>

static inline uint64_t hash_mix(uint64_t h, uint64_t word, uint64_t secret)
{
    h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (h ^ h >> 32) * secret;
}

/* Takes two words at a time, each with a multiplier of its own. The last step mixes the low
 * bits, which choose the slot. table: any address that belongs to the table alone. */
static inline uint64_t hash_bytes(struct span s, const void *table)
{
    const uint64_t secret = (UINT64_C(0xd6e8feb86659fd93) ^ (uint64_t)(uintptr_t)table) | 1;
    uint64_t h = s.n, word[2];
    for (; s.n >= sizeof word; s = span_of(s.s + sizeof word, s.n - sizeof word)) {
        memcpy(word, s.s, sizeof word);
        h = hash_mix(h ^ word[0] * UINT64_C(0xa0761d6478bd642f), word[1], secret);
    }
    memset(word, 0, sizeof word);
    if (s.n)
        memcpy(word, s.s, s.n);
    h = hash_mix(h ^ word[0] * UINT64_C(0xa0761d6478bd642f), word[1], secret);
    return h ^ h >> 29;
}

#endif
