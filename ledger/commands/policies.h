/* SPDX-License-Identifier: MIT */
/* policies.h - the commands policy and replay. */
#ifndef LEDGER_COMMANDS_POLICIES_H
#define LEDGER_COMMANDS_POLICIES_H

#include "commands/session.h"

int command_policy(struct session *s);
int command_replay(struct session *s);

#endif
