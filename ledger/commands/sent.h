/* SPDX-License-Identifier: MIT */
/* sent.h - the command sent. */
#ifndef LEDGER_COMMANDS_SENT_H
#define LEDGER_COMMANDS_SENT_H

#include "commands/session.h"

int command_sent(struct session *s);

#endif
