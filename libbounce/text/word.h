/* SPDX-License-Identifier: MIT */
/* word.h - where words begin and end, in every script. */
#ifndef BOUNCE_TEXT_WORD_H
#define BOUNCE_TEXT_WORD_H

#include "base/chunk.h"

/* True if a whole word can begin at `at`: not inside a word. A word consists of
 * letters, digits, marks and '_' of scripts that put spaces between words. Of
 * Hangul, whose words take endings, only the beginning counts; Han, Kana, Thai,
 * Lao, Khmer and Burmese have no boundaries at all. text must be valid UTF-8, and
 * `at` between two characters. */
bool word_can_begin(struct span text, size_t at);
/* True if a whole word can end at `at`, likewise. */
bool word_can_end(struct span text, size_t at);

static inline chunk word_chunk(struct span text, size_t at)
{
    const size_t n = at < text.n ? text.n - at : 0;
    return n >= CHUNK ? chunk_load(text.s + at) : chunk_load_part(text.s + at, n);
}

/* The letters, digits and '_' of ASCII in the chunk at `at`, as bits. */
static inline unsigned word_ascii(struct span text, size_t at)
{
    chunk c = word_chunk(text, at);
    return chunk_bits(chunk_in_range(c, '0', 10) | chunk_in_range(chunk_lower_letters(c), 'a', 26) |
                      chunk_equal(c, '_'));
}

/* Where in the chunk at `at` something may begin that does not begin inside a word, as bits: at letters, digits and
 * '_' of ASCII (`inside`: word_ascii()) that do not follow others, and at the first byte of any other character except
 * the space. */
static inline unsigned word_starts_of(struct span text, size_t at, unsigned inside)
{
    chunk c = word_chunk(text, at);
    unsigned others = chunk_bits(chunk_equal(c, ' ') | chunk_in_range(c, '\x80', 64));
    unsigned before = at && (ascii_is_alnum(text.s[at - 1]) || text.s[at - 1] == '_');
    unsigned all = text.n - at >= CHUNK ? (1u << CHUNK) - 1 : (1u << (text.n - at)) - 1;
    return all & ~others & ~(inside & (inside << 1 | before));
}

static inline unsigned word_starts(struct span text, size_t at)
{
    return word_starts_of(text, at, word_ascii(text, at));
}

#endif
