/* SPDX-License-Identifier: MIT */
/* calendar.h - days and seconds of dates. */
#ifndef CLI_OUTPUT_CALENDAR_H
#define CLI_OUTPUT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days from 1970-01-01 to a date that begins with "2026-11-30". False if it is not a date. */
bool calendar_days(const char *date, int64_t *days);
/* Seconds since 1970 of "2026-11-30T10:00:00Z"; 0 for anything else, and for NULL. */
int64_t calendar_seconds(const char *date);

#endif
