/* SPDX-License-Identifier: MIT */
/* dates.h - spans of time as people name them. */
#ifndef CLI_DATES_H
#define CLI_DATES_H

#include <stdbool.h>
#include <time.h>

/* Parses "today", "yesterday", "this month", "last month", "2026-01", "2026-01-31", or "2026-01-31T10:00" (local time,
 * or UTC with a Z at the end). begin is where the span begins, end is the first second after it, as
 * "2026-01-31T09:00:00Z". False for anything else. */
bool dates_read(const char *text, time_t now, char begin[24], char end[24]);
/* Why the text could not be parsed. */
const char *dates_problem(const char *text);

#endif
