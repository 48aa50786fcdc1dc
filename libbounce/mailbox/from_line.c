/* SPDX-License-Identifier: MIT */
/*
 * from_line.c - whether a line is a From line of an mbox.
 *
 * In: a line that begins with "From ". Out: true, if it has a date in a form that mail programs use there, followed by
 * at most a zone, "remote from HOST" or a comment. RFC 4155 requires asctime(); found in the wild are
 *
 *     From joe@example.org Sat Jan  3 01:05:34 1996
 *     From joe@example.org Sat Jan  3 01:05 MET DST 1996 remote from host
 *     From 1625@xxx Sat Jan 03 01:05:34 +0000 1996
 *     From - Sat, 03 Jan 1996 01:05:34 +0100
 *     From () 1996-01-03 01:05:34 +0000
 *
 * Refused: prose, such as "From May 4 to June 10:30".
 */
#include "mailbox/mailbox.h"

#include "base/calendar.h"
#include "base/limits.h"

#include <string.h>

struct line_words {
    struct span at[LIMIT_FROM_LINE_WORDS];
    size_t count;
};

/* The first comparison decides for most characters. */
static inline bool is_between_words(char c)
{
    return (unsigned char)c <= ',' && (c == ' ' || c == '\t' || c == ',');
}

/* Splits a line at spaces, tabs and commas; false if it has too many words. */
static bool split_words(struct span line, struct line_words *out)
{
    out->count = 0;
    for (size_t i = 0; i < line.n;) {
        if (is_between_words(line.s[i])) {
            i++;
            continue;
        }
        size_t start = i;
        while (i < line.n && !is_between_words(line.s[i]))
            i++;
        if (out->count == LIMIT_FROM_LINE_WORDS)
            return false;
        out->at[out->count++] = span_of(line.s + start, i - start);
    }
    return true;
}

static bool is_weekday(struct span t)
{
    return t.n == 3 && calendar_is_weekday(t.s);
}

static bool is_month(struct span t)
{
    return t.n == 3 && calendar_month(t.s);
}

/* True for a number of min_digits to max_digits digits from low to high. */
static bool is_number_within(struct span t, size_t min_digits, size_t max_digits, unsigned low, unsigned high)
{
    unsigned value = 0;
    if (t.n < min_digits || t.n > max_digits)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        if (!ascii_is_digit(t.s[i]))
            return false;
        value = value * 10 + (unsigned)(t.s[i] - '0');
    }
    return value >= low && value <= high;
}

static bool is_day(struct span t)
{
    return is_number_within(t, 1, 2, 1, 31);
}
static bool is_year(struct span t)
{
    return is_number_within(t, 4, 4, 1970, 2199);
}

/* HH:MM or HH:MM:SS. */
static bool is_time(struct span t)
{
    if (t.n < sizeof "H:MM" - 1)
        return false;
    size_t hour = t.s[1] == ':' ? 1 : 2, rest = t.n - hour - 1;
    const char *colon = t.s + hour;
    if (*colon != ':' || !is_number_within(span_of(t.s, hour), 1, 2, 0, 24) || rest < 2)
        return false;
    if (!is_number_within(span_of(colon + 1, 2), 2, 2, 0, 59))
        return false;
    return rest == 2 || (rest == 5 && colon[3] == ':' && is_number_within(span_of(colon + 4, 2), 2, 2, 0, 60));
}

/* "+0100", "-0800", "MET", "GMT+2", "(CET)". */
static bool is_zone(struct span t)
{
    if (t.n == 5 && (t.s[0] == '+' || t.s[0] == '-'))
        return is_number_within(span_of(t.s + 1, 4), 4, 4, 0, 9999);
    bool letter = false;
    for (size_t i = 0; i < t.n; i++) {
        bool capital = t.s[i] >= 'A' && t.s[i] <= 'Z';
        letter |= capital;
        if (!capital && !ascii_is_digit(t.s[i]) && !(t.s[i] && strchr("+-()", t.s[i])))
            return false;
    }
    return letter && t.n <= 7;
}

/* "1996-01-03", or "1996-01-03T01:05:34" with the time. */
static bool is_iso_date(struct span t, bool *has_time)
{
    *has_time = t.n > 11 && t.s[10] == 'T';
    if (t.n != 10 && !(*has_time && (t.s[t.n - 1] == 'Z' ? is_time(span_of(t.s + 11, t.n - 12))
                                                         : is_time(span_of(t.s + 11, t.n - 11)))))
        return false;
    return is_year(span_of(t.s, 4)) && t.s[4] == '-' && is_number_within(span_of(t.s + 5, 2), 2, 2, 1, 12) &&
           t.s[7] == '-' && is_day(span_of(t.s + 8, 2));
}

static size_t skip_zones(const struct line_words *t, size_t i, size_t most)
{
    while (most-- > 0 && i < t->count && is_zone(t->at[i]))
        i++;
    return i;
}

/* Sat Jan 3 01:05[:34] [zone [zone]] 1996: the index after it, or 0. Likewise below. */
static size_t read_asctime(const struct line_words *t, size_t i)
{
    if (i + 4 >= t->count || !is_weekday(t->at[i]) || !is_month(t->at[i + 1]) || !is_day(t->at[i + 2]) ||
        !is_time(t->at[i + 3]))
        return 0;
    i = skip_zones(t, i + 4, 2);
    return i < t->count && is_year(t->at[i]) ? i + 1 : 0;
}

/* [Sat,] 03 Jan 1996 01:05:34 */
static size_t read_rfc5322(const struct line_words *t, size_t i)
{
    if (i < t->count && is_weekday(t->at[i]))
        i++;
    if (i + 3 >= t->count || !is_day(t->at[i]) || !is_month(t->at[i + 1]) || !is_year(t->at[i + 2]) ||
        !is_time(t->at[i + 3]))
        return 0;
    return i + 4;
}

static size_t read_iso(const struct line_words *t, size_t i)
{
    bool has_time;
    if (!is_iso_date(t->at[i], &has_time))
        return 0;
    if (has_time)
        return i + 1;
    return i + 1 < t->count && is_time(t->at[i + 1]) ? i + 2 : 0;
}

/* True if only zones, or the trail of UUCP, follow the date. */
static bool ends_well(const struct line_words *t, size_t i)
{
    i = skip_zones(t, i, 2);
    if (i + 3 == t->count && span_equal_nocase(t->at[i], "remote"))
        return span_equal_nocase(t->at[i + 1], "from");
    return i == t->count;
}

/* True for "ADDRESS Sat Jan  3 01:05:34 1996", the form of nearly all, by the positions of its parts. False decides
 * nothing: the general way follows, also for addresses that may contain a date and time. */
static bool is_usual(struct span line)
{
    enum { DATE_BYTES = sizeof "Sat Jan  3 01:05:34 1996" - 1, ISO_T_AT = sizeof "1996-01-03" - 1 };
    if (line.n < DATE_BYTES + 2)
        return false;
    struct span address = span_of(line.s, line.n - DATE_BYTES - 1);
    const char *date = line.s + address.n + 1;
    if (date[-1] != ' ' || date[3] != ' ' || date[7] != ' ' || date[10] != ' ' || date[19] != ' ')
        return false;
    bool one_digit = date[8] == ' ';
    if (!is_weekday(span_of(date, 3)) || !is_month(span_of(date + 4, 3)) ||
        !is_day(span_of(date + 8 + one_digit, one_digit ? 1 : 2)) || !is_time(span_of(date + 11, 8)) ||
        !is_year(span_of(date + 20, 4)))
        return false;
    for (size_t i = 0; i < address.n; i++)
        if (is_between_words(address.s[i]))
            return false;
    return address.n <= ISO_T_AT || address.s[ISO_T_AT] != 'T';
}

bool from_line_is_plausible(struct span line)
{
    struct line_words t;
    if (line.n < 5 || memcmp(line.s, "From ", 5) != 0)
        return false;
    line = span_of(line.s + 5, line.n - 5);
    if (is_usual(line))
        return true;
    if (!split_words(line, &t))
        return false;
    for (size_t i = 0; i < t.count; i++) {
        size_t end = read_asctime(&t, i);
        if (!end)
            end = read_rfc5322(&t, i);
        if (!end)
            end = read_iso(&t, i);
        if (end)
            return ends_well(&t, end);
    }
    return false;
}
