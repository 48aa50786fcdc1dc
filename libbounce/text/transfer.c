/* SPDX-License-Identifier: MIT */
/*
 * transfer.c - undoes a Content-Transfer-Encoding (RFC 2045 6, and uuencode as
 * POSIX defines it); see transfer.h.
 *
 * In: the body of a part, and the value of the field. Out: its bytes. Nothing is
 * refused: what does not belong there is skipped (base64) or kept
 * (quoted-printable). Padding in the middle of base64 starts a new run: a gateway
 * may have glued two parts together.
 */
#include "text/transfer.h"

#include <glib.h>
#include <string.h>

/* One run up to its padding; GLib gives no more than whole groups of four, so
 * the last one is filled up. One character alone is not a byte. */
static size_t decode_base64_run(struct span in, char *out)
{
    gint state = 0;
    guint save = 0;
    size_t n = g_base64_decode_step(in.s, in.n, (guchar *)out, &state, &save);
    return state < 2 ? n : n + g_base64_decode_step("==", 4 - (gsize)state, (guchar *)out + n, &state, &save);
}

static struct span decode_base64(struct arena *a, struct span in)
{
    char *out = arena_alloc(a, in.n / 4 * 3 + 6);
    size_t n = 0;
    while (in.n) {
        const char *padding = memchr(in.s, '=', in.n);
        struct span run = span_of(in.s, padding ? (size_t)(padding - in.s) : in.n);
        size_t used = run.n + (padding != NULL);
        n += decode_base64_run(run, out + n);
        in = span_of(in.s + used, in.n - used);
    }
    return span_of(out, n);
}

/* The byte that "=XX" at the start of s stands for, or -1. */
static int escaped_byte(struct span s)
{
    if (s.n < 3 || s.s[0] != '=' || !g_ascii_isxdigit(s.s[1]) || !g_ascii_isxdigit(s.s[2]))
        return -1;
    return g_ascii_xdigit_value(s.s[1]) * 16 + g_ascii_xdigit_value(s.s[2]);
}

/* Decodes a line without its line end. True if a soft line break ends it. */
static bool decode_quoted_line(struct span line, struct strbuf *out)
{
    while (line.n && (line.s[line.n - 1] == ' ' || line.s[line.n - 1] == '\t')) /* RFC 2045 6.7 (3): added on the way */
        line.n--;
    bool soft = line.n && line.s[line.n - 1] == '=';
    line.n -= soft;
    for (size_t i = 0; i < line.n;) {
        const char *escape = memchr(line.s + i, '=', line.n - i);
        size_t plain = escape ? (size_t)(escape - line.s) - i : line.n - i;
        strbuf_add(out, line.s + i, plain);
        i += plain;
        if (i == line.n)
            break;
        int byte = escaped_byte(span_of(line.s + i, line.n - i));
        strbuf_putc(out, byte < 0 ? line.s[i] : (char)byte);
        i += byte < 0 ? 1 : 3;
    }
    return soft;
}

static struct span decode_quoted_printable(struct arena *a, struct span in)
{
    struct strbuf out;
    strbuf_init(&out, a);
    strbuf_reserve(&out, in.n);
    struct span line;
    while (in.n) {
        span_next_line(&in, &line);
        const char *end = line.s + line.n; /* a line end is kept as it is */
        if (!decode_quoted_line(line, &out))
            strbuf_add(&out, end, (size_t)(in.s - end));
    }
    return span_of(out.s, out.n);
}

/* The Q encoding of RFC 2047: no lines, and spaces at the end count. */
static struct span decode_q(struct arena *a, struct span in)
{
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; i < in.n;) {
        int byte = escaped_byte(span_of(in.s + i, in.n - i));
        strbuf_putc(&out, byte < 0 ? in.s[i] : (char)byte);
        i += byte < 0 ? 1 : 3;
    }
    return span_of(out.s, out.n);
}

static uint32_t uu_value(struct span line, size_t i)
{
    return i < line.n ? ((uint32_t)(unsigned char)line.s[i] - ' ') & 0x3fu
                      : 0; /* spaces lost at the end of a line are 0 */
}

static void decode_uu_line(struct span line, struct strbuf *out)
{
    size_t left = uu_value(line, 0);
    for (size_t i = 1; left && i < line.n; i += 4) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 4; k++)
            bits = bits << 6 | uu_value(line, i + k);
        char bytes[3] = {(char)(bits >> 16 & 0xffu), (char)(bits >> 8 & 0xffu), (char)(bits & 0xffu)};
        size_t n = left < 3 ? left : 3;
        strbuf_add(out, bytes, n);
        left -= n;
    }
}

/* "begin 644 name" */
static bool is_uu_begin(struct span line)
{
    return span_starts_nocase(line, "begin ") && line.n > 9 && ascii_is_digit(line.s[6]) && ascii_is_digit(line.s[7]) &&
           ascii_is_digit(line.s[8]);
}

static struct span decode_uuencode(struct arena *a, struct span in)
{
    struct span line, rest = in;
    do {
        if (!span_next_line(&rest, &line))
            return in; /* not encoded after all */
    } while (!is_uu_begin(line));
    struct strbuf out;
    strbuf_init(&out, a);
    while (span_next_line(&rest, &line) && !span_equal_nocase(span_trim(line), "end"))
        decode_uu_line(line, &out);
    return span_of(out.s, out.n);
}

struct span text_decode_transfer(struct arena *a, struct span bytes, const char *encoding)
{
    struct span name = span_trim(span_z(encoding));
    while (name.n && strchr("\"';", name.s[0]))
        name.s++, name.n--;
    size_t n = 0;
    while (n < name.n && (ascii_is_alnum(name.s[n]) || name.s[n] == '-'))
        n++;
    name.n = n;
    if (span_equal_nocase(name, "base64"))
        return decode_base64(a, bytes);
    if (span_equal_nocase(name, "quoted-printable") || span_equal_nocase(name, "quotedprintable"))
        return decode_quoted_printable(a, bytes);
    if (span_equal_nocase(name, "q"))
        return decode_q(a, bytes);
    if (span_equal_nocase(name, "x-uuencode") || span_equal_nocase(name, "uuencode") ||
        span_equal_nocase(name, "x-uue") || span_equal_nocase(name, "uue"))
        return decode_uuencode(a, bytes);
    return bytes;
}
