/* SPDX-License-Identifier: MIT */
/* classes.h - what classes of words hold, and by which element each row is found. Private to rules/. */
#ifndef BOUNCE_RULES_CLASSES_H
#define BOUNCE_RULES_CLASSES_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* Finds the classes of all elements and members, in the entries or else in lower,
 * which may be NULL; adds the barriers of languages. Adds an error for each that
 * does not exist, for circles, and for classes that are too large. */
void classes_resolve(struct rule_entries *e, const struct layer *lower);
/* Chooses by which element each row is found. sample: texts that rules match,
 * folded: what is frequent there is avoided. Adds an error for each row whose
 * elements are all ordinary. */
void rows_arrange(struct rule_entries *e, struct span sample);

#endif
