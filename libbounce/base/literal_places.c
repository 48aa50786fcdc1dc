/* SPDX-License-Identifier: MIT */
/*
 * literal_places.c - rules out nearly all places of a text, by the bitmaps of an index of literals.
 *
 * In: a block of a text, and the index. Out: the even positions that almost certainly have the window of a long
 * literal, and those around which a shorter one may be. No branch depends on a single position. Where the processor
 * supports it, separate code looks up eight positions at once. Nothing is refused.
 */
#include "base/literal_places.h"

#include <string.h>
#if defined __x86_64__ && __has_include(<sys/platform/x86.h>)
#define WIDE 1
#include <immintrin.h>
#include <sys/platform/x86.h>
#endif

/* ------------------------------------------------------ one after the other */

static inline void list_place(struct literal_bitmap b, const char *block, size_t at, struct place_list *places)
{
    places->at[places->count] = (uint16_t)at;
    places->count += literal_has_gram(b, literal_gram(block + at));
}

/* Lists the even positions of a block whose gram may begin anything. */
static void list_places(struct literal_bitmap b, const char *block, size_t n, struct place_list *places)
{
    size_t at = 0;
    for (places->count = 0; at + 6 < n; at += 8) {
        list_place(b, block, at, places);
        list_place(b, block, at + 2, places);
        list_place(b, block, at + 4, places);
        list_place(b, block, at + 6, places);
    }
    for (; at < n; at += 2)
        list_place(b, block, at, places);
}

void literal_places_find_narrow(const struct literals *l, const char *block, size_t n, struct literal_places *places)
{
    const struct literal_bitmap by_window = l->windows, by_gram = l->others;
    size_t windows = 0, others = 0;
    struct place_list all;
#ifdef __clang_analyzer__ /* does not see that all positions below count are written, since no branch writes them */
    memset(&all, 0, sizeof all);
#endif
    list_places(l->places, block, n, &all);
    for (size_t i = 0; i < all.count; i++) {
        const uint64_t window = literal_window(block + all.at[i]);
        places->windows.at[windows] = places->others.at[others] = all.at[i];
        windows += literal_has_bit(by_window.words, literal_hash_window(window, by_window.bits));
        others += literal_has_bit(by_gram.words, literal_hash_other((uint32_t)window, by_gram.bits));
    }
    places->windows.count = windows;
    places->others.count = others;
}

/* ------------------------------------------------------------ eight at once */

#ifndef WIDE
literal_places_fn *literal_places_finder(void)
{
    return literal_places_find_narrow;
}
#else
#define AVX2 __attribute__((target("avx2")))
enum { POSITIONS_AT_ONCE = 8, BYTES_AT_ONCE = 2 * POSITIONS_AT_ONCE };

/* The grams of eight even positions, each in a lane: two 16-bit numbers that are next to each other. */
static inline AVX2 __m256i grams_at(const char *s)
{
    const __m128i here = _mm_loadu_si128((const void *)s), next = _mm_loadu_si128((const void *)(s + 2));
    return _mm256_set_m128i(_mm_unpackhi_epi16(here, next), _mm_unpacklo_epi16(here, next));
}

/* A bitmap in which lanes are looked up by their hashes. */
struct wide_bitmap {
    const void *words;
    __m128i shift; /* to the bits of a hash that are used */
};

static inline AVX2 struct wide_bitmap wide(struct literal_bitmap b)
{
    return (struct wide_bitmap){b.words, _mm_cvtsi32_si128((int)(32 - b.bits))};
}

/* Those whose bit is set, one bit each. Of a word of the bitmap, the half that has the bit is loaded: on x86 the lower
 * half comes first. */
static inline AVX2 unsigned look_up(struct wide_bitmap b, __m256i hashes)
{
    const __m256i index = _mm256_srl_epi32(hashes, b.shift);
    const __m256i halves = _mm256_i32gather_epi32(b.words, _mm256_srli_epi32(index, 5), 4);
    const __m256i to_sign = _mm256_andnot_si256(index, _mm256_set1_epi32(31)); /* 31 - index % 32 */
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sllv_epi32(halves, to_sign)));
}

static inline void add_found(struct place_list *list, unsigned found, size_t at)
{
    size_t count = list->count;
    for (; found; found &= found - 1)
        list->at[count++] = (uint16_t)(at + 2 * (unsigned)__builtin_ctz(found));
    list->count = count;
}

/* Which of the eight positions from `at` on are in a block of n bytes. */
static inline unsigned inside(size_t at, size_t n)
{
    return n - at < BYTES_AT_ONCE ? (1u << (n - at + 1) / 2) - 1 : (1u << POSITIONS_AT_ONCE) - 1;
}

static AVX2 void find_wide(const struct literals *l, const char *block, size_t n, struct literal_places *places)
{
    const struct wide_bitmap all = wide(l->places), windows = wide(l->windows), others = wide(l->others);
    const __m256i factor = _mm256_set1_epi32((int)LITERAL_GRAM_FACTOR);
    _Static_assert(LITERAL_PADDING_BYTES >= BYTES_AT_ONCE + LITERAL_WINDOW_BYTES - 2,
                   "the last position is read whole");
    places->windows.count = places->others.count = 0;
    for (size_t at = 0; at < n; at += BYTES_AT_ONCE) {
        const __m256i front = _mm256_mullo_epi32(grams_at(block + at), factor);
        const __m256i back = grams_at(block + at + LITERAL_GRAM_BYTES);
        const __m256i whole = _mm256_mullo_epi32(_mm256_add_epi32(front, back), factor);
        const unsigned possible = look_up(all, front) & inside(at, n);
        add_found(&places->windows, possible & look_up(windows, whole), at);
        add_found(&places->others, possible & look_up(others, _mm256_mullo_epi32(front, factor)), at);
    }
}

literal_places_fn *literal_places_finder(void)
{
    /* The C library knows already; the compilers' own test runs CPUID at every start. */
    return CPU_FEATURE_ACTIVE(AVX2) ? find_wide : literal_places_find_narrow;
}
#endif
