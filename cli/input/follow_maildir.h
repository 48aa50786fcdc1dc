/* SPDX-License-Identifier: MIT */
/* follow_maildir.h - a Maildir that receives mail. */
#ifndef CLI_INPUT_FOLLOW_MAILDIR_H
#define CLI_INPUT_FOLLOW_MAILDIR_H

#include "input/follow_log.h"

/* Hands in each mail of the Maildir once, even if it is moved, except those that the state lists. keep_bytes: limit for
 * each mail. */
void follow_maildir(struct jobs *j, const char *path, const struct follow_options *options, uint64_t keep_bytes,
                    struct going_on *going_on);

#endif
