/* SPDX-License-Identifier: MIT */
/* settle.h - what follows from a verdict. */
#ifndef BOUNCE_VERDICT_SETTLE_H
#define BOUNCE_VERDICT_SETTLE_H

#include "report/report.h"

/* Who decided, how long the message was queued, what the sender should do. */
void settle_recipient(struct bounce_report *r, const struct facts *facts, struct verdict *v);

#endif
