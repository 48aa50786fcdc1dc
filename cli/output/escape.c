/* SPDX-License-Identifier: MIT */
/*
 * escape.c - text from mails, made safe to print.
 *
 * In: any bytes, as a rule UTF-8. Out: the same text without the characters
 * that could steer a terminal or reorder what it shows: C0, DEL, C1,
 * bidirectional controls, line and paragraph separators and other invisible
 * marks are written as \xHH or \uHHHH, and so are bytes that are not UTF-8
 * (RFC 3629). Nothing is refused.
 */
#include "output/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of the UTF-8 character that begins with c; 0: c begins none. */
static size_t utf8_bytes(unsigned char c)
{
    return c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
}

/* The character at s, and its bytes in *size. A byte that begins no UTF-8 character is UINT32_MAX of size 1. */
static uint32_t decode(const char *s, size_t n, size_t *size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)s[0];
    size_t bytes = utf8_bytes(c);
    *size = 1;
    if (bytes == 1)
        return c;
    if (bytes == 0 || bytes > n)
        return UINT32_MAX;
    uint32_t u = c & (0xffu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++) {
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return UINT32_MAX;
        u = u << 6 | ((unsigned char)s[i] & 0x3f);
    }
    if (u < least[bytes] || u > 0x10ffff || (u >= 0xd800 && u < 0xe000))
        return UINT32_MAX;
    *size = bytes;
    return u;
}

struct char_range {
    uint32_t first, last;
};

static bool is_in(const struct char_range *ranges, size_t count, uint32_t u)
{
    for (size_t i = 0; i < count; i++)
        if (u >= ranges[i].first && u <= ranges[i].last)
            return true;
    return false;
}

#define IS_IN(ranges, u) is_in((ranges), sizeof(ranges) / sizeof *(ranges), (u))

static bool is_unsafe(uint32_t u)
{
    static const struct char_range unsafe[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},     {0x61c, 0x61c},   {0x115f, 0x1160},
        {0x17b4, 0x17b5}, {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
    };
    return IS_IN(unsafe, u);
}

/* Columns on a terminal, accurate enough to cut a line: 0 for combining marks, 2 for East Asian wide characters and
 * pictographs. */
static size_t width_of(uint32_t u)
{
    static const struct char_range combining[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
        {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    };
    static const struct char_range wide[] = {
        {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},
        {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
    };
    if (u < 0x300)
        return 1;
    return IS_IN(combining, u) ? 0 : IS_IN(wide, u) ? 2 : 1;
}

enum { SHOWN_BYTES = 12 };

/* One column wide. */
#define ELLIPSIS "\u2026"

/* Escapes one character; returns its columns. */
static size_t show(const char *s, size_t size, uint32_t u, char shown[SHOWN_BYTES])
{
    if (u == UINT32_MAX)
        return (size_t)snprintf(shown, SHOWN_BYTES, "\\x%02x", (unsigned)(unsigned char)s[0]);
    if (is_unsafe(u))
        return (size_t)snprintf(shown, SHOWN_BYTES, u < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)u);
    memcpy(shown, s, size);
    shown[size] = '\0';
    return width_of(u);
}

static bool is_white(uint32_t u)
{
    return u == ' ' || u == '\t' || u == '\n' || u == '\r';
}

/* True if s (n bytes) fits into that many columns. Reads no further than necessary. */
static bool fits(const char *s, size_t n, size_t columns)
{
    char shown[SHOWN_BYTES];
    for (size_t i = 0, size; i < n; i += size) {
        uint32_t u = decode(s + i, n - i, &size);
        size_t width = is_white(u) ? 1 : show(s + i, size, u, shown);
        if (width > columns)
            return false;
        columns -= width;
    }
    return true;
}

/* White space as the mode writes it; NULL if nothing is written for it. */
static const char *show_white(uint32_t u, enum escape_mode mode, bool after_white)
{
    if (mode == ESCAPE_QUOTED)
        return u == '\n' ? "\n" : u == '\t' ? "\t" : u == '\r' ? "\r" : " ";
    return after_white ? NULL : " ";
}

/* Writes s (n bytes) up to the last character that ends within `most` columns; returns the columns used. */
static size_t write_escaped(struct output *o, const char *s, size_t n, enum escape_mode mode, size_t most)
{
    size_t columns = 0;
    bool after_white = false;
    for (size_t i = 0, size; i < n; i += size) {
        char shown[SHOWN_BYTES];
        const char *text = shown;
        uint32_t u = decode(s + i, n - i, &size);
        size_t width = is_white(u) ? 1 : show(s + i, size, u, shown);
        if (is_white(u))
            text = show_white(u, mode, after_white);
        else if (u == '"' && mode == ESCAPE_QUOTED)
            text = "\"\"";
        after_white = is_white(u);
        if (!text)
            continue;
        if (columns + width > most)
            break;
        output_puts(o, text);
        columns += width;
    }
    return columns;
}

size_t output_escaped(struct output *o, const char *s, enum escape_mode mode, size_t max_columns)
{
    size_t n = strlen(s);
    if (max_columns == 0 || fits(s, n, max_columns))
        return write_escaped(o, s, n, mode, SIZE_MAX);
    size_t columns = write_escaped(o, s, n, mode, max_columns - 1);
    output_puts(o, ELLIPSIS);
    return columns + 1;
}

size_t output_escaped_end(struct output *o, const char *s, size_t max_columns)
{
    size_t n = strlen(s), start = 0;
    if (max_columns == 0 || fits(s, n, max_columns))
        return write_escaped(o, s, n, ESCAPE_ONE_LINE, SIZE_MAX);
    while (start < n && !fits(s + start, n - start, max_columns - 1))
        do
            start++;
        while (start < n && ((unsigned char)s[start] & 0xc0) == 0x80);
    output_puts(o, ELLIPSIS);
    return 1 + write_escaped(o, s + start, n - start, ESCAPE_ONE_LINE, SIZE_MAX);
}

size_t escaped_width(const char *s)
{
    char shown[SHOWN_BYTES];
    size_t n = strlen(s), width = 0;
    for (size_t i = 0, size; i < n; i += size) {
        uint32_t u = decode(s + i, n - i, &size);
        width += is_white(u) ? 1 : show(s + i, size, u, shown);
    }
    return width;
}

bool escaped_fits(const char *s, size_t columns)
{
    return fits(s, strlen(s), columns);
}
