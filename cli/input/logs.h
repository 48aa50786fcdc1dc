/* SPDX-License-Identifier: MIT */
/* logs.h - lines from the logs of mail servers. */
#ifndef CLI_INPUT_LOGS_H
#define CLI_INPUT_LOGS_H

#include "input/going_on.h"
#include "jobs/jobs.h"

struct log_state;

struct log_options {
    uint32_t shard, shards;       /* K of N; shards 0: all lines */
    const bounce_position *start; /* in the first input; NULL: its beginning */
    bool follow;                  /* wait for more lines of the last input */
    struct log_state *state;      /* for the only input; NULL: none */
    bool final;                   /* entries are shown when their message ends, which may be in another log */
};

/* Hands in each line of each input, or of standard input if there are none. Rotated files of one log are read in the
 * order in which they were written. */
void read_logs(struct jobs *j, char **inputs, size_t count, const struct log_options *options,
               struct going_on *going_on);

#endif
