/* SPDX-License-Identifier: MIT */
/* condition.h - `know` and `also`, of dialects and of signs. Private to rules/. */
#ifndef BOUNCE_RULES_CONDITION_H
#define BOUNCE_RULES_CONDITION_H

#include "rules/reader.h"

/* `know` must have this place in a table of keywords, for condition_add_also(). */
enum { CONDITION_KNOW = 0 };

/* They add a struct parsed_know to LIST_KNOWS. */
void condition_add_know(struct reader *r, struct span value, enum reader_list list);
void condition_add_also(struct reader *r, struct span value, enum reader_list list);

#endif
