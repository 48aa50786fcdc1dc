/* SPDX-License-Identifier: MIT */
/*
 * word.c - where words begin and end, in every script.
 *
 * What comes in: a text, and a place in it. What goes out: whether a word can
 * begin or end there, by the two characters around it. Nothing is refused.
 */
#include "text/word.h"
#include "base/utf8.h"

#include <glib.h>

enum char_kind { NO_WORD, SPACED, HANGUL };

struct block {
    uint32_t first, last;
    enum char_kind kind;
};

/* Letters that are not SPACED, in ascending order. */
static const struct block blocks[] = {
    {0x0e00, 0x0eff, NO_WORD},   /* Thai, Lao */
    {0x1000, 0x109f, NO_WORD},   /* Burmese */
    {0x1100, 0x11ff, HANGUL},    /* Jamo */
    {0x1780, 0x17ff, NO_WORD},   /* Khmer */
    {0x2e80, 0x312f, NO_WORD},   /* radicals, Kana, Bopomofo */
    {0x3130, 0x318f, HANGUL},    /* compatibility Jamo */
    {0x3190, 0xa4cf, NO_WORD},   /* Kana extensions, Han, Yi */
    {0xac00, 0xd7ff, HANGUL},    /* syllables */
    {0xf900, 0xfaff, NO_WORD},   /* Han compatibility */
    {0xff66, 0xff9f, NO_WORD},   /* half-width Kana */
    {0xffa0, 0xffdc, HANGUL},    /* half-width Jamo */
    {0x1b000, 0x1b16f, NO_WORD}, /* Kana supplement */
    {0x20000, 0x3ffff, NO_WORD}, /* Han extensions */
};

/* NULL: it is in none of them. */
static const struct block *block_of(uint32_t c)
{
    for (size_t i = 0; i < COUNT(blocks) && c >= blocks[i].first; i++)
        if (c <= blocks[i].last)
            return &blocks[i];
    return NULL;
}

bool word_is_unspaced(uint32_t c)
{
    return block_of(c) != NULL;
}

static enum char_kind kind_of(uint32_t c)
{
    if (c < 0x80)
        return g_ascii_isalnum((gchar)c) || c == '_' ? SPACED : NO_WORD;
    const struct block *block = block_of(c);
    if (block)
        return block->kind;
    return g_unichar_isalnum(c) || g_unichar_ismark(c) ? SPACED : NO_WORD;
}

static enum char_kind kind_after(struct span text, size_t at)
{
    size_t size;
    return at < text.n ? kind_of(utf8_get(text.s + at, &size)) : NO_WORD;
}

static enum char_kind kind_before(struct span text, size_t at)
{
    if (!at)
        return NO_WORD;
    size_t first = at - 1;
    while (first && utf8_is_tail(text.s[first]))
        first--;
    return kind_after(text, first);
}

bool word_can_begin_foreign(struct span text, size_t at)
{
    enum char_kind first = kind_after(text, at);
    return first == NO_WORD || first != kind_before(text, at);
}

bool word_can_end_foreign(struct span text, size_t at)
{
    return kind_before(text, at) != SPACED || kind_after(text, at) != SPACED;
}
