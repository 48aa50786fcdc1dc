/* SPDX-License-Identifier: MIT */
/* person.h - the commands by which a person decides. */
#ifndef LEDGER_COMMANDS_PERSON_H
#define LEDGER_COMMANDS_PERSON_H

#include "commands/session.h"

int command_release(struct session *s);
int command_held(struct session *s);
int command_forget(struct session *s);
int command_prune(struct session *s);

#endif
