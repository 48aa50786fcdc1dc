/* SPDX-License-Identifier: MIT */
/* explain.h - the account of a verdict, for people (--explain). */
#ifndef BOUNCE_VERDICT_EXPLAIN_H
#define BOUNCE_VERDICT_EXPLAIN_H

#include "verdict/texts.h"

/* Adds every text with all rules that match it, then the codes. stated is the
 * code that the report states. Called after the verdict, since it adds texts. */
void explain_verdict(struct judged *b, struct enhanced stated);

#endif
