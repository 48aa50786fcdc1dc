/* SPDX-License-Identifier: MIT */
/* trace.h - the account of the reading, for people (--trace). */
#ifndef BOUNCE_READING_TRACE_H
#define BOUNCE_READING_TRACE_H

#include "reading/reading.h"

/* Why the gate opened, or that it did not. */
void trace_gate(struct reading *rd);
/* The dialects whose conditions hold, who wrote it, which lines are read, each
 * finding with its place and with the pass that dropped it, and the recipients.
 * Called once all is resolved. */
void trace_reading(struct reading *rd);
/* Whether the message is the sender's own, and which facts bear on it. */
void trace_trust(const struct reading *rd);

#endif
