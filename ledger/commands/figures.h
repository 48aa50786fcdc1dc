/* SPDX-License-Identifier: MIT */
/* figures.h - counts of events, grouped by a key. */
#ifndef LEDGER_COMMANDS_FIGURES_H
#define LEDGER_COMMANDS_FIGURES_H

#include "commands/session.h"

struct period {
    int64_t since, until; /* until is the first second after the period */
};

/* The keys that --by accepts; ends with NULL. */
extern const char *const figure_keys[];

/* Shows a row for each value of a key, the largest first. False: there is no such key. */
bool figures_show(struct session *s, const char *by, struct period period, int64_t limit);

#endif
