/* SPDX-License-Identifier: MIT */
/*
 * date.c - dates of mail (RFC 5322 3.3 and 4.3, RFC 3339, ctime); see date.h.
 *
 * In: a text in any of these forms, with comments. Out: seconds since 1970, UTC.
 * Refused: dates that no calendar has. The weekday is skipped, not checked; a
 * leap second counts as the second after it. A zone that is missing or unknown
 * is UTC (RFC 5322: unknown names are -0000).
 */
#include "mail/date.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "mail/cfws.h"

#include <string.h>

/* A number, a word, or one other character. */
struct date_token {
    struct span text;
    int64_t number; /* -1: none */
};

struct date_parts {
    int64_t year, month, day, hour, minute, second, zone_s; /* -1: not seen; zone_s: 0 */
    size_t year_digits;
    bool offset_seen; /* the zone was a number, which counts more than a name beside it */
};

/* Index after white space, comments, and quotes around it all. A comment without an end takes all that follows. */
static size_t skip_comments(struct span s, size_t i)
{
    size_t n;
    for (; i < s.n; i += n) {
        const bool blank = ascii_is_space(s.s[i]) || s.s[i] == '"' || s.s[i] == '\'';
        n = blank ? 1 : comment_length(span_of(s.s + i, s.n - i));
        if (!n)
            return s.s[i] == '(' ? s.n : i;
    }
    return i;
}

static struct date_token token_at(struct span s, size_t i)
{
    size_t n = i;
    int64_t number = 0;
    for (; n < s.n && ascii_is_digit(s.s[n]) && n - i < 9; n++)
        number = number * 10 + (s.s[n] - '0');
    if (n > i)
        return (struct date_token){span_of(s.s + i, n - i), number};
    while (n < s.n && ascii_is_alpha(s.s[n]))
        n++;
    return (struct date_token){span_of(s.s + i, n > i ? n - i : 1), -1};
}

static size_t split_tokens(struct span s, struct date_token *tokens)
{
    size_t count = 0;
    for (size_t i = skip_comments(s, 0); i < s.n && count < LIMIT_DATE_TOKENS; i = skip_comments(s, i)) {
        tokens[count] = token_at(s, i);
        i += tokens[count++].text.n;
    }
    return count;
}

/* 1 to 12, or 0. Full names and four letters ("Sept") are months, too. */
static int64_t month_of(struct span s)
{
    static const size_t lengths[] = {0, 7, 8, 5, 5, 3, 4, 4, 6, 9, 7, 8, 8}; /* of the full names */
    int month = s.n < 3 ? 0 : calendar_month(s.s);
    return s.n <= lengths[month] ? month : 0;
}

/* "Mon", "Monday", and any other word that begins like that. */
static bool starts_with_weekday(struct span s)
{
    return s.n >= 3 && calendar_is_weekday(s.s);
}

/* For the names of RFC 5322 4.3, and for others in use that are not ambiguous. */
static int64_t zone_seconds(struct span s)
{
    static const struct {
        struct span name;
        int minutes;
    } zones[] = {
        {SPAN("EST"), -300}, {SPAN("EDT"), -240}, {SPAN("CST"), -360}, {SPAN("CDT"), -300},  {SPAN("MST"), -420},
        {SPAN("MDT"), -360}, {SPAN("PST"), -480}, {SPAN("PDT"), -420}, {SPAN("AKST"), -540}, {SPAN("AKDT"), -480},
        {SPAN("HST"), -600}, {SPAN("WET"), 0},    {SPAN("WEST"), 60},  {SPAN("CET"), 60},    {SPAN("MET"), 60},
        {SPAN("CEST"), 120}, {SPAN("MEST"), 120}, {SPAN("EET"), 120},  {SPAN("EEST"), 180},  {SPAN("MSK"), 180},
        {SPAN("MSD"), 240},  {SPAN("BST"), 60},   {SPAN("JST"), 540},  {SPAN("KST"), 540},   {SPAN("HKT"), 480},
        {SPAN("SGT"), 480},  {SPAN("AEST"), 600}, {SPAN("AEDT"), 660}, {SPAN("ACST"), 570},  {SPAN("AWST"), 480},
        {SPAN("NZST"), 720}, {SPAN("NZDT"), 780}, {SPAN("BRT"), -180}, {SPAN("ART"), -180},  {SPAN("SAST"), 120},
    };
    for (size_t i = 0; i < COUNT(zones); i++)
        if (span_same_nocase(s, zones[i].name))
            return zones[i].minutes * 60;
    return 0;
}

static bool is_sign(const struct date_token *t)
{
    return t->text.s[0] == '+' || t->text.s[0] == '-';
}

static bool is_char(const struct date_token *t, size_t count, size_t i, char c)
{
    return i < count && t[i].number < 0 && t[i].text.n == 1 && t[i].text.s[0] == c;
}

/* Reads "hh:mm" or "hh:mm:ss", perhaps with a fraction, and moves *i after it. */
static bool take_time(const struct date_token *t, size_t count, size_t *i, struct date_parts *p)
{
    if (*i + 2 >= count || t[*i].number < 0 || !is_char(t, count, *i + 1, ':') || t[*i + 2].number < 0)
        return false;
    p->hour = t[*i].number;
    p->minute = t[*i + 2].number;
    p->second = 0;
    *i += 3;
    if (is_char(t, count, *i, ':') && *i + 1 < count && t[*i + 1].number >= 0) {
        p->second = t[*i + 1].number;
        *i += 2;
    }
    if ((is_char(t, count, *i, '.') || is_char(t, count, *i, ',')) && *i + 1 < count && t[*i + 1].number >= 0)
        *i += 2;
    return true;
}

/* Reads "+0900", "+09:00", or "+09", and moves *i, which is at the sign, after it. */
static bool take_offset(const struct date_token *t, size_t count, size_t *i, struct date_parts *p)
{
    if (*i + 1 >= count || !is_sign(&t[*i]) || t[*i + 1].number < 0)
        return false;
    int64_t number = t[*i + 1].number, sign = t[*i].text.s[0] == '-' ? -1 : 1;
    int64_t hours = t[*i + 1].text.n <= 2 ? number : number / 100, minutes = t[*i + 1].text.n <= 2 ? 0 : number % 100;
    bool colon = t[*i + 1].text.n == 2 && is_char(t, count, *i + 2, ':') && *i + 3 < count && t[*i + 3].number >= 0;
    if (colon)
        minutes = t[*i + 3].number;
    *i += colon ? 4 : 2;
    p->offset_seen = true;
    if (hours <= 24 && minutes < 60) /* impossible ones are read as UTC */
        p->zone_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static void take_year(const struct date_token *t, struct date_parts *p)
{
    p->year = t->number;
    p->year_digits = t->text.n;
}

/* Reads "2011-04-29T" or "2011/04/29", and moves *i after it. */
static bool take_iso_date(const struct date_token *t, size_t count, size_t *i, struct date_parts *p)
{
    if (*i + 4 >= count || t[*i].text.n != 4 || t[*i].number < 0 || t[*i + 2].number < 0 || t[*i + 4].number < 0)
        return false;
    char c = t[*i + 1].text.s[0];
    if ((c != '-' && c != '/') || t[*i + 3].text.s[0] != c)
        return false;
    take_year(&t[*i], p);
    p->month = t[*i + 2].number;
    p->day = t[*i + 4].number;
    *i += 5;
    if (is_char(t, count, *i, 'T') || is_char(t, count, *i, 't'))
        ++*i;
    return true;
}

/* A day of the month or a year; it can be nothing else. */
static bool take_number(const struct date_token *t, struct date_parts *p)
{
    if (p->day < 0 && t->text.n <= 3 && t->number < 32) /* "029" is in use */
        p->day = t->number;
    else if (p->year < 0)
        take_year(t, p);
    else
        return false;
    return true;
}

/* A month, a zone, a weekday, or punctuation. */
static bool take_word(struct span s, struct date_parts *p)
{
    if (s.n == 1 && strchr(",-./", s.s[0]))
        return p->year < 0 || s.s[0] != '/';
    const int64_t month = p->month < 0 ? month_of(s) : 0;
    if (month)
        p->month = month;
    else if (p->hour >= 0 && !starts_with_weekday(s) && ascii_is_alpha(s.s[0]))
        p->zone_s = p->offset_seen ? p->zone_s : zone_seconds(s);
    else
        return starts_with_weekday(s);
    return true;
}

/* Reads what begins at token *i, by its form and by what is already known, and moves *i
 * after it. False if it belongs to no date. */
static bool take_token(const struct date_token *t, size_t count, size_t *i, struct date_parts *p)
{
    if (p->hour < 0 && take_time(t, count, i, p))
        return true;
    if (p->year < 0 && p->day < 0 && take_iso_date(t, count, i, p))
        return true;
    if (p->hour >= 0 && is_sign(&t[*i]) && take_offset(t, count, i, p))
        return true;
    const struct date_token *token = &t[(*i)++];
    return token->number >= 0 ? take_number(token, p) : take_word(token->text, p);
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

static bool in_calendar(const struct date_parts *p)
{
    return is_day(p->year, p->month, p->day) && p->hour >= 0 && p->hour < 24 && p->minute < 60 && p->second <= 60;
}

/* Days since 1970-01-01 in the Gregorian calendar, by years that start in March. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, year_of_era = year % 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool date_day(int64_t year, int64_t month, int64_t day, int64_t *days)
{
    if (!is_day(year, month, day))
        return false;
    *days = days_from_civil(year, month, day);
    return true;
}

/* The number that the n bytes at s are; -1 if they are not all digits. */
static int64_t number_of(const char *s, size_t n)
{
    int64_t number = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(s[i]))
            return -1;
        number = number * 10 + (s[i] - '0');
    }
    return number;
}

/* Reads "Thu, 29 Apr 2011 23:34:45 +0900", the form of nearly all mail, by the position of each part. False: to be read
 * token by token, which has the same result for this form. */
static bool read_usual(struct span s, struct date_parts *p)
{
    static const char form[] = " Apr 2011 23:34:45 +0900";
    enum { FORM_BYTES = sizeof form - 1 };
    size_t i = s.n > 5 && s.s[3] == ',' ? 5 : 0;
    if (s.n < i + 1 + FORM_BYTES || (i && (s.s[4] != ' ' || !starts_with_weekday(s))))
        return false;
    p->day = number_of(s.s + i, 2);
    i += p->day < 0 ? 1 : 2;
    p->day = p->day < 0 ? number_of(s.s + i - 1, 1) : p->day;
    const char *t = s.s + i;
    if (s.n - i < FORM_BYTES || t[0] != ' ' || t[4] != ' ' || t[9] != ' ' || t[12] != ':' || t[15] != ':' ||
        t[18] != ' ')
        return false;
    p->month = month_of(span_of(t + 1, 3));
    p->year = number_of(t + 5, 4);
    p->year_digits = 4;
    p->hour = number_of(t + 10, 2);
    p->minute = number_of(t + 13, 2);
    p->second = number_of(t + 16, 2);
    int64_t hours = number_of(t + 20, 2), minutes = number_of(t + 22, 2);
    p->zone_s = (t[19] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return (t[19] == '+' || t[19] == '-') && p->day >= 0 && p->day < 32 && p->month && p->year >= 0 && p->hour >= 0 &&
           p->minute >= 0 && p->second >= 0 && hours >= 0 && hours <= 24 && minutes >= 0 && minutes < 60 &&
           skip_comments(s, i + FORM_BYTES) == s.n;
}

static bool read_tokens(struct span s, struct date_parts *p)
{
    struct date_token tokens[LIMIT_DATE_TOKENS];
    size_t count = split_tokens(s, tokens);
    *p = (struct date_parts){.year = -1, .month = -1, .day = -1, .hour = -1};
    for (size_t i = 0; i < count;)
        if (!take_token(tokens, count, &i, p))
            return false;
    return true;
}

bool date_parse(struct span s, int64_t *seconds)
{
    struct date_parts p;
    if (!read_usual(s, &p) && !read_tokens(s, &p))
        return false;
    if (p.year >= 0 && p.year_digits <= 3) /* RFC 5322 4.3 */
        p.year += p.year_digits == 2 && p.year < 50 ? 2000 : 1900;
    if (!in_calendar(&p))
        return false;
    *seconds = days_from_civil(p.year, p.month, p.day) * 86400 + p.hour * 3600 + p.minute * 60 + p.second - p.zone_s;
    return true;
}

/* Two digits at s. */
static void put_two(char *s, int64_t value)
{
    s[0] = (char)('0' + value / 10 % 10);
    s[1] = (char)('0' + value % 10);
}

char *date_format(struct arena *a, int64_t seconds)
{
    int64_t days = seconds / 86400, second = seconds % 86400;
    if (second < 0)
        days--, second += 86400;
    days += 719468;
    int64_t era = days / 146097 - (days % 146097 < 0), day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = era * 400 + year_of_era + (month <= 2);
    int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
    if (year < 0 || year > 9999)
        return arena_printf(a, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lldZ", (long long)year, (long long)month,
                            (long long)day, (long long)(second / 3600), (long long)(second / 60 % 60),
                            (long long)(second % 60));
    char *s = arena_strdup(a, "0000-00-00T00:00:00Z");
    put_two(s, year / 100);
    put_two(s + 2, year % 100);
    put_two(s + 5, month);
    put_two(s + 8, day);
    put_two(s + 11, second / 3600);
    put_two(s + 14, second / 60 % 60);
    put_two(s + 17, second % 60);
    return s;
}
