/* SPDX-License-Identifier: MIT */
/* report_facts.h - what speaks for or against a report and no pattern finds. */
#ifndef BOUNCE_READING_REPORT_FACTS_H
#define BOUNCE_READING_REPORT_FACTS_H

#include "reading/reading.h"

/* Whether a fact holds of a mail (a struct reading) whose recipients are resolved. */
bool report_fact(void *reading, enum known_fact fact);
/* Likewise before they are: as if the recipients were those that speak most for a report. */
bool report_fact_at_best(void *reading, enum known_fact fact);

#endif
