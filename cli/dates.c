/* SPDX-License-Identifier: MIT */
/*
 * dates.c - spans of time as people name them.
 *
 * In: a name or a date, and the time that it is now. Out: the first second of the
 * span and the first one after it, in UTC. Days begin at midnight of the local time
 * zone (TZ). Refused: anything else, such as February 30.
 */
#include "dates.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum unit { SECOND, MINUTE, DAY, MONTH };

static void add(struct tm *t, enum unit unit, int count)
{
    t->tm_sec += unit == SECOND ? count : 0;
    t->tm_min += unit == MINUTE ? count : 0;
    t->tm_mday += unit == DAY ? count : 0;
    t->tm_mon += unit == MONTH ? count : 0;
    t->tm_isdst = -1;
}

static bool write_utc(struct tm local, bool is_utc, char to[24])
{
    struct tm t;
    time_t seconds = is_utc ? timegm(&local) : mktime(&local);
    return gmtime_r(&seconds, &t) && strftime(to, 24, "%Y-%m-%dT%H:%M:%SZ", &t) == 20;
}

static bool by_name(const char *text, struct tm *t, enum unit *unit)
{
    static const struct {
        const char *name;
        enum unit unit;
        int before;
    } names[] = {{"today", DAY, 0},        {"yesterday", DAY, -1},    {"this month", MONTH, 0},
                 {"this-month", MONTH, 0}, {"last month", MONTH, -1}, {"last-month", MONTH, -1}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i].name, text) == 0) {
            t->tm_hour = t->tm_min = t->tm_sec = 0;
            t->tm_mday = names[i].unit == MONTH ? 1 : t->tm_mday;
            add(t, names[i].unit, names[i].before);
            *unit = names[i].unit;
            return true;
        }
    return false;
}

/* As in ISO 8601, as far as it goes. */
static bool by_number(const char *text, struct tm *t, enum unit *unit, bool *is_utc)
{
    int year, month, day = 1, hour = 0, minute = 0, second = 0, used = 0;
    const char *rest = text;
    *t = (struct tm){.tm_isdst = -1};
    if (strspn(text, "0123456789") != 4 || sscanf(rest, "%4d-%2d%n", &year, &month, &used) != 2 || used != 7)
        return false;
    *unit = MONTH;
    rest += used;
    if (*rest == '-' && sscanf(rest, "-%2d%n", &day, &used) == 1 && (rest += used))
        *unit = DAY;
    if (*unit == DAY && (*rest == 'T' || *rest == ' ') && sscanf(rest + 1, "%2d:%2d%n", &hour, &minute, &used) == 2 &&
        (rest += used + 1))
        *unit = MINUTE;
    if (*unit == MINUTE && *rest == ':' && sscanf(rest, ":%2d%n", &second, &used) == 1 && (rest += used))
        *unit = SECOND;
    *is_utc = *unit < DAY && *rest == 'Z';
    rest += *is_utc;
    struct tm asked = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second,
                       .tm_isdst = -1};
    struct tm real = asked;
    timegm(&real); /* makes February 30 March 2 */
    *t = asked;
    return !*rest && real.tm_mon == asked.tm_mon && real.tm_mday == day && hour >= 0 && hour < 24 && minute >= 0 &&
           minute < 60 && second >= 0 && second < 60;
}

bool dates_read(const char *text, time_t now, char begin[24], char end[24])
{
    struct tm t;
    enum unit unit;
    bool is_utc = false;
    if (!localtime_r(&now, &t) || (!by_name(text, &t, &unit) && !by_number(text, &t, &unit, &is_utc)))
        return false;
    struct tm next = t;
    add(&next, unit, 1);
    return write_utc(t, is_utc, begin) && write_utc(next, is_utc, end);
}
