/* SPDX-License-Identifier: MIT */
/*
 * retry.c - in how many seconds a server says to try again.
 *
 * In: a folded text, and when it was said. Out: seconds, from "try again in 5 minutes", "retry after 00:10:00",
 * "greylisted for 300 seconds", "wait 2 hours and 5 minutes", "5 minutes before you retry", "try again at 1:05 PM UTC".
 * A duration that limits something ("50 messages in 10 minutes") or is about the past does not count: between the
 * words that ask to try again and the number, only words of a short list may appear. Anything longer than LONGEST_DAYS
 * is not taken as advice.
 */
#include "verdict/told.h"

#include "base/chunk.h"

#define MINUTE UINT64_C(60)
#define HOUR UINT64_C(3600)
#define DAY UINT64_C(86400)

enum { LONGEST_DAYS = 30, MOST_BETWEEN = 8 };

/* ------------------------------------------------------------- durations */

static uint64_t unit_seconds(const struct word_lists *words, struct span word)
{
    static const struct {
        enum word_list list;
        uint64_t seconds;
    } units[] = {{WORDS_UNIT_SECOND, 1}, {WORDS_UNIT_MINUTE, MINUTE}, {WORDS_UNIT_HOUR, HOUR}, {WORDS_UNIT_DAY, DAY}};
    for (size_t i = 0; i < COUNT(units); i++)
        if (told_is_one_of(word, words->of[units[i].list]))
            return units[i].seconds;
    return 0;
}

/* Digits at *at, which moves past them; at most 7. */
static bool read_number(struct span t, size_t *at, uint64_t *value)
{
    size_t start = *at;
    for (*value = 0; *at < t.n && ascii_is_digit(t.s[*at]) && *at - start < 7; ++*at)
        *value = *value * 10 + (uint64_t)(t.s[*at] - '0');
    return *at > start && !(*at < t.n && ascii_is_digit(t.s[*at]));
}

/* ":MM" or ":SS" at *at. */
static bool read_sixtieths(struct span t, size_t *at, uint64_t *value)
{
    if (t.n - *at < 3 || t.s[*at] != ':' || !ascii_is_digit(t.s[*at + 1]) || !ascii_is_digit(t.s[*at + 2]))
        return false;
    *value = (uint64_t)(t.s[*at + 1] - '0') * 10 + (uint64_t)(t.s[*at + 2] - '0');
    *at += 3;
    return *value < 60 && !(*at < t.n && ascii_is_digit(t.s[*at]));
}

/* "300 seconds", "5m", "300 (sec)" */
static bool read_amount(const struct word_lists *words, struct span t, size_t *at, uint64_t *seconds)
{
    uint64_t value;
    if (!read_number(t, at, &value))
        return false;
    struct span rest = span_of(t.s + *at, t.n - *at);
    size_t gap = 0;
    while (gap < rest.n && (rest.s[gap] == ' ' || rest.s[gap] == '(' || rest.s[gap] == '-'))
        gap++;
    struct span unit = span_of(rest.s + gap, 0);
    while (gap + unit.n < rest.n && ascii_is_alpha(unit.s[unit.n]))
        unit.n++;
    uint64_t each = unit_seconds(words, unit);
    *seconds = value * each;
    *at += gap + unit.n;
    return each != 0;
}

/* "and " */
static size_t joined_length(const struct word_lists *words, struct span rest)
{
    const struct search_word *join = word_at_start(words->of[WORDS_UNIT_JOIN], rest);
    return join && join->text.n < rest.n && rest.s[join->text.n] == ' ' ? join->text.n + 1 : 0;
}

static bool read_zone(struct span t, size_t at, int64_t *offset)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"utc", 0},  {"gmt", 0},  {"z", 0},    {"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5},
                 {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"cet", 1},  {"cest", 2}, {"jst", 9}};
    while (at < t.n && (t.s[at] == ' ' || t.s[at] == '('))
        at++;
    struct span rest = span_of(t.s + at, t.n - at);
    if (rest.n >= 5 && (*rest.s == '+' || *rest.s == '-')) {
        uint64_t value;
        size_t pos = 1;
        if (!read_number(rest, &pos, &value) || pos != 5 || value / 100 > 14 || value % 100 > 59)
            return false;
        *offset = (int64_t)(value / 100 * HOUR + value % 100 * MINUTE) * (*rest.s == '-' ? -1 : 1);
        return true;
    }
    struct span word = span_of(rest.s, 0);
    while (word.n < rest.n && ascii_is_alpha(word.s[word.n]))
        word.n++;
    for (size_t i = 0; i < COUNT(zones); i++)
        if (span_equal_nocase(word, zones[i].name)) {
            *offset = zones[i].hours * (int64_t)HOUR;
            return true;
        }
    return false;
}

/* "2 hours and 5 minutes", "1h 5m", "00:10:00". */
static bool read_duration(const struct word_lists *words, struct span t, size_t *at, uint64_t *seconds)
{
    size_t pos = *at;
    uint64_t hours, minutes, rest;
    if (read_number(t, &pos, &hours) && read_sixtieths(t, &pos, &minutes) && read_sixtieths(t, &pos, &rest)) {
        int64_t offset;
        *seconds = hours * HOUR + minutes * MINUTE + rest;
        *at = pos;
        return !read_zone(t, pos, &offset); /* then it is a time of day */
    }
    if (!read_amount(words, t, at, seconds))
        return false;
    for (uint64_t more;;) {
        size_t next = *at;
        while (next < t.n && (t.s[next] == ' ' || t.s[next] == ',' || t.s[next] == ')'))
            next++;
        next += joined_length(words, span_of(t.s + next, t.n - next));
        if (next >= t.n || !ascii_is_digit(t.s[next]) || !read_amount(words, t, &next, &more))
            return true;
        *seconds += more;
        *at = next;
    }
}

/* ----------------------------------------------------------- times of day */

/* "13:05 utc", "1:05:00 pm +0200": the seconds from now until then. */
static uint64_t until_time_of_day(struct span t, size_t at, int64_t now)
{
    uint64_t hours, minutes, seconds = 0;
    int64_t offset;
    if (now == INT64_MIN || !read_number(t, &at, &hours) || !read_sixtieths(t, &at, &minutes))
        return 0;
    if (at < t.n && t.s[at] == ':' && !read_sixtieths(t, &at, &seconds))
        return 0;
    struct span rest = span_trim(span_of(t.s + at, t.n - at));
    const bool pm = span_starts_nocase(rest, "pm"), half = pm || span_starts_nocase(rest, "am");
    if (hours > (half ? 12 : 23) || (half && !hours))
        return 0;
    if (half) {
        hours = hours % 12 + (pm ? 12 : 0);
        at = (size_t)(rest.s - t.s) + 2;
    }
    if (!read_zone(t, at, &offset))
        return 0;
    int64_t left = ((int64_t)(hours * HOUR + minutes * MINUTE + seconds) - offset - now) % (int64_t)DAY;
    return (uint64_t)(left <= 0 ? left + (int64_t)DAY : left);
}

/* ----------------------------------------------------------------- words */

/* "try again in 5 minutes": the last words before a duration. "wait 5 minutes" needs nothing between, but "again"
 * needs a word that joins them. */
static bool is_asked_before(const struct word_lists *words, struct span front)
{
    bool joined = false;
    for (int i = 0; i < MOST_BETWEEN; i++) {
        struct span word = told_last_word(&front);
        if (told_is_one_of(word, words->of[WORDS_RETRY_BEFORE]))
            return true;
        if (told_is_one_of(word, words->of[WORDS_RETRY_JOINED]))
            return joined || i == 0;
        if (!told_is_one_of(word, words->of[WORDS_RETRY_BETWEEN]))
            return false;
        joined |= told_is_one_of(word, words->of[WORDS_RETRY_JOIN]);
    }
    return false;
}

/* "5 minutes before retrying", "after 24 hours, you can send", "10 minutes and try again". */
static bool is_asked_behind(const struct word_lists *words, struct span front, struct span rest)
{
    const bool since = told_ends_with(words->of[WORDS_RETRY_SINCE], &front);
    for (int i = 0; i < 4; i++) {
        if (since && told_starts_with(words->of[WORDS_RETRY_SINCE_THEN], rest))
            return true;
        struct span word = told_first_word(&rest);
        if (told_is_one_of(word, words->of[WORDS_RETRY_AFTER]))
            return i > 0 || since;
        if (!told_is_one_of(word, words->of[WORDS_RETRY_LINK]))
            return false;
    }
    return false;
}

/* The seconds of the number at *at, if they are asked for; *at moves past it. */
static uint64_t asked_seconds(const struct word_lists *words, struct span t, size_t *at, int64_t now)
{
    uint64_t seconds;
    size_t end = *at;
    const struct span front = span_of(t.s, *at);
    if (read_duration(words, t, &end, &seconds)) {
        bool asked = is_asked_before(words, front) || is_asked_behind(words, front, span_of(t.s + end, t.n - end));
        *at = end;
        return asked && seconds <= LONGEST_DAYS * DAY ? seconds : 0;
    }
    seconds = until_time_of_day(t, *at, now);
    if (seconds && !is_asked_before(words, front))
        seconds = 0;
    while (*at < t.n && (ascii_is_digit(t.s[*at]) || t.s[*at] == ':'))
        ++*at;
    return seconds;
}

/* Where the next number after a space begins, at or after `at`; t.n: nowhere. Zeros follow the text. */
static size_t next_number(struct span t, size_t at)
{
    for (; at < t.n; at += CHUNK) {
        const chunk spaces = chunk_equal(chunk_load(t.s + at), ' ');
        const unsigned bits = chunk_bits(spaces & chunk_in_range(chunk_load(t.s + at + 1), '0', 10));
        if (bits)
            return at + chunk_first(bits) + 1;
    }
    return t.n;
}

uint64_t told_retry(const struct word_lists *words, struct span folded, int64_t now)
{
    uint64_t seconds = 0;
    for (size_t at = 0; !seconds && (at = next_number(folded, at)) < folded.n;)
        seconds = asked_seconds(words, folded, &at, now);
    return seconds;
}
