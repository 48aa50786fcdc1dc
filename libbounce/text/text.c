/* SPDX-License-Identifier: MIT */
/*
 * text.c - bytes of any charset to UTF-8; see text.h.
 *
 * In: bytes, and the name that their writer gave the charset. Out: valid UTF-8
 * with LF line ends, without NUL and without a BOM at the front. Nothing is
 * refused: bytes that fit no charset become U+FFFD. iconv sees only names from
 * our own list: it would search its modules on disk for any other, and obey a
 * "//IGNORE" in it.
 */
#include "text/text.h"
#include "base/utf8.h"
#include "text/charset.h"

#include <errno.h>
#include <glib.h>

/* How many characters beyond ASCII were decoded, and how many bytes did not fit. */
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
        uint32_t code = c >= 0xa0 ? c : charset_windows_1252(c);
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

/* Replaces the bad bytes of UTF-8. */
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
        flush = !left; /* once, at the end: UTF-7 and the like hold characters back */
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

/* The character set that an escape sequence of ISO-2022-JP has selected (RFC 1468). */
enum jis_set { JIS_ASCII, JIS_KANA, JIS_KANJI, JIS_KANJI_2 };

/* Length of the escape sequence at the start of s, which selects *set; 0 if there is none. */
static size_t read_jis_escape(struct span s, enum jis_set *set)
{
    if (span_starts_nocase(s, "\033(") && s.n > 2 && strchr("BJIH", s.s[2])) {
        *set = s.s[2] == 'I' ? JIS_KANA : JIS_ASCII;
        return 3;
    }
    if (span_starts_nocase(s, "\033$(D")) {
        *set = JIS_KANJI_2;
        return 4;
    }
    if (span_starts_nocase(s, "\033$") && s.n > 2 && (s.s[2] == '@' || s.s[2] == 'B')) {
        *set = JIS_KANJI;
        return 3;
    }
    return 0;
}

static bool is_jis_byte(char c)
{
    return c > ' ' && c < 0x7f;
}

/* Adds the character at the start of s in EUC-JP, and returns its length in s. */
static size_t add_jis_character(struct strbuf *out, struct span s, enum jis_set *set)
{
    if (*set == JIS_KANA && is_jis_byte(s.s[0])) {
        strbuf_putc(out, '\x8e');
        strbuf_putc(out, (char)(s.s[0] | 0x80));
        return 1;
    }
    if (*set >= JIS_KANJI && s.n > 1 && is_jis_byte(s.s[0]) && is_jis_byte(s.s[1])) {
        strbuf_add(out, "\x8f", *set == JIS_KANJI_2);
        strbuf_putc(out, (char)(s.s[0] | 0x80));
        strbuf_putc(out, (char)(s.s[1] | 0x80));
        return 2;
    }
    if (s.s[0] == '\n') /* each line starts in ASCII */
        *set = JIS_ASCII;
    strbuf_putc(out, s.s[0]);
    return 1;
}

/* ISO-2022-JP to EUC-JP: iconv's own decoder rejects the vendors' characters that
 * real mail contains, and loses its way after a broken escape sequence. */
static struct span jis_to_euc(struct arena *a, struct span in)
{
    enum jis_set set = JIS_ASCII;
    struct strbuf out;
    strbuf_init(&out, a);
    strbuf_reserve(&out, in.n);
    for (size_t i = 0, size; i < in.n; i += size) {
        struct span rest = span_of(in.s + i, in.n - i);
        size = read_jis_escape(rest, &set);
        if (!size)
            size = add_jis_character(&out, rest, &set);
    }
    return span_of(out.s, out.n);
}

static void close_converter(void *converter)
{
    g_iconv_close(converter);
}

/* False if iconv does not know the charset. */
static bool decode_named(struct arena *a, struct span in, const struct charset *cs, struct span *out,
                         struct tally *tally)
{
    struct charset settled = *cs;
    charset_settle_order(&settled, in);
    GIConv converter = g_iconv_open("UTF-8", settled.iconv);
    if (converter == (GIConv)-1)
        return false;
    arena_exit_hold(a->exit, converter, close_converter);
    if (cs->kind == CHARSET_JIS)
        in = jis_to_euc(a, in);
    *out = decode_iconv(a, in, converter, tally);
    arena_exit_let_go(a->exit);
    g_iconv_close(converter);
    return true;
}

static bool has_jis_escapes(struct span in)
{
    return span_find(in, "\033$B") || span_find(in, "\033$@") || span_find(in, "\033(J") || span_find(in, "\033(I");
}

/* For a charset that is not stated, or wrong: UTF-8, ISO-2022-JP, nearly UTF-8 (with
 * a broken character, or a byte of another charset), or else windows-1252. */
static struct span decode_by_guess(struct arena *a, struct span in, enum charset_kind *kind, struct tally *tally)
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

/* Makes line ends LF and NUL U+FFFD, and drops a BOM at the front. */
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

/* Decodes by the declared charset, or by a guess if that does not fit. */
static struct span decode_declared(struct arena *a, struct span in, const struct charset *cs, unsigned *flags,
                                   struct tally *tally)
{
    struct span out;
    struct charset sjis;
    if (cs->kind == CHARSET_JIS && utf8_tally(in).bad &&
        !has_jis_escapes(in)) { /* mislabelled: the other one of Japan */
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
    out = decode_by_guess(a, in, &kind, tally);
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
        bytes = decode_declared(a, bytes, &cs, &seen, &tally);
    else if (cs.kind == CHARSET_UNKNOWN)
        seen = TEXT_BAD_CHARSET;
    bytes = tidy_lines(a, bytes, &tally);
    if (flags)
        *flags |= seen | (tally.bad ? TEXT_BAD_BYTES : 0u);
    return bytes;
}
