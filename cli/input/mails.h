/* SPDX-License-Identifier: MIT */
/* mails.h - mails out of files, mailboxes, folders and standard input. */
#ifndef CLI_INPUT_MAILS_H
#define CLI_INPUT_MAILS_H

#include "input/going_on.h"
#include "jobs/jobs.h"

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

/* Hands in every mail of the inputs: paths, or "-" for standard input, which
 * is also read if there are none. Goes on after errors. If a signal ends it,
 * *going_on says where. */
void read_mails(struct jobs *j, char **inputs, size_t count, const struct mail_options *options,
                struct going_on *going_on);

#endif
