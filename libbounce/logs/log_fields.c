/* SPDX-License-Identifier: MIT */
/*
 * log_fields.c - elements that the lines of many logs have in common.
 *
 * In: the text of a line. Out: fields, words, hosts, numbers and durations, as spans of it. Refused: what does not have
 * the form; it counts as missing.
 */
#include "logs/log_fields.h"

bool log_cut(struct span *rest, const char *end, struct span *before)
{
    const char *at = span_find(*rest, end);
    if (!at)
        return false;
    size_t n = strlen(end);
    *before = span_of(rest->s, (size_t)(at - rest->s));
    *rest = span_of(at + n, rest->n - before->n - n);
    return true;
}

struct span log_word(struct span *rest)
{
    if (!rest->n) /* which may have no bytes at all */
        return *rest;
    const char *end = memchr(rest->s, ' ', rest->n);
    size_t n = end ? (size_t)(end - rest->s) : rest->n;
    struct span word = span_of(rest->s, n);
    while (n < rest->n && rest->s[n] == ' ')
        n++;
    *rest = span_of(rest->s + n, rest->n - n);
    return word;
}

/* Bytes of "<...>": to the first '>' that something else than an address follows. */
static size_t bracketed(struct span text)
{
    const char *end = text.s + text.n, *at = text.s;
    while ((at = memchr(at + 1, '>', (size_t)(end - at) - 1)))
        if (at + 1 == end || at[1] == ',' || at[1] == ' ')
            return (size_t)(at + 1 - text.s);
    return text.n;
}

static size_t quoted(struct span text)
{
    for (size_t i = 1; i < text.n; i++) {
        if (text.s[i] == '\\')
            i++;
        else if (text.s[i] == '"')
            return i + 1;
    }
    return text.n;
}

static size_t value_bytes(struct span text, const char *separator)
{
    size_t n = 0;
    if (text.n && text.s[0] == '<')
        n = bracketed(text);
    else if (text.n && text.s[0] == '"')
        n = quoted(text);
    struct span rest = span_of(text.s + n, text.n - n);
    const char *end = span_find(rest, separator);
    return end ? n + (size_t)(end - rest.s) : text.n;
}

bool log_next_field(struct span *rest, const char *separator, struct span *name, struct span *value)
{
    while (rest->n && (rest->s[0] == ' ' || rest->s[0] == ','))
        *rest = span_of(rest->s + 1, rest->n - 1);
    size_t n = 0;
    while (n < rest->n && (ascii_is_alnum(rest->s[n]) || rest->s[n] == '_' || rest->s[n] == '-'))
        n++;
    if (!n || n == rest->n || rest->s[n] != '=')
        return false;
    *name = span_of(rest->s, n);
    *rest = span_of(rest->s + n + 1, rest->n - n - 1);
    size_t bytes = value_bytes(*rest, separator);
    *value = span_of(rest->s, bytes);
    *rest = span_of(rest->s + bytes, rest->n - bytes);
    return true;
}

struct span log_field(struct span fields, const char *separator, const char *name)
{
    struct span found, value;
    while (log_next_field(&fields, separator, &found, &value))
        if (span_equal_nocase(found, name))
            return value;
    return (struct span){NULL, 0};
}

struct span log_bare(struct span value)
{
    value = span_trim(value);
    if (value.n >= 2 &&
        ((value.s[0] == '<' && value.s[value.n - 1] == '>') || (value.s[0] == '"' && value.s[value.n - 1] == '"')))
        return span_of(value.s + 1, value.n - 2);
    return value;
}

uint64_t log_number(struct span text)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.n && ascii_is_digit(text.s[i]) && value < UINT64_MAX / 100; i++)
        value = value * 10 + (uint64_t)(text.s[i] - '0');
    return value;
}

static bool may_be_ip(struct span text)
{
    bool digit = false, colon = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (!ascii_is_digit(c) && c != '.' && c != ':' && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'))
            return false;
        digit = digit || ascii_is_digit(c);
        colon = colon || c == ':';
    }
    return digit && (colon || memchr(text.s, '.', text.n)) && (colon || ascii_is_digit(text.s[text.n - 1]));
}

static struct span without_dot(struct span name)
{
    name = span_trim(name);
    if (name.n && name.s[name.n - 1] == '.')
        name.n--;
    return name;
}

/* What is between the first `open` and the first `close` after it. */
static bool inside(struct span text, char open, char close, struct span *before, struct span *in, struct span *after)
{
    const char *from = text.n ? memchr(text.s, open, text.n) : NULL;
    const char *to = from ? memchr(from, close, text.n - (size_t)(from - text.s)) : NULL;
    if (!to)
        return false;
    *before = span_of(text.s, (size_t)(from - text.s));
    *in = span_of(from + 1, (size_t)(to - from) - 1);
    *after = span_of(to + 1, text.n - (size_t)(to + 1 - text.s));
    return true;
}

/* "IPv6:fd00::5", as Sendmail has it (RFC 5321 4.1.3) */
static struct span without_tag(struct span ip)
{
    return span_starts_nocase(ip, "IPv6:") ? span_of(ip.s + 5, ip.n - 5) : ip;
}

void log_host(struct span text, struct span *name, struct span *address, uint64_t *port)
{
    struct span before, in, after;
    text = log_bare(text);
    *name = *address = span_of(NULL, 0);
    *port = 0;
    if (span_equal_nocase(text, "none") || !text.n)
        return;
    if (inside(text, '[', ']', &before, &in, &after)) {
        *name = without_dot(before);
        if (may_be_ip(without_tag(in)))
            *address = without_tag(in);
        if (!name->n) /* "[192.0.2.1] [192.0.2.1]" */
            *name = span_of(in.s - 1, in.n + 2);
        if (after.n && after.s[0] == ':')
            *port = log_number(span_of(after.s + 1, after.n - 1));
    } else if (inside(text, '(', ')', &before, &in, &after)) {
        bool turned = may_be_ip(span_trim(before));
        *name = without_dot(turned ? in : before);
        *address = turned ? span_trim(before) : may_be_ip(in) ? in : span_of(NULL, 0);
    } else {
        *name = without_dot(text);
        if (may_be_ip(*name))
            *address = *name;
    }
}

/* "2d3h4m5s" */
static int64_t by_units(struct span text)
{
    static const char units[] = "wdhms";
    static const int64_t seconds[] = {604800, 86400, 3600, 60, 1};
    int64_t sum = 0;
    for (size_t parts = 0; text.n; parts++) {
        uint64_t value = log_number(text);
        size_t n = 0;
        while (n < text.n && (ascii_is_digit(text.s[n]) || text.s[n] == '.'))
            n++;
        const char *unit = n && n < text.n ? strchr(units, text.s[n]) : NULL;
        if (!unit || !*unit || value > INT32_MAX || parts == COUNT(seconds))
            return -1;
        sum += (int64_t)value * seconds[unit - units];
        text = span_of(text.s + n + 1, text.n - n - 1);
    }
    return sum;
}

/* "1+02:03:04" */
static int64_t by_colons(struct span text)
{
    enum { MOST_COLONS = 2 };
    struct span days = {NULL, 0}, part;
    int64_t sum = 0;
    log_cut(&text, "+", &days);
    for (size_t colons = 0; log_cut(&text, ":", &part); colons++) {
        if (colons == MOST_COLONS)
            return -1;
        sum = sum * 60 + (int64_t)(log_number(part) % 100000);
    }
    sum = sum * 60 + (int64_t)(log_number(text) % 100000);
    return sum + (int64_t)(log_number(days) % 100000) * 86400;
}

int64_t log_duration(struct span text)
{
    if (!text.n || !ascii_is_digit(text.s[0]))
        return -1;
    if (memchr(text.s, ':', text.n))
        return by_colons(text);
    size_t n = 0;
    while (n < text.n && (ascii_is_digit(text.s[n]) || text.s[n] == '.'))
        n++;
    return n == text.n ? (int64_t)(log_number(text) & INT64_MAX) : by_units(text);
}

bool log_is_address(struct span text)
{
    bool quotes = false, at = false;
    for (size_t i = 0; i < text.n; i++) {
        const char c = text.s[i];
        if (c == '"')
            quotes = !quotes;
        else if (quotes && c == '\\')
            i++;
        else if (!quotes && c == ' ')
            return false;
        at |= !quotes && c == '@';
    }
    return at;
}
