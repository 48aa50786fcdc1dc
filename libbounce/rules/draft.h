/* SPDX-License-Identifier: MIT */
/* draft.h - phrases that could find a text. Private to rules/. */
#ifndef BOUNCE_RULES_DRAFT_H
#define BOUNCE_RULES_DRAFT_H

#include "base/arena.h"

enum { DRAFT_PHRASES_MAX = 8 };

/* Runs of words of a text, or two words with a gap between them, the ones that say most first: nothing in them was
 * typed by somebody or differs from mail to mail (text/wording.h). Returns their number; they are in a. */
size_t draft_phrases(struct arena *a, const char *wording, const char *phrases[DRAFT_PHRASES_MAX]);

#endif
