/* SPDX-License-Identifier: MIT */
/* test_charset.c - which names of charsets are known (text/charset.c). */
#include "text/charset.h"

#include <criterion/criterion.h>

static const struct {
    const char *name;
    enum charset_kind kind;
    const char *iconv;
} rows[] = {
    {NULL, CHARSET_NONE, ""},
    {"", CHARSET_NONE, ""},
    {"  ", CHARSET_NONE, ""},
    {"us-ascii", CHARSET_ASCII, ""},
    {"UTF-8", CHARSET_UTF8, ""},
    {"'utf-8'", CHARSET_UTF8, ""},
    {"utf-8*en", CHARSET_UTF8, ""},
    {"iso-8859-1", CHARSET_LATIN, ""},
    {"iso-8859-2", CHARSET_ICONV, "ISO-8859-2"},
    {"ISO_8859-15", CHARSET_ICONV, "ISO-8859-15"},
    {"windows-1251", CHARSET_ICONV, "CP1251"},
    /* numbers that no charset of the family has */
    {"iso-8859-17", CHARSET_UNKNOWN, ""},
    {"iso-8859-", CHARSET_UNKNOWN, ""},
    {"windows-1259", CHARSET_UNKNOWN, ""},
    {"windows-125", CHARSET_UNKNOWN, ""},
    {"windows-12511", CHARSET_UNKNOWN, ""},
    {"x-nonsense", CHARSET_UNKNOWN, ""},
};

Test(charset, names)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct charset found;
        charset_find(rows[i].name, &found);
        cr_expect_eq(found.kind, rows[i].kind, "%s: %d", rows[i].name ? rows[i].name : "NULL", (int)found.kind);
        cr_expect_str_eq(found.iconv, rows[i].iconv, "%s: %s", rows[i].name ? rows[i].name : "NULL", found.iconv);
    }
}
