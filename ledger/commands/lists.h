/* SPDX-License-Identifier: MIT */
/* lists.h - the commands that list addresses. */
#ifndef LEDGER_COMMANDS_LISTS_H
#define LEDGER_COMMANDS_LISTS_H

#include "commands/session.h"

int command_suppressed(struct session *s);
int command_due(struct session *s);
int command_changes(struct session *s);
int command_held_list(struct session *s);

#endif
