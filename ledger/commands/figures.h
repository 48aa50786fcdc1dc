/* SPDX-License-Identifier: MIT */
/* figures.h - counts of events, by what they have in common. */
#ifndef LEDGER_COMMANDS_FIGURES_H
#define LEDGER_COMMANDS_FIGURES_H

#include "commands/session.h"

struct period {
    int64_t since, until; /* until is the first second after it */
};

/* The keys that --by takes for them end with NULL. */
extern const char *const figure_keys[];

/* A row for each value of a key: most first. False: there is no such key. */
bool figures_show(struct session *s, const char *by, struct period period, int64_t limit);

#endif
