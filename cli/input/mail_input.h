/* SPDX-License-Identifier: MIT */
/* mail_input.h - one input of mails: a file, a folder or standard input. */
#ifndef CLI_INPUT_MAIL_INPUT_H
#define CLI_INPUT_MAIL_INPUT_H

#include "bounce.h"

struct log_state;

/* What to read of each input. */
struct mail_options {
    bounce_format format;
    uint32_t shard, shards;       /* the K-th of N parts, from 1; 0: everything */
    uint64_t keep_bytes;          /* of each mail */
    const bounce_position *start; /* of the first input; NULL: its beginning */
    bool follow;                  /* the last input, a Maildir */
    struct log_state *state;      /* of the only input, a Maildir; NULL: none */
};

struct mail_input {
    const char *path; /* NULL: standard input */
    const struct mail_options *options;
    bounce_mailbox *mailbox; /* NULL: it could not be opened */
    int fd;                  /* of a regular file; else -1 */
    uint64_t length;         /* of it */
    bool is_folder;
};

/* input->path and options are set. */
bounce_status mail_input_open(struct mail_input *input, bounce_error *error);
void mail_input_close(struct mail_input *input);
/* What is to be said of a message that is the log of a mail server, since it would pass for ordinary mail without
 * --log; NULL: it is none. */
const char *mail_input_is_log(const bounce_view *view);

#endif
