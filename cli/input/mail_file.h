/* SPDX-License-Identifier: MIT */
/* mail_file.h - one mail, as it comes from a file or mailbox. */
#ifndef CLI_INPUT_MAIL_FILE_H
#define CLI_INPUT_MAIL_FILE_H

#include "jobs/jobs.h"

/* Fills in the item; item->wrong says what is wrong if it is not mail. */
void mail_file_item(const bounce_view *view, struct job_item *item);
void mail_file_hand_in(struct jobs *j, const bounce_view *view);
/* Reads the mail in an open file, at most keep_bytes of it. */
void read_mail_file(struct jobs *j, int fd, const char *path, uint64_t keep_bytes);

#endif
