/* SPDX-License-Identifier: MIT */
/* export.h - the command export. */
#ifndef LEDGER_COMMANDS_EXPORT_H
#define LEDGER_COMMANDS_EXPORT_H

#include "commands/session.h"

int command_export(struct session *s);

#endif
