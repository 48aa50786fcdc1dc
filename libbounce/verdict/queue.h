/* SPDX-License-Identifier: MIT */
/* queue.h - what a mail server does with its queue after a failure, and what its operator fixes first. */
#ifndef BOUNCE_VERDICT_QUEUE_H
#define BOUNCE_VERDICT_QUEUE_H

#include "report/report.h"

/* Sets queue and mend. To be called once group and type are known, and only if no reporting server is still trying. */
void queue_advise(struct verdict *v);

#endif
