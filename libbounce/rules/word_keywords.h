/* SPDX-License-Identifier: MIT */
/* word_keywords.h - lists of words. Private to rules/. */
#ifndef BOUNCE_RULES_WORD_KEYWORDS_H
#define BOUNCE_RULES_WORD_KEYWORDS_H

#include "rules/reader.h"

extern const struct keyword_table word_keywords;

/* The list of this name. WORDS_COUNT if there is none: in format 2 a class begins, before that it is an error. */
enum word_list word_list_find(struct reader *r, struct span name);

#endif
