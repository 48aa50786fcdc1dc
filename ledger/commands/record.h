/* SPDX-License-Identifier: MIT */
/* record.h - the command record. */
#ifndef LEDGER_COMMANDS_RECORD_H
#define LEDGER_COMMANDS_RECORD_H

#include "commands/session.h"

int command_record(struct session *s);

#endif
