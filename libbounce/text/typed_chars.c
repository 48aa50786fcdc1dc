/* SPDX-License-Identifier: MIT */
/*
 * typed_chars.c - runs of characters of one class; see typed_chars.h.
 *
 * In: a place in a text in UTF-8, and a class. Out: where the run ends. Nothing is
 * refused. Unicode data comes from the tables of GLib that no locale affects.
 */
#include "text/typed_chars.h"

#include "base/utf8.h"
#include "text/word.h"

#include <glib.h>

enum {
    ALL = TYPED_LETTER | TYPED_LABEL | TYPED_HOST | TYPED_LOCAL | TYPED_URL | TYPED_SCHEME,
    INNER = ALL & ~TYPED_LETTER,
    ATOM = TYPED_LOCAL | TYPED_URL
};

const uint8_t typed_classes[256] = {
    ['0' ... '9'] = ALL,
    ['A' ... 'Z'] = ALL,
    ['a' ... 'z'] = ALL,
    ['-'] = INNER,
    ['_'] = INNER,
    ['.'] = TYPED_HOST | ATOM,
    ['+'] = TYPED_SCHEME | ATOM,
    ['!'] = ATOM,
    ['#' ... '\''] = ATOM,
    ['*'] = ATOM,
    ['/'] = ATOM,
    ['='] = ATOM,
    ['?'] = ATOM,
    ['~'] = ATOM,
    ['^'] = TYPED_LOCAL,
    ['`'] = TYPED_LOCAL,
    ['{' ... '}'] = TYPED_LOCAL,
    ['('] = TYPED_URL,
    [')'] = TYPED_URL,
    [','] = TYPED_URL,
    [':'] = TYPED_URL,
    [';'] = TYPED_URL,
    ['@'] = TYPED_URL,
    ['['] = TYPED_URL,
    [']'] = TYPED_URL,
};

bool typed_is_foreign_letter(uint32_t c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

bool typed_is_solid(struct span t, size_t i)
{
    size_t size;
    return i < t.n && (unsigned char)t.s[i] >= 0x80 && word_is_unspaced(utf8_get(t.s + i, &size));
}

/* The bytes of the letter at i, which is not ASCII; 0 if it is not a letter. */
static size_t foreign_letter(struct span t, size_t i, bool with_solid)
{
    size_t size;
    uint32_t c = utf8_get(t.s + i, &size);
    return typed_is_foreign_letter(c) && (with_solid || !word_is_unspaced(c)) ? size : 0;
}

static size_t character_before(struct span t, size_t i)
{
    for (i--; i && utf8_is_tail(t.s[i]);)
        i--;
    return i;
}

size_t typed_run_end(struct span t, size_t start, enum typed_class is)
{
    size_t end = start;
    for (size_t size;; end += size) {
        while (end < t.n && typed_classes[(unsigned char)t.s[end]] & is)
            end++;
        if (end == t.n || !((unsigned char)t.s[end] & 0x80) ||
            !(size = foreign_letter(t, end, typed_is_solid(t, start))))
            return end;
    }
}

size_t typed_run_start(struct span t, size_t floor, size_t end, enum typed_class is)
{
    size_t last = end;
    for (;;) {
        while (end > floor && typed_classes[(unsigned char)t.s[end - 1]] & is)
            end--;
        if (end == floor || !((unsigned char)t.s[end - 1] & 0x80))
            return end;
        size_t before = character_before(t, end);
        if (before < floor || !foreign_letter(t, before, typed_is_solid(t, character_before(t, last))))
            return end;
        end = before;
    }
}
