/* SPDX-License-Identifier: MIT */
/*
 * calendar.c - days and seconds of dates.
 *
 * In: dates as the library writes them (RFC 3339, UTC). Out: numbers. Refused: what has
 * another form, and days that a month does not have.
 */
#include "output/calendar.h"

#include <stddef.h>

/* n digits at s; -1 if there is anything else. */
static int digits(const char *s, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool calendar_days(const char *date, int64_t *days)
{
    int year = digits(date, 4);
    if (year < 0 || date[4] != '-')
        return false;
    int month = digits(date + 5, 2);
    if (month < 1 || month > 12 || date[7] != '-')
        return false;
    int day = digits(date + 8, 2);
    if (day < 1 || day > days_of_month(year, month))
        return false;
    /* With years that begin in March, the leap day is the last one. */
    const int from_march = month > 2 ? month - 3 : month + 9, years = month > 2 ? year : year - 1;
    const int64_t leaps = years < 0 ? -1 : years / 4 - years / 100 + years / 400;
    *days = years * 365LL + leaps + (153 * from_march + 2) / 5 + day - 1 - 719468;
    return true;
}

int64_t calendar_seconds(const char *date)
{
    int64_t days;
    if (!date || !calendar_days(date, &days) || date[10] != 'T')
        return 0;
    int hour = digits(date + 11, 2);
    if (hour < 0 || date[13] != ':')
        return 0;
    int minute = digits(date + 14, 2);
    if (minute < 0 || date[16] != ':')
        return 0;
    int second = digits(date + 17, 2);
    return second < 0 ? 0 : days * 86400 + hour * 3600LL + minute * 60LL + second;
}
