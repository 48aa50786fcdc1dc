/* SPDX-License-Identifier: MIT */
/* outcome.h - when it happened, and whether a delivery reached the recipient's own server. */
#ifndef BOUNCE_REPORT_OUTCOME_H
#define BOUNCE_REPORT_OUTCOME_H

#include "report/report.h"

/* RFC 3339; NULL: nothing states it. */
const char *outcome_time(const struct bounce_report *report, const struct bounce_recipient *recipient);
/* FACT_UNKNOWN: it is not a delivery. */
enum tristate outcome_final(const struct bounce_report *report, const struct bounce_recipient *recipient);

#endif
