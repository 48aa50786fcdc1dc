/* SPDX-License-Identifier: MIT */
/* doubt.h - advice where the report may be forged: what it says about a recipient stays, what to do changes. */
#ifndef BOUNCE_VERDICT_DOUBT_H
#define BOUNCE_VERDICT_DOUBT_H

#include "match/word_lists.h"
#include "report/report.h"

/* If the message is not ours, there is nothing to do, and the report is called backscatter; if nobody
 * can tell and much is at stake, the advice says that it is unverified. */
void doubt_advice(const struct word_lists *words, struct bounce_report *r, struct verdict *v);

#endif
