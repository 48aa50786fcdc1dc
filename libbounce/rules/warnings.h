/* SPDX-License-Identifier: MIT */
/* warnings.h - what can be used, but will do nothing. Private to rules/. */
#ifndef BOUNCE_RULES_WARNINGS_H
#define BOUNCE_RULES_WARNINGS_H

#include "rules/reader.h"

struct layer; /* match/tables.h */

/* A phrase that is written like something else: in quotes, or as a regular expression. */
void warn_of_phrase(struct reader *r, struct span value);
/* A pattern of a dialect, for lines without the white space at both ends; other lists get no warning. */
void warn_of_line(struct reader *r, struct span value, const struct parsed_pattern *pattern, enum reader_list list);
/* For all entries, once they were read: a software that no dialect has, here or in lower (NULL: nothing), and a
 * need that has nothing to do with the `match` of its rule. */
void warn_of_entries(struct rule_entries *e, const struct layer *lower);

#endif
