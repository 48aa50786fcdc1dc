/* SPDX-License-Identifier: MIT */
/* replies.h - SMTP replies from arguments or lines of standard input. */
#ifndef CLI_INPUT_REPLIES_H
#define CLI_INPUT_REPLIES_H

#include "input/going_on.h"
#include "jobs/jobs.h"

/* Hands in each reply, or, if there are none, each line of standard input, of which keep_bytes are kept; begins at
 * start (NULL: the first). If a signal ends it, *going_on says where. */
void read_replies(struct jobs *j, char **replies, size_t count, size_t keep_bytes, const bounce_position *start,
                  struct going_on *going_on);

#endif
