/* SPDX-License-Identifier: MIT */
/* events.h - events of sending services from files and standard input. */
#ifndef CLI_INPUT_EVENTS_H
#define CLI_INPUT_EVENTS_H

#include "input/going_on.h"
#include "jobs/jobs.h"

/* Hands in every event of the inputs: paths, or "-" for standard input, which is also read if there are no inputs. Goes
 * on after errors. If a signal ends it, *going_on says where. */
void read_events(struct jobs *j, char **inputs, size_t count, struct going_on *going_on);

#endif
