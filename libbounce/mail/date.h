/* SPDX-License-Identifier: MIT */
/* date.h - RFC 5322 dates (and the obsolete and ctime() forms that reports
 * really write) to seconds since 1970 and RFC 3339. Uses no locale, no TZ. */
#ifndef BOUNCE_MAIL_DATE_H
#define BOUNCE_MAIL_DATE_H

#include "base/arena.h"

/* False if s is no date. Comments in () are skipped; the zone may be numeric,
 * a name of RFC 5322, UTC, GMT, JST and the like, or missing (UTC). */
bool date_parse(struct span s, int64_t *seconds);
/* "2026-01-31T10:00:05Z" */
char *date_format(struct arena *a, int64_t seconds);

#endif
