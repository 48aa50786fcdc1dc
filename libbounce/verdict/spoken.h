/* SPDX-License-Identifier: MIT */
/* spoken.h - whom the texts of one recipient are about. What is about the sender says nothing about the recipient. */
#ifndef BOUNCE_VERDICT_SPOKEN_H
#define BOUNCE_VERDICT_SPOKEN_H

#include "verdict/texts.h"

/* Whom words of a text are about, and whom its codes are about. */
struct role spoken_words(struct judged *b, struct judged_text *a, size_t start, size_t length);
struct role spoken_code(struct judged *b);
/* True if a reason from words or a code with this role is not to be believed. */
bool spoken_vetoes(bounce_reason reason, const struct role *role);
/* Likewise for a code; notes it in b->vetoed. */
bool spoken_vetoes_code(struct judged *b, bounce_reason reason);
/* The best rule, as judged_best() has it, without those that are vetoed; the first of these is in b->vetoed. */
bool spoken_best(struct judged *b, struct judged_text *a, enum rule_tier min_tier, enum rule_tier max_tier,
                 bounce_reason except, struct match_hit *hit);
/* What is wrong with the sender, by the sign that gave the role. */
bounce_reason spoken_reason(const struct vetoed *v);

#endif
