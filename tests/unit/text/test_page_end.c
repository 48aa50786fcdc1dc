/* SPDX-License-Identifier: MIT */
/* test_page_end.c - decoders of text read nothing after their input. */
#include "guarded_fronts.h"
#include "text/header.h"
#include "text/normal.h"
#include "text/text.h"
#include "text/transfer.h"

static void decode_transfers(struct arena *a, struct span bytes, struct strbuf *answer)
{
    static const char *const encodings[] = {"base64", "quoted-printable", "x-uuencode", "7bit", "unknown"};
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        guarded_add(answer, text_decode_transfer(a, bytes, encodings[i]));
}

Test(page_end, transfer)
{
    guarded_fronts(decode_transfers, "VGhlIG1haWxib3ggaXMgZnVsbC4=\r\nWQ==\nVGhlIG1haWxib3ggaXMgZnVsbC4gVGhl");
    guarded_fronts(decode_transfers, "caf=C3=A9 is =\r\nfull=\n =20\t\r\n=ZZ=4 and a long line without anything in it");
    guarded_fronts(decode_transfers, "begin 644 a.txt\n#0V%T\n`\nend\nbegin 644 b\n-5&AE(&UA:6QB;W@\n`\nend\n");
}

static void decode_charsets(struct arena *a, struct span bytes, struct strbuf *answer)
{
    static const char *const charsets[] = {"utf-8",       "us-ascii",  "windows-1252", "iso-8859-2", "iso-2022-jp",
                                           "iso-2022-kr", "shift_jis", "gb18030",      "euc-kr",     "big5",
                                           "utf-16",      "utf-7",     "unknown",      NULL};
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        unsigned flags = 0;
        guarded_add(answer, text_decode(a, bytes, charsets[i], &flags));
        strbuf_putc(answer, (char)('0' + (flags & 63)));
    }
}

Test(page_end, charsets)
{
    guarded_fronts(decode_charsets,
                   "plain ASCII of more than thirty-two bytes, then \xc3\xa9 and \xe2\x82\xac, \xf0\x9f\x98\x80");
    guarded_fronts(decode_charsets, "\x1b$B$3$s$K$A$O\x1b(B and \x1b$@0!\x1b(J\x1b(I12");
    guarded_fronts(decode_charsets,
                   "\xff\xfe\x80 broken \xc3 \xe2\x82 \xf0\x9f\x98 +AGEAYg- \x82\xb1\x82\xf1 \x81\x30\x81\x30");
}

static void decode_header(struct arena *a, struct span bytes, struct strbuf *answer)
{
    unsigned flags = 0;
    struct span plain = {0};
    bool is_plain = text_header_is_plain(bytes, &plain);
    guarded_add_z(answer, text_decode_header(a, bytes, &flags));
    strbuf_putc(answer, (char)('0' + (flags & 63)));
    if (is_plain)
        guarded_add(answer, plain);
}

Test(page_end, header_values)
{
    guarded_fronts(decode_header, " =?utf-8?q?caf=C3=A9_is_full?= \r\n =?iso-2022-jp?B?GyRCJDMkcxsoQg==?= end ");
    guarded_fronts(decode_header,
                   "Undelivered Mail Returned to Sender, which has more than a chunk of bytes \t\r\n of it");
    guarded_fronts(decode_header, "=?windows-1252?Q?=FCber?==?utf-8*en?B?w6k?= =?x?y?z?= \xfc\xc3\xa9");
}

static void normalise(struct arena *a, struct span bytes, struct strbuf *answer)
{
    unsigned flags = 0;
    struct norm_text text;
    text_normalise(a, text_decode(a, bytes, "utf-8", &flags), 60, &text);
    guarded_add(answer, span_of(text.text, text.length));
    guarded_add(answer, span_of(text.folded, text.folded_length));
    if (!flags) /* valid UTF-8: as it is */
        guarded_add_z(answer, text_fold(a, bytes));
}

Test(page_end, normal_form)
{
    guarded_fronts(
        normalise,
        "User\t UNKNOWN\r\n  in   \xc3\x89tat \xef\xbc\xa1 \xe2\x80\x99 e\xcc\x81 soft\xc2\xad-hyphen \xd0\x81 and more text");
}
