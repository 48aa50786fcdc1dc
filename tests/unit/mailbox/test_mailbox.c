/* SPDX-License-Identifier: MIT */
/*
 * test_mailbox.c - the splitter on small inputs: formats, From lines, quoting,
 * Content-Length. Each assertion names its row.
 */
#include "base/limits.h"
#include "mailbox/mailbox.h"
#include "mailbox_testing.h"

#include <stdio.h>

/* ---------------------------------------------------------- From lines */

Test(from_line, plausible)
{
    static const char *const good[] = {
        "From joe@example.org Sat Jan  3 01:05:34 1996",
        "From joe@example.org  Sat Jan  3 01:05:34 1996",
        "From MAILER-DAEMON Sat Jan 03 01:05 1996",
        "From joe@example.org Sat Jan  3 01:05:34 MET 1996",
        "From joe@example.org Sat Jan  3 01:05:34 MET DST 1996",
        "From joe@example.org Sat Jan  3 01:05:34 1996 +0100",
        "From 1625@xxx Sat Jan 03 01:05:34 +0000 1996",
        "From joe Sat Jan  3 01:05:34 1996 remote from host",
        "From - Sat, 03 Jan 1996 01:05:34 +0100",
        "From - 3 Jan 1996 01:05:34",
        "From () 1996-01-03 01:05:34 +0000",
        "From joe 1996-01-03T01:05:34Z",
        "From \"joe public\"@example.org Sat Jan  3 01:05:34 1996",
        "From Sat Jan  3 01:05:34 1996",
        "From ???@??? sat jan  3 01:05:34 2199",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        cr_assert(from_line_is_plausible(span_z(good[i])), "%s", good[i]);
}

Test(from_line, not_plausible)
{
    static const char *const bad[] = {
        "From",
        "From ",
        "From joe@example.org",
        "From: joe@example.org Sat Jan  3 01:05:34 1996",
        "from joe@example.org Sat Jan  3 01:05:34 1996",
        ">From joe@example.org Sat Jan  3 01:05:34 1996",
        "From the start it failed, on Sat Jan 3 at 01:05:34 in 1996",
        "From May 4 to June 10:30 2020",
        "From joe Sat Jan  3 01:05:34 1996 we had no mail",
        "From 1996-01-03T01:05:34Z Sat Jan  3 01:05:34 1996",
        "From 3 Jan 1996 01:05:34 Sat Jan  3 01:05:34 1996",
        "From joe Sat Jan  3 01:05:34 199",
        "From joeSat Jan  3 01:05:34 1996",
        "From joe Sat Jan   01:05:34 1996",
        "From joe Sat Jan 32 01:05:34 1996",
        "From joe Sat Jan  3 25:05:34 1996",
        "From joe Sat Jan  3 01:60:34 1996",
        "From joe Sat Jan  3 01:05:34 96",
        "From joe Sat Jan  3 01:05:34 1969",
        "From joe Sat Jan  3 01:05:34 2200",
        "From joe Jan  3 01:05:34 1996",
        "From joe Sat Jan  3 01-05-34 1996",
        "From joe 1996-13-03 01:05:34 +0000",
        "From joe 1996-01-03",
        "From joe Sat Jan  3 01:05:34 1996 remote from",
        "From joe Sat Jan  3 01:05:34 1996 remote host now",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_assert_not(from_line_is_plausible(span_z(bad[i])), "%s", bad[i]);
}

/* A line with too many words is not a From line. The date has five. */
Test(from_line, words_have_a_limit)
{
    for (int more = 0; more < 2; more++) {
        char line[400] = "From ";
        for (int i = 0; i < LIMIT_FROM_LINE_WORDS - 5 + more; i++)
            strcat(line, "joe ");
        strcat(line, "Sat Jan  3 01:05:34 1996");
        cr_assert_eq(from_line_is_plausible(span_z(line)), !more, "%d beyond", more);
    }
}

/* Every month and weekday in both cases, and names that differ in one letter. */
Test(from_line, names)
{
    static const char *const names[] = {"Jan", "FEB", "mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                                        "nOv", "Dec", "Mon", "TUE", "wed", "Thu", "fRi", "Sat", "Sun"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        bool month = i < 12;
        for (int broken = 0; broken < 4; broken++) {
            char name[4], line[100];
            memcpy(name, names[i], sizeof name);
            if (broken)
                name[broken - 1] ^= 0x40;
            g_snprintf(line, sizeof line, "From joe %s %s  3 01:05:34 1996", month ? "Sat" : name,
                       month ? name : "Jan");
            cr_assert_eq(from_line_is_plausible(span_z(line)), !broken, "%s", line);
        }
    }
}

/* ------------------------------------------------------- small inputs */

struct row {
    const char *name;
    bounce_format format;
    const char *input;
    const char *messages[4]; /* expected bytes, up to NULL */
    size_t offsets[4];
};

static void check_row(const struct row *row)
{
    bounce_mailbox *mb;
    bounce_view v;
    cr_assert_eq(bounce_mailbox_open_memory(row->input, strlen(row->input), row->format, 0, &mb, NULL), BOUNCE_OK);
    for (size_t i = 0; row->messages[i]; i++) {
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK, "%s: message %zu is missing", row->name, i);
        GString *got = g_string_new_len((const char *)v.bytes, (gssize)v.length);
        cr_assert_str_eq(got->str, row->messages[i], "%s: message %zu is \"%s\"", row->name, i, got->str);
        cr_assert_eq(v.offset, row->offsets[i], "%s: offset of %zu is %zu", row->name, i, (size_t)v.offset);
        cr_assert_eq(v.index, i, "%s", row->name);
        cr_assert_null(v.path, "%s", row->name);
        g_string_free(got, TRUE);
    }
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END, "%s: a message too many", row->name);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END, "%s: the end does not last", row->name);
    bounce_mailbox_close(mb);
}

Test(mailbox, formats)
{
    static const struct row rows[] = {
        {"empty", BOUNCE_FORMAT_AUTO, "", {NULL}, {0}},
        {"empty mbox", BOUNCE_FORMAT_MBOX, "\n\n", {NULL}, {0}},
        {"one mail", BOUNCE_FORMAT_AUTO, "A: 1\n\nx\n", {"A: 1\n\nx\n"}, {0}},
        {"mail with a From line", BOUNCE_FORMAT_AUTO, FROM "A: 1\n\nx\n", {"A: 1\n\nx\n"}, {sizeof FROM - 1}},
        {"mail, From line without date", BOUNCE_FORMAT_AUTO, "From joe\nA: 1\n\nx\n", {"A: 1\n\nx\n"}, {9}},
        {"mail, From field with a space", BOUNCE_FORMAT_AUTO, "From : joe\n\nx\n", {"From : joe\n\nx\n"}, {0}},
        {"mail requested",
         BOUNCE_FORMAT_MAIL,
         FROM "A: 1\n\nx\n\n" FROM "B: 2\n",
         {"A: 1\n\nx\n\n" FROM "B: 2\n"},
         {46}},
        {"two", BOUNCE_FORMAT_AUTO, FROM "A: 1\n\nx\n\n" FROM "B: 2\n\ny\n", {"A: 1\n\nx\n", "B: 2\n\ny\n"}, {46, 101}},
        {"CRLF",
         BOUNCE_FORMAT_AUTO,
         FROM_CRLF "A: 1\r\n\r\nx\r\n\r\n" FROM_CRLF "B: 2\r\n\r\ny\r\n\r\n",
         {"A: 1\r\n\r\nx\r\n", "B: 2\r\n\r\ny\r\n"},
         {47, 107}},
        {"CR",
         BOUNCE_FORMAT_AUTO,
         FROM_CR "A: 1\r\rx\r\r" FROM_CR "B: 2\r\ry\r",
         {"A: 1\r\rx\r", "B: 2\r\ry\r"},
         {46, 101}},
        {"mixed line ends",
         BOUNCE_FORMAT_AUTO,
         FROM "A: 1\n\nx\n\n" FROM_CR "B: 2\r\ry\r\r" FROM_CRLF "C: 3\r\n",
         {"A: 1\n\nx\n", "B: 2\r\ry\r", "C: 3\r\n"},
         {46, 101, 157}},
        {"blank lines before the first", BOUNCE_FORMAT_AUTO, "\n\n" FROM "A: 1\n", {"A: 1\n"}, {48}},
        {"no From line in front",
         BOUNCE_FORMAT_MBOX,
         "A: 1\n\nx\n\n" FROM "B: 2\n",
         {"A: 1\n\nx\n", "B: 2\n"},
         {0, 55}},
        {"no From line: auto is a mail",
         BOUNCE_FORMAT_AUTO,
         "A: 1\n\nx\n\n" FROM "B: 2\n",
         {"A: 1\n\nx\n\n" FROM "B: 2\n"},
         {0}},
        {"no blank line", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\nx\n" FROM "y\n", {"A: 1\n\nx\n" FROM "y\n"}, {46}},
        {"no date", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\nx\n\nFrom now on\n", {"A: 1\n\nx\n\nFrom now on\n"}, {46}},
        {"not at the start of a line", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\n x" FROM, {"A: 1\n\n x" FROM}, {46}},
        {"no header after it",
         BOUNCE_FORMAT_AUTO,
         FROM "A: 1\n\nx\n\n" FROM "no field\n\ny\n\n" FROM "C: 3\n\nz\n",
         {"A: 1\n\nx\n", "no field\n\ny\n", "C: 3\n\nz\n"},
         {46, 101, 160}},
        {"only From lines", BOUNCE_FORMAT_AUTO, FROM "\n" FROM "\n" FROM, {"", "", ""}, {46, 93, 140}},
        {"From line cut at the end",
         BOUNCE_FORMAT_AUTO,
         FROM "A: 1\n\nx\n\nFrom joe@example.org Sat Jan  3 01:05:34 1996",
         {"A: 1\n\nx\n", ""},
         {46, 100}},
        {"CR at the end", BOUNCE_FORMAT_AUTO, FROM "A: 1\n\nx\n\n" FROM_CR, {"A: 1\n\nx\n", ""}, {46, 101}},
        {"ends with From", BOUNCE_FORMAT_AUTO, FROM "A: 1\n\nx\n\nFrom ", {"A: 1\n\nx\n\nFrom "}, {46}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(&rows[i]);
}

Test(mailbox, quoting)
{
    static const struct row rows[] = {
        {"one >", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\n>From x\n", {"A: 1\n\nFrom x\n"}, {46}},
        {"two >", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\n>>From x\n", {"A: 1\n\n>From x\n"}, {46}},
        {"several",
         BOUNCE_FORMAT_AUTO,
         FROM "A: 1\n\n>From a\n>>>From b\nc\n>From d",
         {"A: 1\n\nFrom a\n>>From b\nc\nFrom d"},
         {46}},
        {"CR", BOUNCE_FORMAT_AUTO, FROM_CR "A: 1\r\r>From a\r>From b\r", {"A: 1\r\rFrom a\rFrom b\r"}, {46}},
        {"not at the start",
         BOUNCE_FORMAT_MBOX,
         FROM "A: 1\n\n >From x\na>From y\n",
         {"A: 1\n\n >From x\na>From y\n"},
         {46}},
        {"no space", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\n>From: x\n>Fromx\n", {"A: 1\n\n>From: x\n>Fromx\n"}, {46}},
        {"others between",
         BOUNCE_FORMAT_MBOX,
         FROM "A: 1\n\na>From y\n>>From x\n",
         {"A: 1\n\na>From y\n>From x\n"},
         {46}},
        {"a quoted separator", BOUNCE_FORMAT_MBOX, FROM "A: 1\n\n>" FROM "x\n", {"A: 1\n\n" FROM "x\n"}, {46}},
        {"a mail keeps it", BOUNCE_FORMAT_MAIL, "A: 1\n\n>From x\n", {"A: 1\n\n>From x\n"}, {0}},
        {"auto: a mail keeps it", BOUNCE_FORMAT_AUTO, "A: 1\n\n>From x\n", {"A: 1\n\n>From x\n"}, {0}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(&rows[i]);
}

/* The end of a header and a body of 51 bytes, whose From line would split it. */
#define INNER "\nx\n\n" FROM "y\n"
Test(mailbox, content_length)
{
    static const struct row rows[] = {
        {"believed",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 51\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 51\n" INNER, "B: 2\n"},
         {46, 164}},
        {"believed in auto",
         BOUNCE_FORMAT_AUTO,
         FROM "Content-Length: 51\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 51\n" INNER, "B: 2\n"},
         {46, 164}},
        {"not in mbox",
         BOUNCE_FORMAT_MBOX,
         FROM "Content-Length: 51\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 51\n\nx\n", "y\n", "B: 2\n"},
         {46, 115, 164}},
        {"ends with the input",
         BOUNCE_FORMAT_MBOXCL,
         FROM "content-length:51\n" INNER,
         {"content-length:51\n" INNER},
         {46}},
        {"the blank line counted in",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 52\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 52\n" INNER, "B: 2\n"},
         {46, 164}},
        {"the last line end not counted in",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 50\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 50\n" INNER, "B: 2\n"},
         {46, 164}},
        {"quoting left alone",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 59\n" INNER ">From a\n\n" FROM "B: 2\n",
         {"Content-Length: 59\n" INNER ">From a\n", "B: 2\n"},
         {46, 172}},
        {"too long",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 500\n" INNER,
         {"Content-Length: 500\n\nx\n", "y\n"},
         {46, 116}},
        {"one short of the line end",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 48\n" INNER "\n" FROM "B: 2\n",
         {"Content-Length: 48\n\nx\n", "y\n", "B: 2\n"},
         {46, 115, 164}},
        {"no number",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 5l\n" INNER,
         {"Content-Length: 5l\n\nx\n", "y\n"},
         {46, 115}},
        {"more than a number holds",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 18446744073709551615\n" INNER,
         {"Content-Length: 18446744073709551615\n\nx\n", "y\n"},
         {46, 133}},
        {"51 and 2 to the 64th",
         BOUNCE_FORMAT_MBOXCL,
         FROM "Content-Length: 18446744073709551667\n" INNER "\n" FROM,
         {"Content-Length: 18446744073709551667\n\nx\n", "y\n", ""},
         {46, 133, 182}},
        {"in the body",
         BOUNCE_FORMAT_MBOXCL,
         FROM "A: 1\n\nContent-Length: 51\n" INNER,
         {"A: 1\n\nContent-Length: 51\n\nx\n", "y\n"},
         {46, 121}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(&rows[i]);
}

Test(mailbox, nul_bytes_pass)
{
    static const char input[] = FROM "A: 1\n\na\0b\n\n" FROM "B: 2\n";
    bounce_mailbox *mb;
    bounce_view v;
    bounce_mailbox_open_memory(input, sizeof input - 1, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, 10);
    cr_assert_arr_eq(v.bytes, "A: 1\n\na\0b\n", 10);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    bounce_mailbox_close(mb);
}

Test(mailbox, arguments)
{
    bounce_mailbox *mb = (bounce_mailbox *)1;
    bounce_error e;
    bounce_view v;
    cr_assert_eq(bounce_mailbox_open_memory(NULL, 1, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_null(mb);
    cr_assert_eq(e.status, BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_open_memory("", 0, (bounce_format)6, 0, &mb, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_open_memory("", 0, BOUNCE_FORMAT_FOLDER, 0, &mb, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_open_fd(0, NULL, BOUNCE_FORMAT_MAILDIR, 0, &mb, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_open_fd(-1, NULL, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_ERROR_IO);
    cr_assert_eq(bounce_mailbox_open(NULL, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_open("x", BOUNCE_FORMAT_AUTO, 0, NULL, &e), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_next(NULL, &v, &e), BOUNCE_ERROR_ARGUMENT);
    bounce_mailbox_close(NULL);
    cr_assert_eq(bounce_mailbox_open_memory(NULL, 0, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_END);
    bounce_mailbox_close(mb);
}

/* -------------------------------------------------------------- window */

/* Reads are aligned for fast copying by the kernel, whatever has been moved or dropped; and
 * the window stays in place. */
Test(mailbox, window_stays_aligned)
{
    struct stream s;
    struct mbox m = {0};
    bounce_view v;
    const int long_bytes = LIMIT_MAILBOX_BLOCK_BYTES + 40001; /* longer than the window */
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    for (size_t i = 0; i < 3000; i++)
        fprintf(file, "%sA: 1\n\n%0*d\n\n", FROM, i % 100 == 99 ? long_bytes : (int)(i * i % 3001) + 1, 7);
    rewind(file);
    stream_init(&s, 4096);
    stream_open_fd(&s, fileno(file), false);
    size_t count = 0;
    while (mbox_next(&m, &s, &v) == BOUNCE_OK) {
        cr_assert_eq(((uintptr_t)s.buffer + s.end - s.taken) % 64, 0, "message %zu", count);
        cr_assert_leq(s.end, s.capacity);
        count++;
    }
    cr_assert_eq(count, 3000);
    stream_free(&s);
    fclose(file);
}
