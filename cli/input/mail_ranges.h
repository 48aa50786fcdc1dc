/* SPDX-License-Identifier: MIT */
/* mail_ranges.h - the rest of a mailbox or folder, read by workers. */
#ifndef CLI_INPUT_MAIL_RANGES_H
#define CLI_INPUT_MAIL_RANGES_H

#include "input/mail_input.h"
#include "jobs/jobs.h"

/* Has workers read the messages after the last one, if they can. True if the input was read to its end; else the
 * mailbox continues where they stopped. */
bool mail_ranges_read(struct jobs *j, struct mail_input *input);

#endif
