/* SPDX-License-Identifier: MIT */
/* course.h - how failures ended: when, and after how many retries. */
#ifndef LEDGER_COMMANDS_COURSE_H
#define LEDGER_COMMANDS_COURSE_H

#include "commands/figures.h"

/* Shows the time to resolve by reason, and the success of retries by their number. */
void course_show_resolved(struct session *s, struct period period);
void course_show_retries(struct session *s, struct period period);

#endif
