/* SPDX-License-Identifier: MIT */
/* logs.h - lines out of the logs of mail servers. */
#ifndef CLI_INPUT_LOGS_H
#define CLI_INPUT_LOGS_H

#include "input/going_on.h"
#include "jobs/jobs.h"

struct log_state;

struct log_options {
    uint32_t shard, shards;       /* K of N; shards 0: everything */
    const bounce_position *start; /* in the first input; NULL: its front */
    bool follow;                  /* the last input: it is waited for more */
    struct log_state *state;      /* of the only input; NULL: none */
    bool final;                   /* entries are told when their message ends, which may be in another log */
};

/* Hands in each line of each input, or of standard input if there is none. Those that were rotated are read in their
 * order. */
void read_logs(struct jobs *j, char **inputs, size_t count, const struct log_options *options,
               struct going_on *going_on);

#endif
