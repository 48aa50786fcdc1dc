/* SPDX-License-Identifier: MIT */
/* sentence.h - where sentences end. */
#ifndef BOUNCE_TEXT_SENTENCE_H
#define BOUNCE_TEXT_SENTENCE_H

#include "base/span.h"

/* Whether the byte at i of a folded text ends a sentence: a sign before a space or the end, or the last byte of the
 * full stop of Chinese and Japanese, which needs no space. Callers know which signs do not count: those of
 * abbreviations or of a row of dots, or semicolons. */
static inline bool sentence_ends_at(struct span t, size_t i)
{
    switch (t.s[i]) {
    case '.':
    case '!':
    case '?':
    case ';': return i + 1 == t.n || t.s[i + 1] == ' ';
    case '\x82': return i > 1 && t.s[i - 2] == '\xe3' && t.s[i - 1] == '\x80';
    default: return false;
    }
}

#endif
