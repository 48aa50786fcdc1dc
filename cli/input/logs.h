/* SPDX-License-Identifier: MIT */
/* logs.h - lines out of the logs of mail servers. */
#ifndef CLI_INPUT_LOGS_H
#define CLI_INPUT_LOGS_H

#include "input/going_on.h"
#include "jobs/jobs.h"

/* Hands in each line of each input, or of standard input if there is none. */
void read_logs(struct jobs *j, char **inputs, size_t count, struct going_on *going_on);

#endif
