/* SPDX-License-Identifier: MIT */
/* word.h - where words begin and end, in every script. */
#ifndef BOUNCE_TEXT_WORD_H
#define BOUNCE_TEXT_WORD_H

#include "base/span.h"

/* True if a whole word can begin at `at`: not inside a word. A word consists of
 * letters, digits, marks and '_' of scripts that put spaces between words. Of
 * Hangul, whose words take endings, only the beginning counts; Han, Kana, Thai,
 * Lao, Khmer and Burmese have no boundaries at all. text must be valid UTF-8, and
 * `at` between two characters. */
bool word_can_begin(struct span text, size_t at);
/* True if a whole word can end at `at`, likewise. */
bool word_can_end(struct span text, size_t at);

#endif
