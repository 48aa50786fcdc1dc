/* SPDX-License-Identifier: MIT */
/* show.h - the command show. */
#ifndef LEDGER_COMMANDS_SHOW_H
#define LEDGER_COMMANDS_SHOW_H

#include "commands/session.h"

int command_show(struct session *s);

#endif
