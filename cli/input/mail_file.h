/* SPDX-License-Identifier: MIT */
/* mail_file.h - one mail, as it comes out of a file or mailbox. */
#ifndef CLI_INPUT_MAIL_FILE_H
#define CLI_INPUT_MAIL_FILE_H

#include "jobs/jobs.h"

/* Also says what is wrong with what is no mail. */
void mail_file_item(const bounce_view *view, struct job_item *item);
void mail_file_hand_in(struct jobs *j, const bounce_view *view);
/* Of the mail in an open file, keep_bytes are read. */
void read_mail_file(struct jobs *j, int fd, const char *path, uint64_t keep_bytes);

#endif
