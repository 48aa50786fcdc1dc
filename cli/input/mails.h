/* SPDX-License-Identifier: MIT */
/* mails.h - mails from files, mailboxes, folders and standard input. */
#ifndef CLI_INPUT_MAILS_H
#define CLI_INPUT_MAILS_H

#include "input/going_on.h"
#include "input/mail_input.h"
#include "jobs/jobs.h"

/* Hands in every mail of the inputs: paths, or "-" for standard input, which is also read if there are no inputs. Goes
 * on after errors. If a signal ends it, *going_on says where. */
void read_mails(struct jobs *j, char **inputs, size_t count, const struct mail_options *options,
                struct going_on *going_on);

#endif
