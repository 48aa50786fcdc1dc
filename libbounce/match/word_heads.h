/* SPDX-License-Identifier: MIT */
/*
 * word_heads.h - which elements of rows a text can have, by how its words begin.
 *
 * Each class and each literal of a row has a slot. For the head of a word, its first few bytes, a table has the slots
 * of all elements that begin with it. Every element in a text begins with a head that the text has: an element whose
 * slot belongs to no head of the text is not in it, which is known for all rows after one pass over the words.
 *
 * Elements have no slot if they begin with a sign of ASCII other than ', may begin inside a word, or
 * end inside one before their head is complete. Private to match/;
 * rules/word_heads.c makes the table.
 */
#ifndef BOUNCE_MATCH_WORD_HEADS_H
#define BOUNCE_MATCH_WORD_HEADS_H

#include "base/literals.h"
#include "match/phrase.h"
#include "match/tables.h"

enum { WORD_HEAD_BYTES = 4 };

/* Lead bytes of U+0400 to U+047F, all of which are letters. */
static inline bool is_cyrillic(char c)
{
    return ((unsigned char)c & 0xfe) == 0xd0;
}

/* Bytes of the head: of a word of letters, digits and '_' of ASCII its first 4 or all of it, of Cyrillic its first 2
 * letters, else one character. Zeros must follow the text. */
static inline unsigned word_head_length(const char *s)
{
    unsigned n = 0;
    while (n < WORD_HEAD_BYTES && is_word_char(s[n]))
        n++;
    if (n)
        return n;
    if (is_cyrillic(s[0]) && is_cyrillic(s[2]))
        return WORD_HEAD_BYTES;
    return (unsigned char)s[0] < 0x80   ? 1
           : (unsigned char)s[0] < 0xe0 ? 2
           : (unsigned char)s[0] < 0xf0 ? 3
                                        : WORD_HEAD_BYTES;
}

static inline uint32_t word_head_of(const char *s, unsigned length)
{
    return literal_gram(s) & (UINT32_MAX >> (8 * (WORD_HEAD_BYTES - length)));
}

static inline uint32_t word_head_bytes(const char *s)
{
    return word_head_of(s, word_head_length(s));
}

/* The index of a head in items; the number of all heads if it is not in the table. */
static inline uint32_t word_head_find(const struct word_heads *heads, uint32_t bytes)
{
    const uint32_t bucket = literal_hash_gram(bytes, heads->bucket_bits);
    for (uint32_t i = heads->buckets[bucket]; i < heads->buckets[bucket + 1]; i++)
        if (heads->items[i].bytes == bytes)
            return i;
    return heads->count;
}

/* A small number for a head, by which most classes without it are skipped. */
static inline unsigned word_head_key(uint32_t bytes)
{
    return literal_hash_gram(bytes, 8) % CLASS_KEYS;
}

#endif
