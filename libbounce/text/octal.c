/* SPDX-License-Identifier: MIT */
/*
 * octal.c - see octal.h.
 *
 * In: valid UTF-8. Out: the same, where "\303\253" is the character of these bytes. Left alone: escapes of ASCII, and
 * bytes that are not a whole character of UTF-8.
 */
#include "text/octal.h"
#include "base/utf8.h"

enum { ESCAPE_BYTES = 4, CHARACTER_BYTES = 4 };

/* The byte that "\200" to "\377" at the start of t stands for; 0: there is none. */
static char escaped_byte(struct span t)
{
    if (t.n < ESCAPE_BYTES || t.s[0] != '\\' || t.s[1] < '2' || t.s[1] > '3')
        return '\0';
    unsigned value = 0;
    for (size_t i = 1; i < ESCAPE_BYTES; i++) {
        if (t.s[i] < '0' || t.s[i] > '7')
            return '\0';
        value = value * 8 + (unsigned)(t.s[i] - '0');
    }
    return (char)value;
}

/* Reads the character that is written at the start of t; its length in bytes, or 0. */
static size_t escaped_character(struct span t, char bytes[CHARACTER_BYTES])
{
    size_t n = 0;
    for (; n < CHARACTER_BYTES && (bytes[n] = escaped_byte(t)); n++)
        t = span_of(t.s + ESCAPE_BYTES, t.n - ESCAPE_BYTES);
    return n ? utf8_valid(bytes, n) : 0;
}

struct span text_unescape(struct arena *a, struct span text)
{
    if (!text.n) /* s may be NULL */
        return text;
    const char *end = text.s + text.n, *from = text.s, *at = from;
    struct strbuf b = {0};
    char bytes[CHARACTER_BYTES];
    while (at < end && (at = memchr(at, '\\', (size_t)(end - at)))) {
        const size_t n = escaped_character(span_of(at, (size_t)(end - at)), bytes);
        if (!n) {
            at++;
            continue;
        }
        if (from == text.s)
            strbuf_init(&b, a);
        strbuf_add(&b, from, (size_t)(at - from));
        strbuf_add(&b, bytes, n);
        from = at += n * ESCAPE_BYTES;
    }
    if (from == text.s)
        return text;
    strbuf_add(&b, from, (size_t)(end - from));
    return span_of(b.s, b.n);
}
