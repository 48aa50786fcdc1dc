/* SPDX-License-Identifier: MIT */
/* may.h - the command may. */
#ifndef LEDGER_COMMANDS_MAY_H
#define LEDGER_COMMANDS_MAY_H

#include "commands/session.h"

int command_may(struct session *s);

#endif
