/* SPDX-License-Identifier: MIT */
/* sign_keywords.h - the keywords of signs. Private to rules/. */
#ifndef BOUNCE_RULES_SIGN_KEYWORDS_H
#define BOUNCE_RULES_SIGN_KEYWORDS_H

#include "rules/reader.h"

extern const struct keyword_table sign_keywords;

#endif
