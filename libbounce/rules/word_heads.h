/* SPDX-License-Identifier: MIT */
/* word_heads.h - the table of how the words of rows begin (match/word_heads.h). Private to rules/. */
#ifndef BOUNCE_RULES_WORD_HEADS_H
#define BOUNCE_RULES_WORD_HEADS_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* Finds out which classes can be found by the heads of words. */
void word_heads_choose(struct rule_entries *e);
/* Gives slots to the classes and literals of the rows of rules, or of dialects and signs. The table is in a. */
struct word_heads word_heads_build(struct arena *a, struct rule_entries *e, bool of_dialects);

#endif
