/* SPDX-License-Identifier: MIT */
/*
 * cfws.c - see cfws.h.
 *
 * In: the value of a structured field. Out: how long the comment or quoted string at its start is. Comments nest, and a
 * backslash quotes the byte after it (RFC 5322 3.2.1), which then neither opens nor closes anything. Refused:
 * unfinished ones.
 */
#include "mail/cfws.h"

size_t comment_length(struct span s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\\')
            i++;
        else if (s.s[i] == '(')
            depth++;
        else if (s.s[i] == ')' && depth && --depth == 0)
            return i + 1;
        if (!depth)
            return 0;
    }
    return 0;
}

size_t quoted_length(struct span s)
{
    for (size_t i = 1; i < s.n && s.s[0] == '"'; i++) {
        if (s.s[i] == '\\')
            i++;
        else if (s.s[i] == '"')
            return i + 1;
    }
    return 0;
}

struct span skip_cfws(struct span s)
{
    while (s.n) {
        const size_t n = ascii_is_space(s.s[0]) ? 1 : comment_length(s);
        if (!n)
            break;
        s = span_of(s.s + n, s.n - n);
    }
    return s;
}
