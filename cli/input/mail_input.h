/* SPDX-License-Identifier: MIT */
/* mail_input.h - one input of mails: a file, a folder or standard input. */
#ifndef CLI_INPUT_MAIL_INPUT_H
#define CLI_INPUT_MAIL_INPUT_H

#include "bounce.h"

struct log_state;

/* What to read from each input. */
struct mail_options {
    bounce_format format;
    uint32_t shard, shards;       /* the K-th of N parts, from 1; 0: everything */
    uint64_t keep_bytes;          /* limit for each mail */
    const bounce_position *start; /* in the first input; NULL: its beginning */
    bool follow;                  /* the last input, a Maildir, is followed */
    struct log_state *state;      /* for the only input, a Maildir; NULL: none */
};

struct mail_input {
    const char *path; /* NULL: standard input */
    const struct mail_options *options;
    bounce_mailbox *mailbox; /* NULL: could not be opened */
    int fd;                  /* of a regular file; else -1 */
    uint64_t length;         /* of that file */
    bool is_folder;
};

/* input->path and input->options must be set. */
bounce_status mail_input_open(struct mail_input *input, bounce_error *error);
void mail_input_close(struct mail_input *input);
/* What to report about a message that is really the log of a mail server, since without --log it would pass for
 * ordinary mail; NULL: it is not a log. */
const char *mail_input_is_log(const bounce_view *view);

#endif
