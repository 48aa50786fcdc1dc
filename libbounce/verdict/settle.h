/* SPDX-License-Identifier: MIT */
/* settle.h - what follows from a verdict. */
#ifndef BOUNCE_VERDICT_SETTLE_H
#define BOUNCE_VERDICT_SETTLE_H

#include "verdict/verdict.h"

/* Who decided, how long the message was queued, what the sender should do. */
void settle_recipient(const struct judge *j, const struct facts *facts, struct verdict *v);

#endif
