/* SPDX-License-Identifier: MIT */
/* utf8.h - single steps through UTF-8 (RFC 3629 section 4). */
#ifndef BOUNCE_BASE_UTF8_H
#define BOUNCE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static inline bool utf8_is_tail(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Length in bytes of the valid character at p (1 to 4), or 0: overlong forms, surrogates
 * and numbers above U+10FFFF are not valid. n > 0 bytes are readable. */
static inline size_t utf8_valid(const char *p, size_t n)
{
    unsigned char c = (unsigned char)p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4 || n < 2 || !utf8_is_tail(p[1]))
        return 0;
    if (c < 0xe0)
        return 2;
    unsigned char d = (unsigned char)p[1];
    if (n < 3 || !utf8_is_tail(p[2]) || (c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f))
        return 0;
    if (c < 0xf0)
        return 3;
    if (n < 4 || !utf8_is_tail(p[3]) || (c == 0xf0 && d < 0x90) || (c == 0xf4 && d > 0x8f))
        return 0;
    return 4;
}

/* Length in bytes of the broken character at p that one U+FFFD replaces: as many as
 * could begin a valid one (Unicode 3.9, "maximal subpart"), but at least one. */
static inline size_t utf8_broken(const char *p, size_t n)
{
    char copy[4] = {p[0], '\x80', '\x80', '\x80'};
    size_t size = 1;
    for (; size < n && size < 4 && utf8_is_tail(p[size]); size++) {
        copy[size] = p[size];
        if (!utf8_valid(copy, sizeof copy))
            break;
    }
    return size;
}

/* The character at p, which must be valid UTF-8; *size gets its length in bytes. */
static inline uint32_t utf8_get(const char *p, size_t *size)
{
    const unsigned char *u = (const unsigned char *)p;
    if (u[0] < 0x80)
        return *size = 1, u[0];
    if (u[0] < 0xe0)
        return *size = 2, (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
    if (u[0] < 0xf0)
        return *size = 3, (u[0] & 0xfu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
    return *size = 4, (u[0] & 7u) << 18 | (u[1] & 0x3fu) << 12 | (u[2] & 0x3fu) << 6 | (u[3] & 0x3fu);
}

/* The longest length <= limit that splits no character of p. */
static inline size_t utf8_cut(const char *p, size_t n, size_t limit)
{
    if (n <= limit)
        return n;
    while (limit && utf8_is_tail(p[limit]))
        limit--;
    return limit;
}

#endif
