/* SPDX-License-Identifier: MIT */
/* dates.h - spans of time as people name them. */
#ifndef CLI_DATES_H
#define CLI_DATES_H

#include <stdbool.h>
#include <time.h>

/* "today", "yesterday", "this month", "last month", "2026-01", "2026-01-31", "2026-01-31T10:00", which is of local
 * time, or with a Z at the end of UTC: where it begins, and where what follows begins, as "2026-01-31T09:00:00Z".
 * False if it is none of these. */
bool dates_read(const char *text, time_t now, char begin[24], char end[24]);
/* Why it could not be read. */
const char *dates_problem(const char *text);

#endif
