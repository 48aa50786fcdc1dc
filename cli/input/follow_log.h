/* SPDX-License-Identifier: MIT */
/* follow_log.h - a log that grows, through rotation and from run to run. */
#ifndef CLI_INPUT_FOLLOW_LOG_H
#define CLI_INPUT_FOLLOW_LOG_H

#include "input/going_on.h"
#include "input/log_state.h"
#include "jobs/jobs.h"

struct follow_options {
    bool waits;              /* for more lines, until a signal */
    struct log_state *state; /* NULL: nothing is saved */
    uint64_t from;           /* the offset of the first line that is wanted, unless the state names a place */
};

/* Hands in each line of the log at this path, and of the files it was rotated to, from the place that the state
 * names. */
void follow_log(struct jobs *j, const char *path, const struct follow_options *options, struct going_on *going_on);

#endif
