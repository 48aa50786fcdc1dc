/* SPDX-License-Identifier: MIT */
/* report_facts.h - what speaks for a report or against it, and no pattern finds. */
#ifndef BOUNCE_READING_REPORT_FACTS_H
#define BOUNCE_READING_REPORT_FACTS_H

#include "reading/reading.h"

/* Bits 1 << enum known_fact, once the recipients are resolved. */
uint32_t report_facts(struct reading *rd);
/* Before they are: the same, as if the recipients spoke for a report. */
uint32_t report_facts_at_best(struct reading *rd);

#endif
