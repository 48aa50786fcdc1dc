/* SPDX-License-Identifier: MIT */
/* calendar.h - weekdays and months by their English names, ignoring case (RFC 5322 3.3, asctime). */
#ifndef BOUNCE_BASE_CALENDAR_H
#define BOUNCE_BASE_CALENDAR_H

#include "base/span.h"

#include <stdint.h>

/* Three letters as a number. */
#define CALENDAR_NAME(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* Setting CASE_BIT makes a capital a small letter, and makes nothing else a letter. */
static inline uint32_t calendar_name(const char *s)
{
    const unsigned char *u = (const unsigned char *)s;
    return CALENDAR_NAME(u[0] | CASE_BIT, u[1] | CASE_BIT, u[2] | CASE_BIT);
}

/* Whether the three bytes at s are "Mon" to "Sun". */
static inline bool calendar_is_weekday(const char *s)
{
    switch (calendar_name(s)) {
    case CALENDAR_NAME('m', 'o', 'n'):
    case CALENDAR_NAME('t', 'u', 'e'):
    case CALENDAR_NAME('w', 'e', 'd'):
    case CALENDAR_NAME('t', 'h', 'u'):
    case CALENDAR_NAME('f', 'r', 'i'):
    case CALENDAR_NAME('s', 'a', 't'):
    case CALENDAR_NAME('s', 'u', 'n'): return true;
    default: return false;
    }
}

/* The month, 1 to 12, that the three bytes at s name: "Jan" to "Dec"; 0 if they name none. */
static inline int calendar_month(const char *s)
{
    switch (calendar_name(s)) {
    case CALENDAR_NAME('j', 'a', 'n'): return 1;
    case CALENDAR_NAME('f', 'e', 'b'): return 2;
    case CALENDAR_NAME('m', 'a', 'r'): return 3;
    case CALENDAR_NAME('a', 'p', 'r'): return 4;
    case CALENDAR_NAME('m', 'a', 'y'): return 5;
    case CALENDAR_NAME('j', 'u', 'n'): return 6;
    case CALENDAR_NAME('j', 'u', 'l'): return 7;
    case CALENDAR_NAME('a', 'u', 'g'): return 8;
    case CALENDAR_NAME('s', 'e', 'p'): return 9;
    case CALENDAR_NAME('o', 'c', 't'): return 10;
    case CALENDAR_NAME('n', 'o', 'v'): return 11;
    case CALENDAR_NAME('d', 'e', 'c'): return 12;
    default: return 0;
    }
}

#endif
