/* SPDX-License-Identifier: MIT */
/* mail_ranges.h - the rest of a mailbox or folder, read by workers. */
#ifndef CLI_INPUT_MAIL_RANGES_H
#define CLI_INPUT_MAIL_RANGES_H

#include "input/mail_input.h"
#include "jobs/jobs.h"

/* Reads on behind the message that was given last, if workers can do that. True if the input is read to its end. Else
 * the mailbox goes on where they have stopped. */
bool mail_ranges_read(struct jobs *j, struct mail_input *input);

#endif
