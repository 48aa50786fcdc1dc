/* SPDX-License-Identifier: MIT */
/* word.h - where words begin and end, in every script. */
#ifndef BOUNCE_TEXT_WORD_H
#define BOUNCE_TEXT_WORD_H

#include "base/chunk.h"

#include <stdint.h>

/* True for the characters that words of folded texts consist of. For other scripts see word_can_begin(). */
static inline bool is_word_char(char c)
{
    static const bool is_word[256] = {['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['_'] = true};
    return is_word[(unsigned char)c];
}

/* Letters of scripts that put no spaces between words (Han, Kana, Thai, Lao, Khmer, Burmese), and Hangul. */
bool word_is_unspaced(uint32_t c);

/* word_can_begin() and word_can_end() where the character at the place or the one before it is not ASCII. */
bool word_can_begin_foreign(struct span text, size_t at);
bool word_can_end_foreign(struct span text, size_t at);

/* True if a whole word can begin at `at`: not inside a word. A word consists of
 * letters, digits, marks and '_' of scripts that put spaces between words. Of
 * Hangul, whose words take endings, only the beginning counts; Han, Kana, Thai,
 * Lao, Khmer and Burmese have no boundaries at all. text must be valid UTF-8, and
 * `at` between two characters. */
static inline bool word_can_begin(struct span text, size_t at)
{
    const char before = at ? text.s[at - 1] : ' ', after = at < text.n ? text.s[at] : ' ';
    return (before | after) & 0x80 ? word_can_begin_foreign(text, at) : !(is_word_char(before) && is_word_char(after));
}

/* True if a whole word can end at `at`, likewise. */
static inline bool word_can_end(struct span text, size_t at)
{
    const char before = at ? text.s[at - 1] : ' ', after = at < text.n ? text.s[at] : ' ';
    return (before | after) & 0x80 ? word_can_end_foreign(text, at) : !(is_word_char(before) && is_word_char(after));
}

/* Where in the chunk at `at` something may begin that does not begin inside a word, as bits: at letters, digits and
 * '_' of ASCII that do not follow others, and at the first byte of any other character except the space. */
static inline unsigned word_starts(struct span text, size_t at)
{
    const size_t n = text.n - at;
    chunk c = n >= CHUNK ? chunk_load(text.s + at) : chunk_load_part(text.s + at, n);
    unsigned inside =
        chunk_bits(chunk_in_range(c, '0', 10) | chunk_in_range(chunk_lower_letters(c), 'a', 26) | chunk_equal(c, '_'));
    unsigned others = chunk_bits(chunk_equal(c, ' ') | chunk_in_range(c, '\x80', 64));
    unsigned before = at && (ascii_is_alnum(text.s[at - 1]) || text.s[at - 1] == '_');
    unsigned all = n >= CHUNK ? (1u << CHUNK) - 1 : (1u << n) - 1;
    return all & ~others & ~(inside & (inside << 1 | before));
}

/* The letters, digits and '_' of ASCII in the chunk at s, as bits. */
static inline unsigned word_ascii_bits(const char *s)
{
    const chunk c = chunk_load(s);
    return chunk_bits(chunk_in_range(c, '0', 10) | chunk_in_range(chunk_lower_letters(c), 'a', 26) |
                      chunk_equal(c, '_'));
}

/* Like word_starts(), for the chunk at s, without signs of ASCII except for '. words: its word_ascii_bits();
 * before: whether such a byte precedes it. */
static inline unsigned word_start_bits(const char *s, unsigned words, unsigned before)
{
    const chunk c = chunk_load(s);
    return (words & ~(words << 1 | before) & ((1u << CHUNK) - 1)) |
           chunk_bits(chunk_in_range(c, '\xc0', 64) | chunk_equal(c, '\''));
}

#endif
