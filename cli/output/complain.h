/* SPDX-License-Identifier: MIT */
/* complain.h - error messages. */
#ifndef CLI_OUTPUT_COMPLAIN_H
#define CLI_OUTPUT_COMPLAIN_H

/* bounce-ledger is built with another name. */
#ifndef PROGRAM_NAME
#define PROGRAM_NAME "bounce-classify"
#endif

/* Writes "PROGRAM_NAME: SUBJECT: MESSAGE" to standard error; subject may be
 * NULL. Control characters are escaped. */
void complain(const char *subject, const char *message);

#endif
