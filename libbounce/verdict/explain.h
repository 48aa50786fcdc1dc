/* SPDX-License-Identifier: MIT */
/* explain.h - the account of a verdict, for people (--explain). */
#ifndef BOUNCE_VERDICT_EXPLAIN_H
#define BOUNCE_VERDICT_EXPLAIN_H

#include "verdict/texts.h"

/* Adds one line to the account. */
void explain_line(struct judge *j, struct verdict *v, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Adds every text with all rules that match it, then the codes. stated is the
 * code that the report states. Called after the verdict: texts are added. */
void explain_verdict(struct judged *b, struct enhanced stated);

#endif
