/* SPDX-License-Identifier: MIT */
/* parse_sent.h - compares what a report shows of its message with what the sender knows. */
#ifndef BOUNCE_PARSE_SENT_H
#define BOUNCE_PARSE_SENT_H

#include "reading/reading.h"

struct bounce_sent;

/* Fills report->trust.sent and its why. sent may be NULL. */
void parse_sent(struct reading *rd, const struct bounce_sent *sent);

#endif
