/* SPDX-License-Identifier: MIT */
/* undecided.h - rules to write next. */
#ifndef CLI_UNDECIDED_H
#define CLI_UNDECIDED_H

#include "render/undecided.h"
#include "rule_files.h"

/* Writes a rule file whose rules are to be filled in, one for each group of texts that no rule decided, the largest
 * first. of: how many recipients there were in all. False after a message. */
bool undecided_print(struct undecided *u, const struct rule_sources *sources, uint64_t of, struct output *o);

#endif
