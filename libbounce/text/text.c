/* SPDX-License-Identifier: MIT */
/*
 * text.c - bytes of any charset to UTF-8 (text.h, text_decode).
 *
 * What comes in: bytes, and what their writer called the charset. What goes
 * out: valid UTF-8 with LF line ends, without NUL and without a BOM in front.
 * Nothing is refused. Names are checked against our own list before iconv
 * sees them: it would search its modules on disk for each unknown one, and
 * obey a "//IGNORE" in it. Bytes that fit no charset become U+FFFD.
 */
#include "text/text.h"
#include "base/utf8.h"
#include "text/charset.h"

#include <errno.h>
#include <glib.h>

/* U+0080 to U+009F of windows-1252; 0: not assigned. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/* How many characters beyond ASCII came out, and how many bytes did not fit. */
struct tally {
    size_t good, bad;
};

static struct span decode_windows_1252(struct arena *a, struct span in, struct tally *tally)
{
    struct strbuf out;
    strbuf_init(&out, a);
    strbuf_reserve(&out, in.n + in.n / 8);
    for (size_t i = 0; i < in.n;) {
        size_t run = bytes_ascii(in.s + i, in.n - i);
        strbuf_add(&out, in.s + i, run);
        i += run;
        if (i == in.n)
            break;
        unsigned char c = (unsigned char)in.s[i++];
        uint32_t code = c >= 0xa0 ? c : windows_1252[c - 0x80];
        tally->good += code != 0;
        tally->bad += code == 0;
        strbuf_putu(&out, code ? code : 0xfffd);
    }
    return span_of(out.s, out.n);
}

static struct tally utf8_tally(struct span in)
{
    struct tally tally = {0};
    for (size_t i = 0; i < in.n;) {
        i += bytes_ascii(in.s + i, in.n - i);
        if (i == in.n)
            break;
        size_t size = utf8_valid(in.s + i, in.n - i);
        tally.good += size != 0;
        tally.bad += size == 0;
        i += size ? size : utf8_broken(in.s + i, in.n - i);
    }
    return tally;
}

/* UTF-8 in which some bytes are bad. */
static struct span repair_utf8(struct arena *a, struct span in)
{
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; i < in.n;) {
        size_t size = utf8_valid(in.s + i, in.n - i);
        if (size)
            strbuf_add(&out, in.s + i, size);
        else
            strbuf_puts(&out, UTF8_REPLACEMENT);
        i += size ? size : utf8_broken(in.s + i, in.n - i);
    }
    return span_of(out.s, out.n);
}

static struct span decode_iconv(struct arena *a, struct span in, GIConv converter, struct tally *tally)
{
    struct strbuf out;
    strbuf_init(&out, a);
    char *from = (char *)(uintptr_t)in.s; /* iconv's type lacks the const */
    size_t left = in.n;
    bool flush = false;
    while (left || !flush) {
        strbuf_reserve(&out, left + left / 2 + 64);
        char *to = out.s + out.n;
        size_t room = out.capacity - out.n - 1, room_before = room;
        flush = !left; /* once at the end: UTF-7 and the like hold characters back */
        size_t result =
            flush ? g_iconv(converter, NULL, NULL, &to, &room) : g_iconv(converter, &from, &left, &to, &room);
        out.n += room_before - room;
        out.s[out.n] = '\0';
        if (result != (size_t)-1 || errno == E2BIG)
            continue;
        strbuf_puts(&out, UTF8_REPLACEMENT);
        tally->bad++;
        if (left)
            from++, left--;
    }
    struct tally seen = utf8_tally(span_of(out.s, out.n));
    tally->good = seen.good > tally->bad ? seen.good - tally->bad : 0;
    return span_of(out.s, out.n);
}

/* ISO-2022-JP (RFC 1468) to EUC-JP: iconv's own decoder refuses the vendors'
 * characters that real mail holds, and loses its way after a cut escape. */
static struct span jis_to_euc(struct arena *a, struct span in)
{
    enum { ASCII, KANA, KANJI, KANJI_2 } set = ASCII;
    struct strbuf out;
    strbuf_init(&out, a);
    strbuf_reserve(&out, in.n);
    for (size_t i = 0; i < in.n; i++) {
        struct span rest = span_of(in.s + i, in.n - i);
        char c = in.s[i];
        bool graphic = c > ' ' && c < 0x7f;
        if (span_starts_nocase(rest, "\033(") && rest.n > 2 && strchr("BJIH", rest.s[2]))
            set = rest.s[2] == 'I' ? KANA : ASCII, i += 2;
        else if (span_starts_nocase(rest, "\033$(D"))
            set = KANJI_2, i += 3;
        else if (span_starts_nocase(rest, "\033$") && rest.n > 2 && (rest.s[2] == '@' || rest.s[2] == 'B'))
            set = KANJI, i += 2;
        else if (set == KANA && graphic)
            strbuf_putc(&out, '\x8e'), strbuf_putc(&out, (char)(c | 0x80));
        else if (set >= KANJI && graphic && rest.n > 1 && rest.s[1] > ' ' && rest.s[1] < 0x7f) {
            strbuf_add(&out, "\x8f", set == KANJI_2);
            strbuf_putc(&out, (char)(c | 0x80)), strbuf_putc(&out, (char)(rest.s[1] | 0x80));
            i++;
        } else {
            set = c == '\n' ? ASCII : set; /* every line starts anew */
            strbuf_putc(&out, c);
        }
    }
    return span_of(out.s, out.n);
}

/* False if iconv does not know the charset. */
static bool decode_named(struct arena *a, struct span in, const struct charset *cs, struct span *out,
                         struct tally *tally)
{
    GIConv converter = g_iconv_open("UTF-8", cs->iconv);
    if (converter == (GIConv)-1)
        return false;
    if (cs->kind == CHARSET_JIS)
        in = jis_to_euc(a, in);
    *out = decode_iconv(a, in, converter, tally);
    g_iconv_close(converter);
    return true;
}

static bool has_jis_escapes(struct span in)
{
    return span_find(in, "\033$B") || span_find(in, "\033$@") || span_find(in, "\033(J") || span_find(in, "\033(I");
}

/* The charset is not stated, or wrong: UTF-8, ISO-2022-JP, nearly UTF-8 (a cut
 * character, a byte of another charset in between), or else windows-1252. */
static struct span guess(struct arena *a, struct span in, enum charset_kind *kind, struct tally *tally)
{
    struct tally utf8 = utf8_tally(in);
    *kind = CHARSET_UTF8;
    if (!utf8.bad && !utf8.good && has_jis_escapes(in)) {
        struct span out;
        *kind = CHARSET_JIS;
        if (decode_named(a, in, charset_jis(), &out, tally))
            return out;
        *tally = (struct tally){0};
    }
    if (!utf8.bad || utf8.good > utf8.bad) {
        *tally = utf8;
        *kind = utf8.good || utf8.bad ? CHARSET_UTF8 : CHARSET_ASCII;
        return utf8.bad ? repair_utf8(a, in) : in;
    }
    *kind = CHARSET_LATIN;
    return decode_windows_1252(a, in, tally);
}

/* CRLF and CR become LF. */
static struct span without_returns(struct arena *a, struct span in)
{
    char *out = arena_alloc(a, in.n + 1);
    size_t n = 0;
    for (const char *s = in.s, *end = in.s + in.n; s < end;) {
        const char *cr = memchr(s, '\r', (size_t)(end - s));
        const size_t line = (size_t)((cr ? cr : end) - s);
        memcpy(out + n, s, line);
        n += line;
        s += line + (cr != NULL);
        if (cr && (s == end || *s != '\n'))
            out[n++] = '\n';
    }
    out[n] = '\0';
    return span_of(out, n);
}

/* Lines end with LF, NUL is U+FFFD, a BOM in front goes. */
static struct span tidy_lines(struct arena *a, struct span in, struct tally *tally)
{
    if (in.n >= 3 && memcmp(in.s, "\xEF\xBB\xBF", 3) == 0)
        in.s += 3, in.n -= 3;
    if (!in.n || !memchr(in.s, '\0', in.n))
        return in.n && memchr(in.s, '\r', in.n) ? without_returns(a, in) : in;
    struct strbuf out;
    strbuf_init(&out, a);
    strbuf_reserve(&out, in.n);
    for (size_t i = 0, start = 0; i <= in.n; i++) {
        if (i < in.n && in.s[i] != '\r' && in.s[i] != '\0')
            continue;
        strbuf_add(&out, in.s + start, i - start);
        start = i + 1;
        if (i == in.n)
            break;
        if (in.s[i] == '\0')
            strbuf_puts(&out, UTF8_REPLACEMENT), tally->bad++;
        else if (i + 1 == in.n || in.s[i + 1] != '\n')
            strbuf_putc(&out, '\n');
    }
    return span_of(out.s, out.n);
}

/* What the declared charset makes of the bytes, or the guess if it does not fit. */
static struct span decode(struct arena *a, struct span in, const struct charset *cs, unsigned *flags,
                          struct tally *tally)
{
    struct span out;
    struct charset sjis;
    if (cs->kind == CHARSET_JIS && utf8_tally(in).bad && !has_jis_escapes(in)) { /* the other one of Japan */
        charset_find("shift_jis", &sjis);
        cs = &sjis;
        *flags |= TEXT_BAD_CHARSET;
    }
    if (cs->kind == CHARSET_ICONV || cs->kind == CHARSET_JIS) {
        if (decode_named(a, in, cs, &out, tally)) {
            struct tally utf8 = utf8_tally(in);
            bool is_utf8 = (!utf8.bad && utf8.good) || has_jis_escapes(in);
            if (!tally->bad || (!is_utf8 && tally->good > tally->bad))
                return out;
        }
        *tally = (struct tally){0};
    }
    enum charset_kind kind;
    out = guess(a, in, &kind, tally);
    bool fits = kind == CHARSET_ASCII ? cs->kind != CHARSET_UNKNOWN
                                      : kind == cs->kind || (cs->kind == CHARSET_NONE && kind != CHARSET_LATIN);
    *flags |= fits ? 0 : TEXT_BAD_CHARSET;
    return out;
}

struct span text_decode(struct arena *a, struct span bytes, const char *charset, unsigned *flags)
{
    unsigned seen = 0;
    struct tally tally = {0};
    struct charset cs;
    charset_find(charset, &cs);
    bool plain = !cs.wide && bytes_ascii(bytes.s, bytes.n) == bytes.n && !(bytes.n && memchr(bytes.s, '\033', bytes.n));
    if (!plain)
        bytes = decode(a, bytes, &cs, &seen, &tally);
    else if (cs.kind == CHARSET_UNKNOWN)
        seen = TEXT_BAD_CHARSET;
    bytes = tidy_lines(a, bytes, &tally);
    if (flags)
        *flags |= seen | (tally.bad ? TEXT_BAD_BYTES : 0u);
    return bytes;
}
