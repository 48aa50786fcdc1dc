/* SPDX-License-Identifier: MIT */
/* test_calendar.c - the names of weekdays and months, and nothing else. */
#include "base/calendar.h"

#include <criterion/criterion.h>

static const char weekdays[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The position of three bytes in a list of names, counted from 1; 0: not in it. */
static size_t number_in(const char (*names)[4], size_t count, const char *s)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal_nocase(names[i], s, 3))
            return i + 1;
    return 0;
}

/* All triples of bytes that are letters, or differ from a letter in a single bit. */
Test(calendar, names_and_nothing_else)
{
    static const char bytes[] = "adejmnorstuwADEJMNORSTUWfpbyhivclgFPBYHIVCLG@[`{M-\x0d\x8a\xed";
    for (const char *a = bytes; *a; a++)
        for (const char *b = bytes; *b; b++)
            for (const char *c = bytes; *c; c++) {
                const char s[] = {*a, *b, *c};
                cr_assert_eq(calendar_is_weekday(s), number_in(weekdays, COUNT(weekdays), s) != 0, "%.3s", s);
                cr_assert_eq(calendar_month(s), (int)number_in(months, COUNT(months), s), "%.3s", s);
            }
}

/* The test above must have seen each name. */
Test(calendar, every_name)
{
    for (size_t i = 0; i < COUNT(weekdays); i++)
        cr_assert(calendar_is_weekday(weekdays[i]), "%s", weekdays[i]);
    for (size_t i = 0; i < COUNT(months); i++)
        cr_assert_eq(calendar_month(months[i]), (int)i + 1, "%s", months[i]);
}
