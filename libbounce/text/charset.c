/* SPDX-License-Identifier: MIT */
/*
 * charset.c - the names of charsets; see charset.h.
 *
 * In: a charset parameter as a mail has it. Out: how to decode that charset.
 * Refused (CHARSET_UNKNOWN): every name that is neither in the table nor in a
 * numbered family.
 */
#include "text/charset.h"

#include <glib.h>
#include <string.h>

struct alias {
    struct span name; /* lower case, '_' written as '-' */
    enum charset_kind kind;
    bool wide;
    const char *iconv;
};

/* A label that is widely used for a superset is read as the superset: gb2312 as
 * GB18030, Shift_JIS as CP932, EUC-KR as UHC, and so on. */
static const struct alias aliases[] = {
    {SPAN("us-ascii"), CHARSET_ASCII, false, ""},
    {SPAN("ascii"), CHARSET_ASCII, false, ""},
    {SPAN("ansi-x3.4-1968"), CHARSET_ASCII, false, ""},
    {SPAN("646"), CHARSET_ASCII, false, ""},
    {SPAN("7bit"), CHARSET_ASCII, false, ""},
    {SPAN("utf-8"), CHARSET_UTF8, false, ""},
    {SPAN("utf8"), CHARSET_UTF8, false, ""},
    {SPAN("utf8mb4"), CHARSET_UTF8, false, ""},
    {SPAN("unicode-1-1-utf-8"), CHARSET_UTF8, false, ""},
    {SPAN("cp65001"), CHARSET_UTF8, false, ""},
    {SPAN("iso-8859-1"), CHARSET_LATIN, false, ""},
    {SPAN("iso8859-1"), CHARSET_LATIN, false, ""},
    {SPAN("8859-1"), CHARSET_LATIN, false, ""},
    {SPAN("latin1"), CHARSET_LATIN, false, ""},
    {SPAN("latin-1"), CHARSET_LATIN, false, ""},
    {SPAN("l1"), CHARSET_LATIN, false, ""},
    {SPAN("windows-1252"), CHARSET_LATIN, false, ""},
    {SPAN("cp1252"), CHARSET_LATIN, false, ""},
    {SPAN("ansi"), CHARSET_LATIN, false, ""},
    {SPAN("iso-2022-jp"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("iso-2022-jp-ms"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("csiso2022jp"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("cp50220"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("cp50221"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("jis"), CHARSET_JIS, true, "EUC-JP-MS"},
    {SPAN("iso-2022-jp-1"), CHARSET_ICONV, true, "ISO-2022-JP-1"},
    {SPAN("iso-2022-jp-2"), CHARSET_ICONV, true, "ISO-2022-JP-2"},
    {SPAN("iso-2022-jp-3"), CHARSET_ICONV, true, "ISO-2022-JP-3"},
    {SPAN("shift-jis"), CHARSET_ICONV, false, "CP932"},
    {SPAN("shiftjis"), CHARSET_ICONV, false, "CP932"},
    {SPAN("sjis"), CHARSET_ICONV, false, "CP932"},
    {SPAN("x-sjis"), CHARSET_ICONV, false, "CP932"},
    {SPAN("ms-kanji"), CHARSET_ICONV, false, "CP932"},
    {SPAN("windows-31j"), CHARSET_ICONV, false, "CP932"},
    {SPAN("euc-jp"), CHARSET_ICONV, false, "EUC-JP-MS"},
    {SPAN("x-euc-jp"), CHARSET_ICONV, false, "EUC-JP-MS"},
    {SPAN("eucjp"), CHARSET_ICONV, false, "EUC-JP-MS"},
    {SPAN("ujis"), CHARSET_ICONV, false, "EUC-JP-MS"},
    {SPAN("euc-kr"), CHARSET_ICONV, false, "UHC"},
    {SPAN("ks-c-5601-1987"), CHARSET_ICONV, false, "UHC"},
    {SPAN("ks-c-5601"), CHARSET_ICONV, false, "UHC"},
    {SPAN("ksc5601"), CHARSET_ICONV, false, "UHC"},
    {SPAN("windows-949"), CHARSET_ICONV, false, "UHC"},
    {SPAN("uhc"), CHARSET_ICONV, false, "UHC"},
    {SPAN("iso-2022-kr"), CHARSET_ICONV, true, "ISO-2022-KR"},
    {SPAN("iso-2022-cn"), CHARSET_ICONV, true, "ISO-2022-CN"},
    {SPAN("gb2312"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("gb-2312-80"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("gbk"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("x-gbk"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("cp936"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("euc-cn"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("gb18030"), CHARSET_ICONV, false, "GB18030"},
    {SPAN("big5"), CHARSET_ICONV, false, "BIG5"},
    {SPAN("big-5"), CHARSET_ICONV, false, "BIG5"},
    {SPAN("cn-big5"), CHARSET_ICONV, false, "BIG5"},
    {SPAN("x-x-big5"), CHARSET_ICONV, false, "BIG5"},
    {SPAN("cp950"), CHARSET_ICONV, false, "BIG5"},
    {SPAN("big5-hkscs"), CHARSET_ICONV, false, "BIG5-HKSCS"},
    {SPAN("euc-tw"), CHARSET_ICONV, false, "EUC-TW"},
    {SPAN("johab"), CHARSET_ICONV, false, "JOHAB"},
    {SPAN("koi8-r"), CHARSET_ICONV, false, "KOI8-R"},
    {SPAN("koi8-u"), CHARSET_ICONV, false, "KOI8-U"},
    {SPAN("koi8-ru"), CHARSET_ICONV, false, "KOI8-U"},
    {SPAN("koi8r"), CHARSET_ICONV, false, "KOI8-R"},
    {SPAN("tis-620"), CHARSET_ICONV, false, "CP874"},
    {SPAN("tis620"), CHARSET_ICONV, false, "CP874"},
    {SPAN("windows-874"), CHARSET_ICONV, false, "CP874"},
    {SPAN("iso-8859-8-i"), CHARSET_ICONV, false, "ISO-8859-8"},
    {SPAN("iso-8859-8-e"), CHARSET_ICONV, false, "ISO-8859-8"},
    {SPAN("iso-8859-9"), CHARSET_ICONV, false, "CP1254"},
    {SPAN("latin2"), CHARSET_ICONV, false, "ISO-8859-2"},
    {SPAN("latin5"), CHARSET_ICONV, false, "CP1254"},
    {SPAN("latin9"), CHARSET_ICONV, false, "ISO-8859-15"},
    {SPAN("latin-9"), CHARSET_ICONV, false, "ISO-8859-15"},
    {SPAN("viscii"), CHARSET_ICONV, false, "VISCII"},
    {SPAN("tcvn"), CHARSET_ICONV, false, "TCVN"},
    {SPAN("macintosh"), CHARSET_ICONV, false, "MACINTOSH"},
    {SPAN("x-mac-roman"), CHARSET_ICONV, false, "MACINTOSH"},
    {SPAN("x-mac-cyrillic"), CHARSET_ICONV, false, "MAC-CYRILLIC"},
    {SPAN("utf-7"), CHARSET_ICONV, true, "UTF-7"},
    {SPAN("unicode-1-1-utf-7"), CHARSET_ICONV, true, "UTF-7"},
    {SPAN("utf-16"), CHARSET_ICONV, true, "UTF-16"},
    {SPAN("utf-16le"), CHARSET_ICONV, true, "UTF-16LE"},
    {SPAN("utf-16be"), CHARSET_ICONV, true, "UTF-16BE"},
    {SPAN("unicode"), CHARSET_ICONV, true, "UTF-16"},
    {SPAN("utf-32"), CHARSET_ICONV, true, "UTF-32"},
    {SPAN("utf-32le"), CHARSET_ICONV, true, "UTF-32LE"},
    {SPAN("utf-32be"), CHARSET_ICONV, true, "UTF-32BE"},
};

/* Numbered families: the prefix in mail, and iconv's prefix for the same number.
 * EBCDIC is left out: nobody mails it, and ASCII bytes would mean other things. */
static const struct {
    const char *prefix, *iconv;
    const char *numbers; /* all that exist, each between spaces */
} families[] = {
    {"iso-8859-", "ISO-8859-", " 2 3 4 5 6 7 8 10 11 13 14 15 16 "},
    {"iso8859-", "ISO-8859-", " 2 3 4 5 6 7 8 10 11 13 14 15 16 "},
    {"windows-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 932 "},
    {"win-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 "},
    {"cp-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 866 "},
    {"cp", "CP", " 437 737 775 850 852 855 857 862 866 874 932 949 1250 1251 1253 1254 1255 1256 1257 1258 "},
    {"ibm", "IBM", " 437 850 852 855 857 862 866 "},
};

static bool belongs_to_name(char c)
{
    return ascii_is_alnum(c) || c == '-' || (c && strchr(".:+()", c));
}

static bool ends_name(char c)
{
    return !c || strchr("\"';,* \t\r\n", c);
}

/* The name as the table writes it; "" if it is too long or has odd bytes. */
static struct span tidy_name(const char *name, char *out)
{
    struct span s = span_trim(span_z(name));
    while (s.n && strchr("\"'= \t", s.s[0]))
        s.s++, s.n--;
    size_t n = 0;
    for (; n < s.n; n++) {
        char c = s.s[n] == '_' ? '-' : ascii_lower(s.s[n]);
        if (!belongs_to_name(c) || n == CHARSET_NAME_BYTES) {
            n = ends_name(c) ? n : 0;
            break;
        }
        out[n] = c;
    }
    out[n] = '\0';
    return span_of(out, n);
}

static bool find_family(const char *name, struct charset *out)
{
    for (size_t i = 0; i < COUNT(families); i++) {
        size_t prefix = strlen(families[i].prefix);
        if (strncmp(name, families[i].prefix, prefix) != 0)
            continue;
        char number[CHARSET_NAME_BYTES + 3] = " ";
        strcat(strcat(number, name + prefix), " ");
        if (!name[prefix] || !strstr(families[i].numbers, number))
            continue;
        strcat(strcpy(out->iconv, families[i].iconv), name + prefix);
        out->kind = CHARSET_ICONV;
        return true;
    }
    return false;
}

void charset_find(const char *name, struct charset *out)
{
    *out = (struct charset){.kind = CHARSET_NONE};
    if (!name || !span_trim(span_z(name)).n)
        return;
    char tidied[CHARSET_NAME_BYTES + 1];
    const struct span tidy = tidy_name(name, tidied);
    for (size_t i = 0; i < COUNT(aliases); i++) {
        if (span_same_nocase(tidy, aliases[i].name)) {
            out->kind = aliases[i].kind;
            out->wide = aliases[i].wide;
            strcpy(out->iconv, aliases[i].iconv);
            return;
        }
    }
    if (!find_family(tidied, out))
        out->kind = CHARSET_UNKNOWN;
}

/* How many characters of `width` bytes are ASCII, read as big-endian or little-endian. */
static size_t count_ascii(struct span bytes, size_t width, bool little)
{
    size_t count = 0;
    for (size_t i = 0; i + width <= bytes.n; i += width) {
        const size_t low = little ? i : i + width - 1;
        bool others = false;
        for (size_t k = i; k < i + width; k++)
            others |= k != low && bytes.s[k];
        count += !others && bytes.s[low] && (unsigned char)bytes.s[low] < 0x80;
    }
    return count;
}

void charset_settle_order(struct charset *cs, struct span bytes)
{
    const size_t width = strcmp(cs->iconv, "UTF-16") == 0 ? 2 : strcmp(cs->iconv, "UTF-32") == 0 ? 4 : 0;
    static const struct span marks[] = {SPAN("\xff\xfe"), SPAN("\xfe\xff"), SPAN("\0\0\xfe\xff")};
    for (size_t i = 0; width && i < COUNT(marks); i++)
        if (bytes.n >= marks[i].n && memcmp(bytes.s, marks[i].s, marks[i].n) == 0)
            return;
    if (width)
        strcat(cs->iconv, count_ascii(bytes, width, true) > count_ascii(bytes, width, false) ? "LE" : "BE");
}

const struct charset *charset_jis(void)
{
    static const struct charset jis = {.kind = CHARSET_JIS, .wide = true, .iconv = "EUC-JP-MS"};
    return &jis;
}

uint32_t charset_windows_1252(unsigned char byte)
{
    static const uint16_t characters[32] = {
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
    };
    return characters[byte & 0x1f];
}

void charsets_keep(struct charsets_kept *kept, const char *name)
{
    struct charset cs;
    charset_find(name, &cs);
    if (!cs.iconv[0] || kept->count == LIMIT_CHARSETS_KEPT)
        return;
    for (size_t i = 0; i < kept->count; i++)
        if (strcmp(kept->items[i].name, cs.iconv) == 0)
            return;
    GIConv converter = g_iconv_open("UTF-8", cs.iconv);
    if (converter == (GIConv)-1)
        return;
    memcpy(kept->items[kept->count].name, cs.iconv, sizeof cs.iconv);
    kept->items[kept->count++].converter = converter;
}

void charsets_release(struct charsets_kept *kept)
{
    for (size_t i = 0; i < kept->count; i++)
        g_iconv_close(kept->items[i].converter);
    kept->count = 0;
}
