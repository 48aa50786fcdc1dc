/* SPDX-License-Identifier: MIT */
/*
 * enhanced.c - enhanced status codes; see enhanced.h.
 *
 * In: a text that may begin with a code, or a code. Out: the code, or its text.
 * Refused: addresses, versions and other numbers that only look like a code.
 */
#include "smtp/enhanced.h"

/* A number of one to three digits at *i, which moves to its end. */
static inline bool read_digits(struct span s, size_t *i, unsigned *number)
{
    size_t first = *i, end = s.n - first < 3 ? s.n : first + 3;
    *number = 0;
    for (; *i < end && ascii_is_digit(s.s[*i]); ++*i)
        *number = *number * 10 + (unsigned)(s.s[*i] - '0');
    return *i > first;
}

bool enhanced_parse(struct span s, struct enhanced *out, size_t *used)
{
    size_t i = 2;
    unsigned subject, detail;
    if (s.n < 5 || s.s[1] != '.' || (s.s[0] != '2' && s.s[0] != '4' && s.s[0] != '5'))
        return false;
    if (!read_digits(s, &i, &subject) || i == s.n || s.s[i++] != '.' || !read_digits(s, &i, &detail))
        return false;
    /* 5.1.1.7 is an address or a version, 5.1.1000 is nothing. */
    if (i < s.n && (ascii_is_digit(s.s[i]) || (s.s[i] == '.' && i + 1 < s.n && ascii_is_digit(s.s[i + 1]))))
        return false;
    if (subject > 9) /* 0 to 7 are registered; some MTAs invent 8 and 9 */
        return false;
    *out = (struct enhanced){(uint16_t)(s.s[0] - '0'), (uint16_t)subject, (uint16_t)detail};
    if (used)
        *used = i;
    return true;
}

bool enhanced_is_generic(struct enhanced e)
{
    return e.subject == 0 && e.detail == 0;
}

static char *put_long_number(char *at, unsigned number)
{
    if (number >= 10)
        at = put_long_number(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

/* Nearly all numbers have one digit. */
static inline char *put_number(char *at, unsigned number)
{
    if (number >= 10)
        return put_long_number(at, number);
    *at = (char)('0' + number);
    return at + 1;
}

char *enhanced_format(struct arena *a, struct enhanced e)
{
    char *text = arena_alloc(a, 3 * sizeof "65535"), *at = text;
    at = put_number(at, e.class_);
    *at++ = '.';
    at = put_number(at, e.subject);
    *at++ = '.';
    at = put_number(at, e.detail);
    *at = '\0';
    return text;
}
