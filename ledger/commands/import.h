/* SPDX-License-Identifier: MIT */
/* import.h - the command import. */
#ifndef LEDGER_COMMANDS_IMPORT_H
#define LEDGER_COMMANDS_IMPORT_H

#include "commands/session.h"

int command_import(struct session *s);

#endif
