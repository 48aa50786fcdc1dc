/* SPDX-License-Identifier: MIT */
/*
 * echo.c - see echo.h. In: a normal text. Out: whether a part of it is an
 * address, and the text without the words of its addresses. One pass each.
 */
#include "verdict/echo.h"

#include <string.h>

/* What can be in an address without quotes (RFC 5322 3.2.3, RFC 6531). */
static bool is_address_byte(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || (c && strchr(".!#$%&'*+-/=?^_`{|}~@", c));
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

bool echo_is_in_address(const struct norm_text *t, size_t start, size_t length)
{
    size_t begin, end;
    if (!length || memchr(t->text + start, '@', length))
        return false;
    return address_around(span_of(t->text, t->length), start, &begin, &end) && start + length <= end;
}

static char *mask(struct arena *a, struct span t, size_t padding)
{
    char *copy = arena_alloc(a, t.n + padding);
    memcpy(copy, t.s, t.n);
    memset(copy + t.n, 0, padding);
    for (size_t i = 0, begin, end; i < t.n; i++) {
        const char *at = memchr(t.s + i, '@', t.n - i);
        if (!at)
            break;
        i = (size_t)(at - t.s);
        if (!address_around(t, i, &begin, &end))
            continue;
        for (size_t k = begin; k < end; k++)
            if (ascii_is_alnum(copy[k]))
                copy[k] = 'x';
        i = end;
    }
    return copy;
}

struct norm_text echo_mask(struct arena *a, const struct norm_text *t)
{
    struct norm_text masked = *t;
    masked.text = mask(a, span_of(t->text, t->length), 1);
    masked.folded = mask(a, span_of(t->folded, t->folded_length), NORM_PADDING_BYTES);
    return masked;
}
