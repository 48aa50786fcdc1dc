/* SPDX-License-Identifier: MIT */
/*
 * echo.c - see echo.h. In: a normal text. Out: whether a part of it is an
 * address or another name, and the text without the words of its names. One pass each.
 */
#include "verdict/echo.h"

#include <string.h>

/* What can be in an address without quotes (RFC 5322 3.2.3, RFC 6531). */
static inline bool is_address_byte(char c)
{
    // clang-format off
    switch (c) {
    case '.': case '!': case '#': case '$': case '%': case '&': case '\'': case '*': case '+': case '-':
    case '/': case '=': case '?': case '^': case '_': case '`': case '{': case '|': case '}': case '~': case '@':
        return true;
    default: return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
    }
    // clang-format on
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

/* "account-disabled.zip", "no-such-user.example.net", "//example.net/user-unknown": a file, a host, a path. */
static bool is_name(struct span run)
{
    bool has_dot = false, has_joint = false;
    for (size_t i = 0; i < run.n; i++) {
        has_joint |= run.s[i] == '-' || run.s[i] == '_' || run.s[i] == '/';
        has_dot |= run.s[i] == '.' && i + 1 < run.n && ascii_is_alpha(run.s[i + 1]);
    }
    return has_dot && has_joint;
}

/* Words that are joined, as in names; not those after a full stop without a space. */
static bool is_joined(struct span t, size_t start, size_t end)
{
    if ((start && strchr("-_", t.s[start - 1])) || (end < t.n && strchr("-_", t.s[end])))
        return true;
    for (size_t i = start; i < end; i++)
        if (strchr("-_", t.s[i]))
            return true;
    return false;
}

bool echo_is_in_name(const struct norm_text *t, size_t start, size_t length)
{
    size_t begin, end;
    const struct span text = span_of(t->text, t->length);
    if (!length || memchr(t->text + start, '@', length))
        return false;
    bool in_address = address_around(text, start, &begin, &end);
    if (start + length > end)
        return false;
    return in_address || (is_joined(text, start, start + length) && is_name(span_of(t->text + begin, end - begin)));
}

static char *mask(struct arena *a, struct span t, size_t padding)
{
    char *copy = arena_alloc(a, t.n + padding);
    memcpy(copy, t.s, t.n);
    memset(copy + t.n, 0, padding);
    for (size_t i = 0, begin, end; i < t.n; i = end + 1) {
        bool address = address_around(t, i, &begin, &end);
        if (!address && !is_name(span_of(t.s + begin, end - begin)))
            continue;
        for (size_t k = begin; k < end; k++)
            if (ascii_is_alnum(copy[k]))
                copy[k] = 'x';
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
