/* SPDX-License-Identifier: MIT */
/* follow_maildir.h - a Maildir into which mail comes. */
#ifndef CLI_INPUT_FOLLOW_MAILDIR_H
#define CLI_INPUT_FOLLOW_MAILDIR_H

#include "input/follow_log.h"

/* Hands in each mail of the Maildir once, wherever it is moved meanwhile; of mails that the state tells of none.
 * keep_bytes: of each mail. */
void follow_maildir(struct jobs *j, const char *path, const struct follow_options *options, uint64_t keep_bytes,
                    struct going_on *going_on);

#endif
