/* SPDX-License-Identifier: MIT */
/* complain.h - error messages. */
#ifndef CLI_OUTPUT_COMPLAIN_H
#define CLI_OUTPUT_COMPLAIN_H

#include <stdbool.h>

/* bounce-ledger is built with a different name. */
#ifndef PROGRAM_NAME
#define PROGRAM_NAME "bounce-classify"
#endif

/* Writes "PROGRAM_NAME: SUBJECT: MESSAGE" to standard error; subject may be
 * NULL. Control characters are escaped. */
void complain(const char *subject, const char *message);
/* From now on messages go to the system log, and to standard error only if it is a terminal. Call it before the sandbox
 * closes. */
void complain_to_system_log(void);
/* Whether standard error may be written to. */
bool complain_is_heard(void);

#endif
