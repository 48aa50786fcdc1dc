/* SPDX-License-Identifier: MIT */
/*
 * dates.c - spans of time as people name them.
 *
 * In: a name or a date, and the current time. Out: the first second of the span and the first one after it, in UTC.
 * Days begin at midnight of the local time zone (TZ). Refused: anything else, such as February 30.
 */
#include "dates.h"

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

static bool take_number(const char **at, size_t digits, int *to)
{
    int number = 0;
    if (strspn(*at, "0123456789") < digits)
        return false;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (*at)[i] - '0';
    *at += digits;
    *to = number;
    return true;
}

/* Two digits after one of the separators; *at stays where it is if there are none. */
static bool take_part(const char **at, const char *separators, int *to)
{
    const char *digits = *at + 1;
    if (!**at || !strchr(separators, **at) || !take_number(&digits, 2, to))
        return false;
    *at = digits;
    return true;
}

/* Parses ISO 8601 to any precision, from the year on. */
static bool by_number(const char *text, struct tm *t, enum unit *unit, bool *is_utc)
{
    int year, month, day = 1, hour = 0, minute = 0, second = 0;
    const char *rest = text;
    *t = (struct tm){.tm_isdst = -1};
    if (!take_number(&rest, 4, &year) || !take_part(&rest, "-", &month))
        return false;
    *unit = MONTH;
    if (take_part(&rest, "-", &day))
        *unit = DAY;
    if (*unit == DAY && take_part(&rest, "T ", &hour)) {
        if (!take_part(&rest, ":", &minute))
            return false;
        *unit = take_part(&rest, ":", &second) ? SECOND : MINUTE;
    }
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
    timegm(&real); /* turns February 30 into March 2 */
    *t = asked;
    return !*rest && real.tm_mon == asked.tm_mon && real.tm_mday == day && hour < 24 && minute < 60 && second < 60;
}

const char *dates_problem(const char *text)
{
    enum { YEAR_DIGITS = 4 };
    struct tm t;
    enum unit unit;
    bool is_utc;
    size_t digits = strspn(text, "0123456789");
    if ((digits > YEAR_DIGITS && text[digits] == '-') || by_number(text, &t, &unit, &is_utc))
        return "the year is out of range; it can be 1000 to 9998";
    return "not a date such as today, yesterday, this month, last month, 2026-11, 2026-11-30, 2026-11-30T17:00 or "
           "2026-11-30T17:00:00Z";
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
