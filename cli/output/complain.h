/* SPDX-License-Identifier: MIT */
/* complain.h - error messages. */
#ifndef CLI_OUTPUT_COMPLAIN_H
#define CLI_OUTPUT_COMPLAIN_H

/* Writes "bounce-classify: SUBJECT: MESSAGE" to standard error; subject may be
 * NULL. Control characters are escaped. */
void complain(const char *subject, const char *message);

#endif
