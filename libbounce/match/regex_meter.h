/* SPDX-License-Identifier: MIT */
/* regex_meter.h - an expression that reports what it costs while it runs. Private to regex.c. */
#ifndef BOUNCE_MATCH_REGEX_METER_H
#define BOUNCE_MATCH_REGEX_METER_H

#include "base/arena.h"

/* The numbers of its callouts, "(?C1)" and so on. */
enum regex_meter_callout {
    METER_STEP,      /* after a repeat without a fixed count */
    METER_START,     /* before everything else: it is tried at another place */
    METER_REFERENCE, /* before what a group matched is compared */
    METER_GROUP      /* at the end of one of several alternatives, and of a group that is repeated */
};

struct regex_metered {
    const char *source; /* with callouts; it matches the same texts */
    size_t work;        /* at most this many characters are compared between two callouts */
    bool anchored;      /* each alternative begins with ^: it is tried at one place, and has no METER_START */
};
/* False if the expression has a callout of its own, or cannot be followed. */
bool regex_meter(struct arena *a, const char *source, struct regex_metered *metered);

#endif
