/* SPDX-License-Identifier: MIT */
/* follow_log.h - a log that grows, through rotation and from run to run. */
#ifndef CLI_INPUT_FOLLOW_LOG_H
#define CLI_INPUT_FOLLOW_LOG_H

#include "input/going_on.h"
#include "input/log_state.h"
#include "jobs/jobs.h"

struct follow_options {
    bool waits;              /* for more, until a signal comes */
    struct log_state *state; /* NULL: nothing is kept */
    uint64_t from;           /* the offset of the first line that is wanted, if no state tells another place */
};

/* Hands in each line of the log at this path, or of what it was rotated to, from where the state says. */
void follow_log(struct jobs *j, const char *path, const struct follow_options *options, struct going_on *going_on);

#endif
