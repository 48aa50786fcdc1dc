/* SPDX-License-Identifier: MIT */
/* stats.h - the command stats. */
#ifndef LEDGER_COMMANDS_STATS_H
#define LEDGER_COMMANDS_STATS_H

#include "commands/session.h"

int command_stats(struct session *s);

#endif
