/* SPDX-License-Identifier: MIT */
/*
 * log_head.c - what precedes the message of a log line.
 *
 * In: a line of syslog (RFC 3164, with or without a year), of RFC 5424, of a journal (short, short-iso),
 * of multilog (TAI64N) or with seconds since 1970. Out: time, host, program and message; the time is parsed only when
 * needed. Refused: nothing; missing parts are empty.
 */
#include "logs/log_head.h"

#include "base/calendar.h"
#include "logs/log_fields.h"
#include "mail/date.h"

static bool digits(struct span s, size_t at, size_t n)
{
    if (at + n > s.n)
        return false;
    for (size_t i = at; i < at + n; i++)
        if (!ascii_is_digit(s.s[i]))
            return false;
    return true;
}

static void take_bytes(struct span *rest, size_t n)
{
    *rest = span_of(rest->s + n, rest->n - n);
}

/* "2026-10-04T04:36:49.123456+01:00", "2026-10-04 04:36:49 +0100", ... Bytes; 0: none. */
static size_t iso_bytes(struct span s)
{
    if (!digits(s, 0, 4) || s.n < 19 || s.s[4] != '-' || !digits(s, 5, 2) || s.s[7] != '-' ||
        (s.s[10] != 'T' && s.s[10] != ' ') || !digits(s, 11, 2) || s.s[13] != ':' || !digits(s, 17, 2))
        return 0;
    size_t n = 19;
    if (n + 1 < s.n && (s.s[n] == '.' || s.s[n] == ',') && ascii_is_digit(s.s[n + 1]))
        for (n++; n < s.n && ascii_is_digit(s.s[n]); n++)
            continue;
    size_t zone = n + (n < s.n && s.s[n] == ' ' ? 1 : 0);
    if (n < s.n && s.s[n] == 'Z')
        return n + 1;
    if (zone < s.n && (s.s[zone] == '+' || s.s[zone] == '-') && digits(s, zone + 1, 2)) {
        size_t colon = zone + 3 < s.n && s.s[zone + 3] == ':';
        if (digits(s, zone + 3 + colon, 2))
            return zone + 5 + colon;
    }
    return n;
}

/* "Oct  4 04:36:49", "Oct 04 2026 04:36:49.123" */
static size_t syslog_bytes(struct span s)
{
    if (s.n < 15 || s.s[3] != ' ' || !calendar_month(s.s))
        return 0;
    size_t n = s.s[4] == ' ' ? 5 : 4;
    while (n < s.n && ascii_is_digit(s.s[n]))
        n++;
    if (n > 6 || n >= s.n || s.s[n] != ' ')
        return 0;
    n++;
    if (digits(s, n, 4) && n + 4 < s.n && s.s[n + 4] == ' ')
        n += 5;
    if (!digits(s, n, 2) || n + 8 > s.n || s.s[n + 2] != ':' || !digits(s, n + 3, 2) || !digits(s, n + 6, 2))
        return 0;
    n += 8;
    if (n < s.n && s.s[n] == '.')
        for (n++; n < s.n && ascii_is_digit(s.s[n]); n++)
            continue;
    return n;
}

static size_t epoch_bytes(struct span s)
{
    size_t n = 0;
    while (n < s.n && (ascii_is_digit(s.s[n]) || (n >= 9 && s.s[n] == '.')))
        n++;
    return n >= 9 && n < 24 && n < s.n && (s.s[n] == ' ' || s.s[n] == ':') ? n : 0;
}

static size_t tai_bytes(struct span s)
{
    if (s.n < 17 || s.s[0] != '@')
        return 0;
    size_t n = 1;
    while (n < s.n && (ascii_is_digit(s.s[n]) || (ascii_lower(s.s[n]) >= 'a' && ascii_lower(s.s[n]) <= 'f')))
        n++;
    return n == 25 || n == 17 ? n : 0;
}

bool log_head_stamp(struct span *text, struct log_head *head)
{
    static const struct {
        size_t (*bytes)(struct span);
        enum log_stamp kind;
    } stamps[] = {
        {syslog_bytes, STAMP_SYSLOG}, {iso_bytes, STAMP_ISO}, {epoch_bytes, STAMP_EPOCH}, {tai_bytes, STAMP_TAI64N}};
    for (size_t i = 0; i < COUNT(stamps); i++) {
        size_t n = stamps[i].bytes(*text);
        if (!n)
            continue;
        head->kind = stamps[i].kind;
        head->stamp = span_of(text->s, n);
        take_bytes(text, n);
        while (text->n && text->s[0] == ' ')
            take_bytes(text, 1);
        return true;
    }
    return false;
}

/* "-", or [id name="value"][id ...], in which quotes may hold anything. */
static size_t structured_bytes(struct span s)
{
    bool in_quotes = false;
    if (!s.n || s.s[0] != '[')
        return 1;
    for (size_t n = 1; n < s.n; n++) {
        if (s.s[n] == '\\')
            n++;
        else if (s.s[n] == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && s.s[n] == ']' && !(n + 1 < s.n && s.s[n + 1] == '['))
            return n + 1;
    }
    return s.n;
}

/* "1 2026-10-04T04:36:49Z host app 12 ID [data="x]"] text" after the priority. */
static bool read_5424(struct span rest, struct log_head *head)
{
    if (!log_take(&rest, "1 ") || !log_head_stamp(&rest, head))
        return false;
    head->host = log_word(&rest);
    head->program = log_word(&rest);
    log_word(&rest);
    log_word(&rest);
    size_t n = structured_bytes(rest);
    head->message = n < rest.n ? span_trim(span_of(rest.s + n, rest.n - n)) : span_of(rest.s, 0);
    if (head->message.n >= 3 && memcmp(head->message.s, "\xef\xbb\xbf", 3) == 0)
        take_bytes(&head->message, 3);
    return true;
}

/* "prog[12]: message"; "[ID 197553 mail.info]" of Solaris is skipped. */
static bool read_program(struct span rest, struct log_head *head)
{
    size_t n = 0, end;
    const char *space = rest.n ? memchr(rest.s, ' ', rest.n) : NULL;
    const char *open = space ? memchr(rest.s, '[', (size_t)(space - rest.s)) : NULL;
    if (open && space[-1] == ':' && space[-2] == ']' && !memchr(rest.s, ':', (size_t)(open - rest.s)))
        n = (size_t)(open - rest.s); /* the usual form */
    else
        while (n < rest.n && rest.s[n] != ':' && rest.s[n] != '[' && rest.s[n] != ' ')
            n++;
    end = n;
    if (n < rest.n && rest.s[n] == '[') {
        const char *close = memchr(rest.s + n, ']', rest.n - n);
        if (!close || close - (rest.s + n) > 24)
            return false;
        n = (size_t)(close - rest.s) + 1;
    }
    if (!n || n >= rest.n || rest.s[n] != ':')
        return false;
    head->program = span_of(rest.s, end);
    take_bytes(&rest, n + 1);
    head->message = span_trim(rest);
    struct span skipped;
    if (span_starts_nocase(head->message, "[ID ") && log_cut(&head->message, "] ", &skipped))
        head->message = span_trim(head->message);
    return true;
}

void log_head_read(struct span line, struct log_head *head)
{
    struct span rest = line, skipped;
    *head = (struct log_head){.message = line};
    if (rest.n && rest.s[0] == '<' && rest.n > 3 && ascii_is_digit(rest.s[1]) && log_cut(&rest, ">", &skipped) &&
        read_5424(rest, head)) {
        head->from_syslog = true;
        return;
    }
    if (!log_head_stamp(&rest, head))
        return;
    head->message = rest;
    if (head->kind != STAMP_SYSLOG && !(head->kind == STAMP_ISO && (head->stamp.s[10] == 'T')))
        return;
    if (rest.n && rest.s[0] == '<') /* "<mail.info>" of FreeBSD */
        log_word(&rest);
    struct span after = rest;
    head->host = log_word(&after);
    /* A host may be missing, as if `syslogd` strips it: then the program is in its place. */
    if (read_program(after, head)) {
        head->from_syslog = true;
        return;
    }
    head->host = span_of(NULL, 0);
    head->from_syslog = read_program(rest, head);
}

/* ------------------------------------------------------------------- time */

/* The year of a time in seconds since 1970-01-01, counted up from a lower bound. */
static int64_t year_of(int64_t seconds)
{
    enum { MOST_DAYS_OF_A_YEAR = 366 };
    int64_t year = 1970 + seconds / 86400 / MOST_DAYS_OF_A_YEAR, next;
    while (date_day(year + 1, 1, 1, &next) && next * 86400 <= seconds)
        year++;
    return year;
}

static int64_t two_digits(const char *s)
{
    return (s[0] - '0') * 10 + (s[1] - '0');
}

static bool clock_of(struct span s, int64_t *seconds)
{
    if (!digits(s, 0, 2) || !digits(s, 3, 2) || !digits(s, 6, 2))
        return false;
    *seconds = two_digits(s.s) * 3600 + two_digits(s.s + 3) * 60 + two_digits(s.s + 6);
    return true;
}

/* The last such day that is not after the file's time, by more than a day for clocks that differ. */
static struct log_time syslog_time(struct span s, int64_t now, int32_t zone_s)
{
    struct log_time t = {.seconds = INT64_MIN, .no_zone = true};
    struct span rest = s;
    int64_t month = calendar_month(s.s), days, clock;
    log_word(&rest);
    int64_t day = (int64_t)log_number(log_word(&rest)), year = 0;
    if (rest.n > 5 && rest.s[4] == ' ')
        year = (int64_t)log_number(log_word(&rest));
    if (!clock_of(rest, &clock))
        return t;
    t.no_year = year == 0;
    if (year && date_day(year, month, day, &days))
        t.seconds = days * 86400 + clock - zone_s;
    const int64_t latest = now + 86400;
    for (int64_t y = year ? 0 : year_of(latest + zone_s), tried = 0; !year && tried < 10; y--, tried++) {
        if (!date_day(y, month, day, &days)) /* 29 February */
            continue;
        t.seconds = days * 86400 + clock - zone_s;
        if (t.seconds <= latest)
            break;
    }
    return t;
}

static struct log_time iso_time(struct span s, int32_t zone_s)
{
    struct log_time t = {.seconds = INT64_MIN};
    int64_t days, clock, zone = zone_s;
    if (!date_day((int64_t)log_number(s), (int64_t)log_number(span_of(s.s + 5, 2)),
                  (int64_t)log_number(span_of(s.s + 8, 2)), &days) ||
        !clock_of(span_of(s.s + 11, s.n - 11), &clock))
        return t;
    struct span tail = span_of(s.s + 19, s.n - 19);
    while (tail.n && tail.s[0] != '+' && tail.s[0] != '-' && tail.s[0] != 'Z')
        take_bytes(&tail, 1);
    t.no_zone = tail.n == 0;
    if (tail.n && tail.s[0] == 'Z')
        zone = 0;
    if (tail.n >= 5 && tail.s[0] != 'Z') {
        size_t minutes = tail.s[3] == ':' ? 4 : 3;
        zone = (int64_t)log_number(span_of(tail.s + 1, 2)) * 3600;
        zone += (int64_t)log_number(span_of(tail.s + minutes, tail.n > minutes + 1 ? 2 : 1)) * 60;
        zone = tail.s[0] == '-' ? -zone : zone;
    }
    t.seconds = days * 86400 + clock - zone;
    return t;
}

static struct log_time tai_time(struct span s)
{
    uint64_t value = 0;
    for (size_t i = 1; i < 17; i++)
        value = value << 4 | (uint64_t)(ascii_is_digit(s.s[i]) ? s.s[i] - '0' : ascii_lower(s.s[i]) - 'a' + 10);
    int64_t seconds = (int64_t)(value & UINT64_C(0x3fffffffffffffff)) - 10; /* as multilog counts */
    bool sane = value >> 62 == 1 && seconds < INT64_C(253402300800);
    return (struct log_time){.seconds = sane ? seconds : INT64_MIN};
}

struct log_time log_head_time(const struct log_head *head, int64_t now, int32_t zone_s)
{
    uint64_t epoch;
    switch (head->kind) {
    case STAMP_SYSLOG: return syslog_time(head->stamp, now, zone_s);
    case STAMP_ISO: return iso_time(head->stamp, zone_s);
    case STAMP_TAI64N: return tai_time(head->stamp);
    case STAMP_EPOCH:
        epoch = log_number(head->stamp);
        return (struct log_time){.seconds = epoch < UINT64_C(253402300800) ? (int64_t)epoch : INT64_MIN};
    case STAMP_NONE: break;
    }
    return (struct log_time){.seconds = INT64_MIN};
}
