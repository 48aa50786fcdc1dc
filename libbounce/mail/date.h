/* SPDX-License-Identifier: MIT */
/*
 * date.h - dates of mail to seconds since 1970, and these to RFC 3339. Reads the forms of
 * RFC 5322, its obsolete ones, and others that reports contain. Uses no locale and no TZ.
 */
#ifndef BOUNCE_MAIL_DATE_H
#define BOUNCE_MAIL_DATE_H

#include "base/arena.h"

/* False if s is not a date. Comments in () are skipped. The zone may be numeric, a name of RFC 5322, UTC, GMT, JST and
 * the like; if it is missing, it is UTC. */
bool date_parse(struct span s, int64_t *seconds);
/* Days since 1970-01-01; false if the calendar has no such day between 1900 and 9999. */
bool date_day(int64_t year, int64_t month, int64_t day, int64_t *days);
/* "2026-01-31T10:00:05Z" */
char *date_format(struct arena *a, int64_t seconds);

#endif
