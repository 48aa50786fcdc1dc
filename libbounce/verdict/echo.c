/* SPDX-License-Identifier: MIT */
/*
 * echo.c - see echo.h. In: a normal text, and a place in it. Out: the address
 * around the place, if there is one. Nothing is refused.
 */
#include "verdict/echo.h"

#include <string.h>

#include "mail/address_chars.h"

static inline bool is_address_byte(char c)
{
    return c == '@' || address_is_local_byte(c);
}

/* The run of such bytes around i; it is an address if there is an '@' inside. */
static bool address_around(struct span t, size_t i, size_t *begin, size_t *end)
{
    size_t b = i, e = i;
    while (b && is_address_byte(t.s[b - 1]))
        b--;
    while (e < t.n && is_address_byte(t.s[e]))
        e++;
    const char *at = e > b ? memchr(t.s + b, '@', e - b) : NULL;
    *begin = b;
    *end = e;
    return at && at > t.s + b && at + 1 < t.s + e;
}

struct span echo_address_around(struct span text, size_t i)
{
    size_t begin, end;
    if (!address_around(text, i, &begin, &end))
        return span_of(NULL, 0);
    while (begin < end && strchr("'`", text.s[begin]))
        begin++;
    while (end > begin && strchr("'.!?", text.s[end - 1]))
        end--;
    return span_of(text.s + begin, end - begin);
}
