/* SPDX-License-Identifier: MIT */
/* class_keywords.h - classes of words. Private to rules/. */
#ifndef BOUNCE_RULES_CLASS_KEYWORDS_H
#define BOUNCE_RULES_CLASS_KEYWORDS_H

#include "rules/reader.h"

extern const struct keyword_table class_keywords;

/* Begins a class of this name: the entry's `class`. */
void class_begin(struct reader *r, struct span name);

#endif
