/* SPDX-License-Identifier: MIT */
/* test_text.c - charsets, fallbacks and transfer encodings. */
#include "base/utf8.h"
#include "text/charset.h"
#include "text/text.h"
#include "text/transfer.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
    const char *name, *bytes;
    size_t n;
    const char *charset, *want;
    unsigned flags;
} charsets[] = {
    {"ISO-2022-JP", BYTES("\x1b$B%f!<%6!<ITL@$G$9\x1b(B"), "ISO-2022-JP", "ユーザー不明です", 0},
    {"ISO-2022-JP, other case", BYTES("\x1b$B08@h\x1b(B"), "iso-2022-jp", "宛先", 0},
    {"Shift_JIS", BYTES("\x83\x86\x81[\x83U\x81[\x95s\x96\xbe"), "Shift_JIS", "ユーザー不明", 0},
    {"Shift_JIS, vendor row", BYTES("\x87@\x95\\\x8e\xa6"), "shift_jis", "①表示", 0},
    {"EUC-JP", BYTES("\xa5\xe6\xa1\xbc\xa5\xb6\xa1\xbc\xc9\xd4\xcc\xc0"), "EUC-JP", "ユーザー不明", 0},
    {"KOI8-R", BYTES("\xf0\xcf\xcc\xd8\xda\xcf\xd7\xc1\xd4\xc5\xcc\xd8 \xce\xc5 \xce\xc1\xca\xc4\xc5\xce"), "KOI8-R",
     "Пользователь не найден", 0},
    {"KOI8-U", BYTES("\xf1\xdd\xc9\xcb \xd0\xc5\xd2\xc5\xd0\xcf\xd7\xce\xc5\xce\xc9\xca \xa4"), "koi8-u",
     "Ящик переповнений є", 0},
    {"GB2312", BYTES("\xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda"), "gb2312", "用户不存在", 0},
    {"GB2312 with a GBK character",
     BYTES("\xd6\xec\xe9"
           "F\xbb\xf9"),
     "GB2312", "朱镕基", 0},
    {"GB18030",
     BYTES("\xd3\xc3\xbb\xa7\x94"
           "9\xfc"
           "6"),
     "GB18030", "用户😀", 0},
    {"GBK", BYTES("\xd3\xca\xcf\xe4\xd2\xd1\xc2\xfa"), "gbk", "邮箱已满", 0},
    {"Big5",
     BYTES("\xa8\xcf\xa5\xce\xaa\xcc\xa4\xa3\xa6s\xa6"
           "b"),
     "Big5", "使用者不存在", 0},
    {"EUC-KR", BYTES("\xbb\xe7\xbf\xeb\xc0\xda \xbe\xf8\xc0\xbd"), "euc-kr", "사용자 없음", 0},
    {"KS_C_5601-1987",
     BYTES("\xbe\xf8\xb4\xc2 \x8c"
           "c"),
     "ks_c_5601-1987", "없는 똠", 0},
    {"windows-1250", BYTES("P\xf8\xedjemce neexistuje"), "windows-1250", "Příjemce neexistuje", 0},
    {"windows-1251", BYTES("\xdf\xf9\xe8\xea \xef\xe5\xf0\xe5\xef\xee\xeb\xed\xe5\xed"), "windows-1251",
     "Ящик переполнен", 0},
    {"windows-1253", BYTES("\xa2\xe3\xed\xf9\xf3\xf4\xef\xf2 \xf7\xf1\xde\xf3\xf4\xe7\xf2"), "windows-1253",
     "Άγνωστος χρήστης", 0},
    {"windows-1254",
     BYTES("Kullan\xfd"
           "c\xfd yok \xfe"),
     "windows-1254", "Kullanıcı yok ş", 0},
    {"windows-1255", BYTES("\xec\xe0 \xf7\xe9\xe9\xed"), "windows-1255", "לא קיים", 0},
    {"windows-1256", BYTES("\xdb\xed\xd1 \xe3\xe6\xcc\xe6\xcf"), "windows-1256", "غير موجود", 0},
    {"windows-1257", BYTES("Ne\xfeinomas gav\xebjas"), "windows-1257", "Nežinomas gavėjas", 0},
    {"windows-1258", BYTES("Ng\xf4n"), "windows-1258", "Ngôn", 0},
    {"ISO-8859-2", BYTES("Nie znaleziono u\xbfytkownika"), "ISO-8859-2", "Nie znaleziono użytkownika", 0},
    {"ISO-8859-5", BYTES("\xbe\xe8\xd8\xd1\xda\xd0"), "iso-8859-5", "Ошибка", 0},
    {"ISO-8859-7", BYTES("\xf7\xf1\xde\xf3\xf4\xe7\xf2"), "iso-8859-7", "χρήστης", 0},
    {"ISO-8859-9",
     BYTES("Kullan\xfd"
           "c\xfd"),
     "iso-8859-9", "Kullanıcı", 0},
    {"ISO-8859-13", BYTES("ne\xfeinomas"), "iso-8859-13", "nežinomas", 0},
    {"ISO-8859-15", BYTES("100 \xa4"), "iso-8859-15", "100 €", 0},
    {"TIS-620", BYTES("\xe4\xc1\xe8\xbe\xba"), "tis-620", "ไม่พบ", 0},
    {"cp866", BYTES("\x8e\xe8\xa8\xa1\xaa\xa0"), "cp866", "Ошибка", 0},
    {"UTF-7", BYTES("Gr+APYA3w-e 1 & 2"), "unicode-1-1-utf-7", "Größe 1 & 2", 0},
    {"UTF-16 with a BOM",
     BYTES("\xff\xfeG\x00r\x00\xf6\x00\xdf\x00"
           "e\x00"),
     "utf-16", "Größe", 0},
    {"UTF-16BE",
     BYTES("\x00G\x00r\x00\xf6\x00\xdf\x00"
           "e"),
     "UTF-16BE", "Größe", 0},
    {"UTF-16 without a BOM, little-endian", BYTES("\x47\x00\x72\x00\xf6\x00\xdf\x00\x65\x00\x20\x00\x35\x00"), "utf-16",
     "Größe 5", 0},
    {"UTF-16 without a BOM, big-endian", BYTES("\x00\x47\x00\x72\x00\xf6\x00\xdf\x00\x65\x00\x20\x00\x35"), "unicode",
     "Größe 5", 0},
    {"UTF-16 without a BOM or ASCII", BYTES("\x75\x28\x62\x37"), "utf-16", "用户", 0},
    {"UTF-16 with a BOM, big-endian", BYTES("\xfe\xff\x00\x47\x00\x72\x00\xf6\x00\xdf\x00\x65"), "utf-16", "Größe", 0},
    {"UTF-32 without a BOM, little-endian",
     BYTES("\x47\x00\x00\x00\x72\x00\x00\x00\xf6\x00\x00\x00\xdf\x00\x00\x00\x65\x00\x00\x00"), "utf-32", "Größe", 0},
    {"UTF-32 without a BOM, big-endian",
     BYTES("\x00\x00\x00\x47\x00\x00\x00\x72\x00\x00\x00\xf6\x00\x00\x00\xdf\x00\x00\x00\x65"), "utf-32", "Größe", 0},
    {"UTF-32 with a BOM", BYTES("\xff\xfe\x00\x00\x28\x75\x00\x00\x37\x62\x00\x00"), "utf-32", "用户", 0},
    {"UTF-32 with a BOM, big-endian", BYTES("\x00\x00\xfe\xff\x00\x00\x75\x28\x00\x00\x62\x37"), "utf-32", "用户", 0},
    {"windows-1252", BYTES("\x93gone\x94 \x96 \x80"), "windows-1252", "“gone” – €", 0},
    {"ISO-8859-1 is read as windows-1252", BYTES("\x93gone\x94 \x96 \xe9"), "iso-8859-1", "“gone” – é", 0},
    {"UTF-8",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e \xe7\x94\xa8\xe6\x88\xb7"),
     "UTF-8", "Größe 用户", 0},
    {"quoted name",
     BYTES("Gr\xf6\xdf"
           "e"),
     "\"iso-8859-1\"", "Größe", 0},
    {"name with a language",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "utf-8*de", "Größe", 0},
    {"name with spaces",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     " utf-8 ", "Größe", 0},
    {"underscores",
     BYTES("Gr\xf6\xdf"
           "e"),
     "ISO_8859-1", "Größe", 0},
    {"us-ascii that is UTF-8",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "us-ascii", "Größe", TEXT_BAD_CHARSET},
    {"us-ascii that is ISO-2022-JP", BYTES("\x1b$B08@hITL@\x1b(B"), "us-ascii", "宛先不明", TEXT_BAD_CHARSET},
    {"utf-8 that is ISO-2022-JP", BYTES("\x1b$B08@hITL@\x1b(B"), "utf-8", "宛先不明", TEXT_BAD_CHARSET},
    {"us-ascii that is Latin-1",
     BYTES("Gr\xf6\xdf"
           "e"),
     "us-ascii", "Größe", TEXT_BAD_CHARSET},
    {"iso-8859-1 that is UTF-8",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "iso-8859-1", "Größe", TEXT_BAD_CHARSET},
    {"utf-8 that is Latin-1",
     BYTES("Gr\xf6\xdf"
           "e"),
     "utf-8", "Größe", TEXT_BAD_CHARSET},
    {"ISO-2022-JP that is Shift_JIS", BYTES("\x88\xb6\x90\xe6"), "iso-2022-jp", "宛先", TEXT_BAD_CHARSET},
    {"Shift_JIS that is UTF-8", BYTES("\xe5\xae\x9b\xe5\x85\x88\xe4\xb8\x8d\xe6\x98\x8e\xe3\x81\xa7\xe3\x81\x99"),
     "shift_jis", "宛先不明です", TEXT_BAD_CHARSET},
    {"not stated, UTF-8",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     NULL, "Größe", 0},
    {"not stated, ASCII", BYTES("plain"), NULL, "plain", 0},
    {"not stated, ISO-2022-JP", BYTES("\x1b$B08@h\x1b(B"), NULL, "宛先", 0},
    {"not stated, Latin-1",
     BYTES("Gr\xf6\xdf"
           "e"),
     NULL, "Größe", TEXT_BAD_CHARSET},
    {"empty name",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "", "Größe", 0},
    {"unknown-8bit",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "unknown-8bit", "Größe", TEXT_BAD_CHARSET},
    {"x-nonexistent",
     BYTES("Gr\xf6\xdf"
           "e"),
     "x-nonexistent", "Größe", TEXT_BAD_CHARSET},
    {"default_charset, ASCII", BYTES("plain"), "default_charset", "plain", TEXT_BAD_CHARSET},
    {"uft-8",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "uft-8", "Größe", TEXT_BAD_CHARSET},
    {"a name that would make iconv drop bytes",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "koi8-r//IGNORE", "Größe", TEXT_BAD_CHARSET},
    {"a number that does not exist",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "windows-9999", "Größe", TEXT_BAD_CHARSET},
    {"a family without a number",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e"),
     "iso-8859-", "Größe", TEXT_BAD_CHARSET},
    {"UTF-8 with one bad byte",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e \xff f\xc3\xbcr \xe7\x94\xa8\xe6\x88\xb7"),
     "utf-8", "Größe \xef\xbf\xbd für 用户", TEXT_BAD_BYTES},
    {"UTF-8 cut in a character",
     BYTES("Gr\xc3\xb6\xc3\x9f"
           "e \xe7\x94"),
     "utf-8", "Größe \xef\xbf\xbd", TEXT_BAD_BYTES},
    {"Shift_JIS with one bad byte", BYTES("\x95s\x96\xbe\x82\xc5\x82\xb7\xfd\xfd."), "shift_jis",
     "不明です\xef\xbf\xbd\xef\xbf\xbd.", TEXT_BAD_BYTES},
    {"Shift_JIS cut in a character", BYTES("\x95s\x96\xbe\x82\xc5\x82"), "shift_jis", "不明で\xef\xbf\xbd",
     TEXT_BAD_BYTES},
    {"windows-1252, not assigned", BYTES("a\xe9\x81z"), "windows-1252", "aé\xef\xbf\xbdz", TEXT_BAD_BYTES},
    {"NUL",
     BYTES("a\x00"
           "b"),
     NULL,
     "a\xef\xbf\xbd"
     "b",
     TEXT_BAD_BYTES},
    {"CRLF, CR, LF",
     BYTES("a\x0d\x0a"
           "b\x0d"
           "c\x0a"
           "d\x0d"),
     "us-ascii", "a\nb\nc\nd\n", 0},
    {"CR, CR, LF, and CR at the front",
     BYTES("\x0d"
           "a\x0d\x0d\x0a"
           "b"),
     "us-ascii", "\na\n\nb", 0},
    {"NUL among CRLF",
     BYTES("a\x00\x0d\x0a"
           "b\x0d"),
     "us-ascii", "a\xef\xbf\xbd\nb\n", TEXT_BAD_BYTES},
    {"BOM at the front",
     BYTES("\xef\xbb\xbf"
           "abc"),
     "utf-8", "abc", 0},
    {"overlong form",
     BYTES("a\xc0\xaf"
           "b"),
     "utf-8", "aÀ¯b", TEXT_BAD_CHARSET},
    {"surrogate", BYTES("\xed\xa0\x80 Gr\xc3\xb6\xc3\x9f\xc3\xa9\xc3\xa9"), "utf-8",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd Größéé", TEXT_BAD_BYTES},
    {"ISO-2022-JP, a lost escape ends with its line",
     BYTES("\x1b$B08@h\x0a"
           "abc"),
     "iso-2022-jp", "宛先\nabc", 0},
    {"ISO-2022-JP, half-width kana", BYTES("\x1b(I1\x1b(B."), "iso-2022-jp", "ｱ.", 0},
    {"ISO-2022-JP, vendor row", BYTES("\x1b$B-!\x1b(B"), "iso-2022-jp", "①", 0},
    {"ISO-2022-JP, the supplementary set", BYTES("\x1b$(D0!\x1b(B."), "iso-2022-jp", "丂.", 0},
    {"an escape that is not Japanese", BYTES("\x1b[1mbold"), "us-ascii", "\x1b[1mbold", 0},
    {"empty", BYTES(""), "koi8-r", "", 0},
};

Test(text, decodes_charsets)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(charsets); i++) {
        unsigned flags = 0;
        struct span got = text_decode(&a, span_of(charsets[i].bytes, charsets[i].n), charsets[i].charset, &flags);
        cr_expect(got.n == strlen(charsets[i].want) && memcmp(got.s, charsets[i].want, got.n) == 0,
                  "%s: got \"%.*s\" (%zu bytes)", charsets[i].name, (int)got.n, got.s, got.n);
        cr_expect_eq(flags, charsets[i].flags, "%s: flags %u", charsets[i].name, flags);
    }
    arena_free(&a);
}

Test(text, accepts_no_flags_and_no_bytes)
{
    struct arena a;
    arena_init(&a);
    cr_expect_eq(text_decode(&a, span_of(NULL, 0), NULL, NULL).n, 0);
    cr_expect_eq(text_decode(&a, span_of(NULL, 0), "utf-16", NULL).n, 0);
    cr_expect_eq(text_decode(&a, span_of("\xff", 1), "koi8-r", NULL).n, 2);
    arena_free(&a);
}

Test(text, flags_are_added_to)
{
    struct arena a;
    arena_init(&a);
    unsigned flags = TEXT_TRUNCATED;
    text_decode(&a, span_of("\0", 1), "x-unknown", &flags);
    cr_expect_eq(flags, TEXT_TRUNCATED | TEXT_BAD_CHARSET | TEXT_BAD_BYTES);
    arena_free(&a);
}

static bool is_utf8(struct span s)
{
    for (size_t i = 0, size; i < s.n; i += size)
        if (!(size = utf8_valid(s.s + i, s.n - i)) || s.s[i] == '\0' || s.s[i] == '\r')
            return false;
    return true;
}

/* Whatever the bytes and the charset are, the result is clean UTF-8. */
Test(text, always_gives_utf8)
{
    static const char *const names[] = {NULL,          "utf-8",        "iso-8859-1",   "shift_jis", "euc-jp",
                                        "iso-2022-jp", "gb18030",      "big5",         "euc-kr",    "utf-7",
                                        "utf-16",      "utf-32",       "iso-2022-kr",  "koi8-r",    "iso-2022-cn",
                                        "x-none",      "windows-1255", "iso-2022-jp-3"};
    struct arena a;
    arena_init(&a);
    uint32_t random = 12345;
    for (size_t round = 0; round < 300; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = (char)(round % 2 || random >> 30 ? random >> 24 : 0x1b);
        }
        for (size_t i = 0; i < COUNT(names); i++) {
            struct span got = text_decode(&a, span_of(bytes, sizeof bytes), names[i], NULL);
            cr_assert(is_utf8(got), "round %zu, %s", round, names[i] ? names[i] : "none");
            cr_assert_gt(got.n, 0, "round %zu, %s: no output", round, names[i] ? names[i] : "none");
        }
        arena_reset(&a);
    }
    arena_free(&a);
}

/* A name of 40 bytes is looked up, one of 41 is not read at all. */
Test(text, charset_names_have_a_limit)
{
    struct charset cs;
    char name[CHARSET_NAME_BYTES + 2];
    memset(name, 'x', sizeof name);
    name[CHARSET_NAME_BYTES] = '\0';
    charset_find(name, &cs);
    cr_expect_eq(cs.kind, CHARSET_UNKNOWN);
    memset(name, ' ', sizeof name);
    memcpy(name, "utf-8", 5);
    name[CHARSET_NAME_BYTES + 1] = '\0';
    charset_find(name, &cs);
    cr_expect_eq(cs.kind, CHARSET_UTF8, "spaces do not count");
    memset(name, 'x', sizeof name);
    name[CHARSET_NAME_BYTES + 1] = '\0';
    charset_find(name, &cs);
    cr_expect_eq(cs.kind, CHARSET_UNKNOWN);
}

Test(text, charsets_stay_open)
{
    static const char *const names[] = {"iso-8859-2",  "iso-8859-3",  "iso-8859-4",  "iso-8859-5", "iso-8859-6",
                                        "iso-8859-7",  "iso-8859-8",  "iso-8859-9",  "koi8-r",     "iso-8859-10",
                                        "iso-8859-13", "iso-8859-14", "iso-8859-15", "big5",       "euc-kr",
                                        "koi8-u",      "iso-8859-16"};
    struct charsets_kept kept = {0};
    charsets_keep(&kept, "utf-8");
    charsets_keep(&kept, "x-unknown");
    cr_expect_eq(kept.count, 0, "neither needs iconv");
    charsets_keep(&kept, "koi8-r");
    charsets_keep(&kept, " KOI8-R ");
    cr_expect_eq(kept.count, 1, "once");
    cr_expect_str_eq(kept.items[0].name, "KOI8-R");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        charsets_keep(&kept, names[i]);
        cr_expect_eq(kept.count, i < 8 ? i + 2 : MIN(i + 1, LIMIT_CHARSETS_KEPT), "%zu", i);
    }
    charsets_release(&kept);
    cr_expect_eq(kept.count, 0);
}

static const struct {
    const char *name, *bytes, *encoding, *want;
} transfers[] = {
    {"base64", "SGVsbG8gd29ybGQ=", "base64", "Hello world"},
    {"base64, case and spaces of the name", "SGk=", " BASE64 ", "Hi"},
    {"base64 in quotes", "SGk=", "\"base64\"; x", "Hi"},
    {"base64, lines", "SGVs\r\nbG8g\r\nd29y\r\nbGQ=\r\n", "base64", "Hello world"},
    {"base64, padding in the middle", "aGVsbG8gd29ybGQ=\naGVsbG8gd29ybGQ=\n", "base64", "hello worldhello world"},
    {"base64, padding in the middle, two", "SGVsbA==SGVsbA==", "base64", "HellHell"},
    {"base64 without padding", "SGVsbA", "base64", "Hell"},
    {"base64, junk between", "S*G!V,s", "base64", "Hel"},
    {"base64, what is not of its alphabet (RFC 2045 6.8)", "Pz-8_/", "base64", "??\?"},
    {"base64, nothing but padding", "====", "base64", ""},
    {"quoted-printable", "Gr=C3=B6=c3=9Fe", "quoted-printable", "Größe"},
    {"quoted-printable, soft breaks", "one =\ntwo=\r\nthree=  \nfour", "Quoted-Printable", "one twothreefour"},
    {"quoted-printable, spaces at a line's end", "one  \r\ntwo\t\n", "quoted-printable", "one\r\ntwo\n"},
    {"quoted-printable, not an escape", "a=zz=4=", "quoted-printable", "a=zz=4"},
    {"quoted-printable, a cut escape", "a=4", "quoted-printable", "a=4"},
    {"quoted-printable, an encoded space stays", "a=20\n", "quoted-printable", "a \n"},
    {"uuencode", "text\nbegin 644 a.txt\n+2&5L;&\\@=V]R;&0\n`\nend\nmore", "x-uuencode", "Hello world"},
    {"uuencode, spaces cut off", "begin 644 a\n\"86\nend\n", "uuencode", "a`"},
    {"uuencode without a beginning", "plain", "x-uuencode", "plain"},
    {"7bit", "a=3D b", "7bit", "a=3D b"},
    {"none", "a=3D b", NULL, "a=3D b"},
    {"unknown", "a=3D b", "x-yenc", "a=3D b"},
    {"empty", "", "base64", ""},
};

Test(text, undoes_transfer_encodings)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(transfers); i++) {
        struct span got = text_decode_transfer(&a, span_z(transfers[i].bytes), transfers[i].encoding);
        cr_expect(got.n == strlen(transfers[i].want) && memcmp(got.s, transfers[i].want, got.n) == 0,
                  "%s: got \"%.*s\"", transfers[i].name, (int)got.n, got.s);
    }
    arena_free(&a);
}
