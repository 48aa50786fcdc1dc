/* SPDX-License-Identifier: MIT */
/*
 * text_charset.c - see text_charset.h. What comes in: a charset parameter as
 * it stands. What goes out: how to decode it. Refused (CHARSET_UNKNOWN): every
 * name that is not in the table and not one of a known numbered family.
 */
#include "text_charset.h"

#include <string.h>

struct alias {
    const char *name; /* lower case, '_' written as '-' */
    enum charset_kind kind;
    bool wide;
    const char *iconv;
};

/* Where a label is in wide use for a superset, the superset is read: gb2312 as
 * GB18030, Shift_JIS as CP932, EUC-KR as UHC, and so on. */
static const struct alias aliases[] = {
    {"us-ascii", CHARSET_ASCII, false, ""},
    {"ascii", CHARSET_ASCII, false, ""},
    {"ansi-x3.4-1968", CHARSET_ASCII, false, ""},
    {"646", CHARSET_ASCII, false, ""},
    {"7bit", CHARSET_ASCII, false, ""},
    {"utf-8", CHARSET_UTF8, false, ""},
    {"utf8", CHARSET_UTF8, false, ""},
    {"utf8mb4", CHARSET_UTF8, false, ""},
    {"unicode-1-1-utf-8", CHARSET_UTF8, false, ""},
    {"cp65001", CHARSET_UTF8, false, ""},
    {"iso-8859-1", CHARSET_LATIN, false, ""},
    {"iso8859-1", CHARSET_LATIN, false, ""},
    {"8859-1", CHARSET_LATIN, false, ""},
    {"latin1", CHARSET_LATIN, false, ""},
    {"latin-1", CHARSET_LATIN, false, ""},
    {"l1", CHARSET_LATIN, false, ""},
    {"windows-1252", CHARSET_LATIN, false, ""},
    {"cp1252", CHARSET_LATIN, false, ""},
    {"ansi", CHARSET_LATIN, false, ""},
    {"iso-2022-jp", CHARSET_JIS, true, "EUC-JP-MS"},
    {"iso-2022-jp-ms", CHARSET_JIS, true, "EUC-JP-MS"},
    {"csiso2022jp", CHARSET_JIS, true, "EUC-JP-MS"},
    {"cp50220", CHARSET_JIS, true, "EUC-JP-MS"},
    {"cp50221", CHARSET_JIS, true, "EUC-JP-MS"},
    {"jis", CHARSET_JIS, true, "EUC-JP-MS"},
    {"iso-2022-jp-1", CHARSET_ICONV, true, "ISO-2022-JP-1"},
    {"iso-2022-jp-2", CHARSET_ICONV, true, "ISO-2022-JP-2"},
    {"iso-2022-jp-3", CHARSET_ICONV, true, "ISO-2022-JP-3"},
    {"shift-jis", CHARSET_ICONV, false, "CP932"},
    {"shiftjis", CHARSET_ICONV, false, "CP932"},
    {"sjis", CHARSET_ICONV, false, "CP932"},
    {"x-sjis", CHARSET_ICONV, false, "CP932"},
    {"ms-kanji", CHARSET_ICONV, false, "CP932"},
    {"windows-31j", CHARSET_ICONV, false, "CP932"},
    {"euc-jp", CHARSET_ICONV, false, "EUC-JP-MS"},
    {"x-euc-jp", CHARSET_ICONV, false, "EUC-JP-MS"},
    {"eucjp", CHARSET_ICONV, false, "EUC-JP-MS"},
    {"ujis", CHARSET_ICONV, false, "EUC-JP-MS"},
    {"euc-kr", CHARSET_ICONV, false, "UHC"},
    {"ks-c-5601-1987", CHARSET_ICONV, false, "UHC"},
    {"ks-c-5601", CHARSET_ICONV, false, "UHC"},
    {"ksc5601", CHARSET_ICONV, false, "UHC"},
    {"windows-949", CHARSET_ICONV, false, "UHC"},
    {"uhc", CHARSET_ICONV, false, "UHC"},
    {"iso-2022-kr", CHARSET_ICONV, true, "ISO-2022-KR"},
    {"iso-2022-cn", CHARSET_ICONV, true, "ISO-2022-CN"},
    {"gb2312", CHARSET_ICONV, false, "GB18030"},
    {"gb-2312-80", CHARSET_ICONV, false, "GB18030"},
    {"gbk", CHARSET_ICONV, false, "GB18030"},
    {"x-gbk", CHARSET_ICONV, false, "GB18030"},
    {"cp936", CHARSET_ICONV, false, "GB18030"},
    {"euc-cn", CHARSET_ICONV, false, "GB18030"},
    {"gb18030", CHARSET_ICONV, false, "GB18030"},
    {"big5", CHARSET_ICONV, false, "BIG5"},
    {"big-5", CHARSET_ICONV, false, "BIG5"},
    {"cn-big5", CHARSET_ICONV, false, "BIG5"},
    {"x-x-big5", CHARSET_ICONV, false, "BIG5"},
    {"cp950", CHARSET_ICONV, false, "BIG5"},
    {"big5-hkscs", CHARSET_ICONV, false, "BIG5-HKSCS"},
    {"euc-tw", CHARSET_ICONV, false, "EUC-TW"},
    {"johab", CHARSET_ICONV, false, "JOHAB"},
    {"koi8-r", CHARSET_ICONV, false, "KOI8-R"},
    {"koi8-u", CHARSET_ICONV, false, "KOI8-U"},
    {"koi8-ru", CHARSET_ICONV, false, "KOI8-U"},
    {"koi8r", CHARSET_ICONV, false, "KOI8-R"},
    {"tis-620", CHARSET_ICONV, false, "CP874"},
    {"tis620", CHARSET_ICONV, false, "CP874"},
    {"windows-874", CHARSET_ICONV, false, "CP874"},
    {"iso-8859-8-i", CHARSET_ICONV, false, "ISO-8859-8"},
    {"iso-8859-8-e", CHARSET_ICONV, false, "ISO-8859-8"},
    {"iso-8859-9", CHARSET_ICONV, false, "CP1254"},
    {"latin2", CHARSET_ICONV, false, "ISO-8859-2"},
    {"latin5", CHARSET_ICONV, false, "CP1254"},
    {"latin9", CHARSET_ICONV, false, "ISO-8859-15"},
    {"latin-9", CHARSET_ICONV, false, "ISO-8859-15"},
    {"viscii", CHARSET_ICONV, false, "VISCII"},
    {"tcvn", CHARSET_ICONV, false, "TCVN"},
    {"macintosh", CHARSET_ICONV, false, "MACINTOSH"},
    {"x-mac-roman", CHARSET_ICONV, false, "MACINTOSH"},
    {"x-mac-cyrillic", CHARSET_ICONV, false, "MAC-CYRILLIC"},
    {"utf-7", CHARSET_ICONV, true, "UTF-7"},
    {"unicode-1-1-utf-7", CHARSET_ICONV, true, "UTF-7"},
    {"utf-16", CHARSET_ICONV, true, "UTF-16"},
    {"utf-16le", CHARSET_ICONV, true, "UTF-16LE"},
    {"utf-16be", CHARSET_ICONV, true, "UTF-16BE"},
    {"unicode", CHARSET_ICONV, true, "UTF-16"},
    {"utf-32", CHARSET_ICONV, true, "UTF-32"},
    {"utf-32le", CHARSET_ICONV, true, "UTF-32LE"},
    {"utf-32be", CHARSET_ICONV, true, "UTF-32BE"},
};

/* Numbered families: the prefix in mail, and before the same number in iconv.
 * EBCDIC stays out: nobody mails it, and ASCII bytes would mean other things. */
static const struct {
    const char *prefix, *iconv;
    const char *numbers; /* those that exist, each between spaces */
} families[] = {
    {"iso-8859-", "ISO-8859-", " 2 3 4 5 6 7 8 10 11 13 14 15 16 "},
    {"iso8859-", "ISO-8859-", " 2 3 4 5 6 7 8 10 11 13 14 15 16 "},
    {"windows-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 932 "},
    {"win-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 "},
    {"cp-", "CP", " 1250 1251 1253 1254 1255 1256 1257 1258 866 "},
    {"cp", "CP", " 437 737 775 850 852 855 857 862 866 874 932 949 1250 1251 1253 1254 1255 1256 1257 1258 "},
    {"ibm", "IBM", " 437 850 852 855 857 862 866 "},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The name in the form of the table; "" if it is too long or has odd bytes. */
static void tidy_name(const char *name, char *out)
{
    struct span s = span_trim(span_z(name));
    while (s.n && strchr("\"'= \t", s.s[0]))
        s.s++, s.n--;
    size_t n = 0;
    for (; n < s.n && !strchr("\"';,* \t\r\n", s.s[n]); n++) {
        char c = s.s[n] == '_' ? '-' : ascii_lower(s.s[n]);
        if (n == CHARSET_NAME_BYTES || !(ascii_is_alnum(c) || strchr("-.:+()", c))) {
            n = 0;
            break;
        }
        out[n] = c;
    }
    out[n] = '\0';
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
    tidy_name(name, tidied);
    for (size_t i = 0; i < COUNT(aliases); i++) {
        if (strcmp(tidied, aliases[i].name) == 0) {
            out->kind = aliases[i].kind;
            out->wide = aliases[i].wide;
            strcpy(out->iconv, aliases[i].iconv);
            return;
        }
    }
    if (!find_family(tidied, out))
        out->kind = CHARSET_UNKNOWN;
}

const struct charset *charset_jis(void)
{
    static const struct charset jis = {.kind = CHARSET_JIS, .wide = true, .iconv = "EUC-JP-MS"};
    return &jis;
}
