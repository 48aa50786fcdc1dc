/* SPDX-License-Identifier: MIT */
/* dialect_keywords.h - the keywords of dialects. Private to rules/. */
#ifndef BOUNCE_RULES_DIALECT_KEYWORDS_H
#define BOUNCE_RULES_DIALECT_KEYWORDS_H

#include "rules/reader.h"

extern const struct keyword_table dialect_keywords;

#endif
