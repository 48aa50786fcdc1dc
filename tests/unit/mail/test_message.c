/* SPDX-License-Identifier: MIT */
/*
 * test_message.c - the structure of whole and broken mails, with every kind of line
 * end; returned messages; the texts of parts and fields. Several tests are about what
 * GMime 3.2.13 gets wrong.
 */
#include "base/limits.h"
#include "mail/message.h"

#include "mail_testing.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct message m;

static void set_up(void)
{
    arena_init(&arena);
}
static void tear_down(void)
{
    arena_free(&arena);
}

/* Adds s with '/' for its line ends. */
static void add_visible(struct strbuf *b, struct span s, const char *end)
{
    size_t n = strlen(end);
    for (size_t i = 0; i < s.n;) {
        bool line_end = s.n - i >= n && !memcmp(s.s + i, end, n);
        strbuf_putc(b, line_end ? '/' : s.s[i]);
        i += line_end ? n : 1;
    }
}

/* "PATH ROLE TYPE [raw]" of each part, one on each line. */
static const char *shape(const char *end)
{
    struct strbuf b;
    strbuf_init(&b, &arena);
    for (size_t i = 0; i < m.part_count; i++) {
        const struct part *p = &m.parts[i];
        strbuf_puts(&b, arena_printf(&arena, "%s%s %c %s [", i ? "\n" : "", p->path, "OTHSFDR"[p->role], p -> type));
        add_visible(&b, p->raw, end);
        strbuf_putc(&b, ']');
    }
    return b.s;
}

static void read_mail(const char *z)
{
    message_read(&arena, span_z(z), LIMIT_MESSAGE_BYTES_DEFAULT, &m);
}

static const char *const line_ends[] = {"\n", "\r\n", "\r", "\r\r\n"};

struct shape_row {
    const char *name, *mail, *shape;
    unsigned flags;
};

static void check_shapes(const struct shape_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < COUNT(line_ends); k++) {
            message_read(&arena, with_line_ends(&arena, rows[i].mail, line_ends[k]), LIMIT_MESSAGE_BYTES_DEFAULT, &m);
            const char *got = shape(line_ends[k]);
            cr_assert_str_eq(got, rows[i].shape, "%s, line end %zu:\n%s\n", rows[i].name, k, got);
            cr_assert_eq(m.flags, rows[i].flags, "%s, line end %zu: flags %u", rows[i].name, k, m.flags);
        }
}

#define CHECK_SHAPES(rows) check_shapes(rows, COUNT(rows))
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct shape_row whole_rows[] = {
    {"one text", "Subject: x\n\nhello\n", " T text/plain [hello/]", 0},
    {"header only", "Subject: x\n", " T text/plain []", 0},
    {"no body", "Subject: x\n\n", " T text/plain []", 0},
    {"blank lines belong to the body", "Subject: x\n\n\n\nhello\n\n", " T text/plain [//hello//]", 0},
    {"html", "content-TYPE: Text/HTML; charset=utf-8\n\n<p>\n", " H text/html [<p>/]", 0},
    {"folded type", "Content-Type:\n\ttext/html;\n charset=x\n\n<p>\n", " H text/html [<p>/]", 0},
    {"type twice: the last counts", "Content-Type: text/html\nContent-Type: image/png\n\nx\n", " O image/png [x/]", 0},
    {"a report",
     "Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"=_a/1\"\n\nMIME mail.\n\n"
     "--=_a/1\nContent-Type: text/plain; charset=us-ascii\n\nIt failed.\n\n"
     "--=_a/1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nAction: failed\n\n"
     "--=_a/1\nContent-Type: message/rfc822\n\nSubject: y\nContent-Type: multipart/mixed; boundary=z\n\n"
     "--z\n\nq\n--z--\n\n--=_a/1--\nepilogue\n",
     "1 T text/plain [It failed./]\n"
     "2 S message/delivery-status [Reporting-MTA: dns; mx.example.org//Action: failed/]\n"
     "3 R message/rfc822 [Subject: y/Content-Type: multipart/mixed; boundary=z//--z//q/--z--/]",
     0},
    {"status after the returned message",
     MIXED "--b\n\ntext\n--b\nContent-Type: text/rfc822-headers\n\nSubject: y\n--b\n"
           "Content-Type: message/delivery-status\n\nAction: failed\n--b--\n",
     "1 T text/plain [text]\n2 R text/rfc822-headers [Subject: y]\n3 S message/delivery-status [Action: failed]", 0},
    {"nested",
     MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c\nContent-Type: text/html\n\n"
           "two\n--c--\n\n--b\nContent-Type: image/png\n\nPNG\n--b--\n",
     "1.1 T text/plain [one]\n1.2 H text/html [two]\n2 O image/png [PNG]", 0},
    {"digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n",
     "1 R message/rfc822 [Subject: x//y]", 0},
    {"empty part", MIXED "--b\n\n--b--\n", "1 T text/plain []", 0},
    {"empty part with a type", MIXED "--b\nContent-Type: image/png\n--b--\n", "1 O image/png []", 0},
    {"part of one blank line", MIXED "--b\n\n\n\n--b--\n", "1 T text/plain [/]", 0},
    {"blanks after the boundary", MIXED "--b  \n\nx\n--b\t\n\ny\n--b-- \nz\n", "1 T text/plain [x]\n2 T text/plain [y]",
     0},
    {"other lines of dashes", MIXED "--b\n\n--\n--bb\n--bb--\n-b\n --b\n--b--x\n--b-\n--B\n--b--\n",
     "1 T text/plain [--/--bb/--bb--/-b/ --b/--b--x/--b-/--B]", 0},
    {"the mail itself is a message", "Content-Type: message/rfc822\n\nSubject: y\n\nz\n",
     " R message/rfc822 [Subject: y//z/]", 0},
};

Test(message, whole_mails, .init = set_up, .fini = tear_down)
{
    CHECK_SHAPES(whole_rows);
}

static const struct shape_row broken_rows[] = {
    {"nothing", "", " T text/plain []", MESSAGE_NO_HEADER},
    {"blank lines only", "\n\n\n", " T text/plain [///]", MESSAGE_NO_HEADER},
    {"no header", "Your mail failed\nfor this reason\n", " T text/plain [Your mail failed/for this reason/]",
     MESSAGE_NO_HEADER},
    {"no header, although a colon", "Your mail failed\nReason: x\n", " T text/plain [Your mail failed/Reason: x/]",
     MESSAGE_NO_HEADER},
    {"From line alone", "From here on it failed\n\nx\n", " T text/plain [From here on it failed//x/]",
     MESSAGE_NO_HEADER},
    {"From line", "From a@example.org Mon\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"quoted From line", ">From a@example.org Mon\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"blank lines before the header", "\n\n\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"From line and a blank line", "From a\n\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"line of a protocol before the header",
     "+OK 123 octets\nFrom: a@example.org\nSubject: x\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"blanks before the header", "   \nFrom: a@example.org\nTo: b@example.org\nContent-Type: text/html\n\nx\n",
     " H text/html [x/]", 0},
    {"line without a colon", "Subject: x\nno colon here\nContent-Type: text/html\n\nx\n", " H text/html [x/]", 0},
    {"no boundary parameter", "Content-Type: multipart/report\n\none\ntwo\n", " T text/plain [one/two/]",
     MESSAGE_BROKEN_MULTIPART},
    {"empty boundary", "Content-Type: multipart/report; boundary=\"\"\n\none\n--\n\ntwo\n",
     " T text/plain [one/--//two/]", MESSAGE_BROKEN_MULTIPART},
    {"boundary that never occurs", MIXED "one\n--c\n\ntwo\n", " T text/plain [one/--c//two/]",
     MESSAGE_BROKEN_MULTIPART},
    {"multipart without a body", MIXED, " T text/plain []", MESSAGE_BROKEN_MULTIPART},
    {"wrong boundary, but the body suggests another",
     MIXED "--c\nContent-Type: text/html\n\nx\n--c\nContent-Type: message/delivery-status\n\ny\n--c--\n",
     "1 H text/html [x]\n2 S message/delivery-status [y]", MESSAGE_BROKEN_MULTIPART},
    {"never closed", MIXED "--b\n\nx\n--b\nContent-Type: text/html\n\ny\n", "1 T text/plain [x]\n2 H text/html [y/]",
     0},
    {"cut in a header", MIXED "--b\n\nx\n--b\nContent-Type: te", "1 T text/plain [x]\n2 T text/plain []", 0},
    {"cut in a boundary", MIXED "--b\n\nx\n--", "1 T text/plain [x/--]", 0},
    {"cut after a boundary", MIXED "--b\n\nx\n--b\n", "1 T text/plain [x]", 0},
    {"text and the closing line only", MIXED "the report\n--b--\n", " T text/plain [the report]", 0},
    {"nothing but the closing line", MIXED "--b--\n", " T text/plain [--b--/]", 0},
    {"inner multipart with its closing line only",
     MIXED "--b\nContent-Type: multipart/related; boundary=c\n\n--c--\n--b\n\ny\n--b--\n", "2 T text/plain [y]", 0},
    {"two boundaries in a row", MIXED "--b\n--b\n\nx\n--b--\n", "1 T text/plain [x]", 0},
    {"inner multipart never closed",
     MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--b\n\ny\n--c\nz\n--b--\n",
     "1.1 T text/plain [x]\n2 T text/plain [y/--c/z]", 0},
    {"inner multipart closed by the outer end",
     MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--b--\n--c\n\ny\n",
     "1.1 T text/plain [x]", 0},
    {"inner multipart without a boundary", MIXED "--b\nContent-Type: multipart/related\n\nx\n--b--\n",
     "1 T text/plain [x]", MESSAGE_BROKEN_MULTIPART},
    {"inner boundary that never occurs",
     MIXED "--b\nContent-Type: multipart/related; boundary=c\n\nx\n--b\n\ny\n--b--\n",
     "1 T text/plain [x]\n2 T text/plain [y]", MESSAGE_BROKEN_MULTIPART},
    {"same boundary inside",
     MIXED "--b\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n--b--\n--b\n\ny\n--b--\n",
     "1.1 T text/plain [x]\n2 T text/plain [y]", 0},
    {"text in a part without header and blank line", MIXED "--b\nIt failed\nfor a reason\n--b--\n",
     "1 T text/plain [It failed/for a reason]", 0},
    {"text in a part without header", MIXED "--b\nIt failed\nReason: x\n\ny\n--b--\n",
     "1 T text/plain [It failed/Reason: x//y]", 0},
    {"bad line above a part's header", MIXED "--b\nbad line\nContent-Type: text/html\n\nx\n--b--\n",
     "1 H text/html [x]", 0},
    {"preamble is the only text", MIXED "It failed\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n--b--\n",
     "0 T text/plain [It failed/]\n1 R message/rfc822 [Subject: x]", 0},
    {"preamble beside a text", MIXED "Not needed\n--b\n\nx\n--b--\n", "1 T text/plain [x]", 0},
    {"blank preamble", MIXED " \n\n--b\nContent-Type: image/png\n\nx\n--b--\n", "1 O image/png [x]", 0},
    {"parameter line lost its blank", "Content-Type: multipart/mixed;\nboundary=\"b\"\n\n--b\n\nx\n--b--\n",
     "1 T text/plain [x]", 0},
};

Test(message, broken_mails, .init = set_up, .fini = tear_down)
{
    CHECK_SHAPES(broken_rows);
}

/* The first KiB decides which byte ends a line; after it, CR may be followed by LF. */
Test(message, cr_and_then_crlf, .init = set_up, .fini = tear_down)
{
    struct strbuf b;
    strbuf_init(&b, &arena);
    while (b.n < 1024)
        strbuf_puts(&b, "X-Filler: 0123456789\r");
    strbuf_puts(
        &b, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\nx\r\n--b--\r\n");
    read_mail(b.s);
    cr_assert_str_eq(shape("\r\n"), "1 H text/html [x]", "%s", shape("\r\n"));
}

static const struct {
    const char *type;
    char role;
    const char *read_as;
} type_rows[] = {
    {"text/plain", 'T', NULL},
    {"TEXT/PLAIN", 'T', "text/plain"},
    {"text/enriched", 'T', NULL},
    {"text/html", 'H', NULL},
    {"", 'T', "text/plain"},
    {"text", 'T', "text/plain"},
    {"text/", 'T', "text/plain"},
    {"; charset=x", 'T', "text/plain"},
    {"image/png", 'O', NULL},
    {"application/octet-stream", 'O', NULL},
    {"message/external-body", 'O', NULL},
    {"message/delivery-status", 'S', NULL},
    {"message/global-delivery-status", 'S', NULL},
    {"text/x-delivery-status", 'S', NULL},
    {"message/x-delivery-status", 'S', NULL},
    {"message/xdelivery-status", 'S', NULL},
    {"message/delivery-status;", 'S', "message/delivery-status"},
    {"message/delivery-status; name", 'S', "message/delivery-status"},
    {"message/delivery-status; name=\"x", 'S', "message/delivery-status"},
    {"message/delivery-status name=x", 'S', "message/delivery-status"},
    {"message/delivery-status (fields)", 'S', "message/delivery-status"},
    {"(fields) message/delivery-status", 'S', "message/delivery-status"},
    {"message / delivery-status", 'S', "message/delivery-status"},
    {"Message/Feedback-Report", 'F', "message/feedback-report"},
    {"message/disposition-notification", 'D', NULL},
    {"message/global-disposition-notification", 'D', NULL},
    {"message/rfc822", 'R', NULL},
    {"message/global", 'R', NULL},
    {"text/rfc822-headers", 'R', NULL},
    {"message/rfc822-headers", 'R', NULL},
    {"message/global-headers", 'R', NULL},
    {"message/partial; id=a", 'R', "message/partial"},
    {"text/rfc822-headers; charset=utf-8", 'R', "text/rfc822-headers"},
};

Test(message, roles, .init = set_up, .fini = tear_down)
{
    for (size_t i = 0; i < COUNT(type_rows); i++) {
        const char *type = type_rows[i].type, *expected = type_rows[i].read_as ? type_rows[i].read_as : type;
        read_mail(arena_printf(&arena, "Content-Type: %s\n\nx\n", type));
        cr_assert_eq(m.part_count, 1, "%s", type);
        cr_assert_str_eq(m.parts[0].type, expected, "%s: %s", type, m.parts[0].type);
        cr_assert_eq("OTHSFDR"[m.parts[0].role], type_rows[i].role, "%s: role %d", type, m.parts[0].role);
    }
}

/* The ways in which a boundary is written, which is b or, quoted, "b c". */
static const struct {
    const char *params;
    bool with_blank;
} boundary_rows[] = {
    {"; boundary=b", false},
    {"; boundary=\"b\"", false},
    {";boundary=b;", false},
    {"; charset=x; BOUNDARY = b ", false},
    {"; boundary=\"b c\"", true},
    {"; boundary=\"b \"", false},
    {"; boundary=b c", true},
    {";\n\tboundary=\"b\";\n\ttype=\"x\"", false},
    {"; boundary=b; boundary=c", false},
    {";; boundary=b", false},
    {" (comment); boundary=b", false},
    {"; boundary=(comment)b", false},
    {"; boundary=\"\\b\"", false},
    {"; boundary*=us-ascii''b", false},
    {"; boundary*0=b; boundary*1=\"\"", false},
    /* broken, and not read by GMime */
    {"; boundary=\"b", false},
    {"; boundary=b type=x", false},
    {" boundary=b", false},
    {"; report-type=x boundary=b", false},
    {"; broken; boundary=b", false},
    {"; name=\"un\"quoted\"; boundary=\"b\"", false},
    {"; = ; boundary=b", false},
};

Test(message, boundaries, .init = set_up, .fini = tear_down)
{
    for (size_t i = 0; i < COUNT(boundary_rows); i++) {
        const char *b = boundary_rows[i].with_blank ? "b c" : "b", *params = boundary_rows[i].params;
        read_mail(arena_printf(
            &arena, "Content-Type: multipart/mixed%s\n\n--%s\nContent-Type: text/html\n\nx\n--%s--\n", params, b, b));
        cr_assert_str_eq(shape("\n"), "1 H text/html [x]", "%s: %s", params, shape("\n"));
        cr_assert_eq(m.flags, 0, "%s: flags %u", params, m.flags);
        cr_assert(m.is_multipart);
    }
}

Test(message, attributes_of_a_part, .init = set_up, .fini = tear_down)
{
    read_mail(
        "Content-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=\"ISO-8859-1\" (latin); name=a.txt\n"
        "Content-Transfer-Encoding: Quoted-Printable;\nContent-Description: =?utf-8?Q?R=C3=A9port?=\n"
        "Content-Disposition: ATTACHMENT; filename*=utf-8''%e2%82%ac.txt\n\nx\n"
        "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html; charset='utf-8'; name=\"=?utf-8?B?w6k=?=\"\n"
        "Content-Disposition: inline\n\nx\n--c--\n--b--\n");
    const struct part *p = &m.parts[0];
    cr_assert_eq(m.part_count, 2);
    cr_assert_str_eq(p->charset, "ISO-8859-1");
    cr_assert_str_eq(p->encoding, "quoted-printable");
    cr_assert_str_eq(p->name, "\xe2\x82\xac.txt");
    cr_assert_str_eq(p->description, "R\xc3\xa9port");
    cr_assert(p->attachment && p->in_alternative);
    cr_assert_eq(p->depth, 1);
    p++;
    cr_assert_str_eq(p->charset, "utf-8");
    cr_assert_str_eq(p->name, "\xc3\xa9");
    cr_assert_null(p->encoding);
    cr_assert_null(p->description);
    cr_assert(!p->attachment && p->in_alternative);
    cr_assert_eq(p->depth, 2);
}

Test(message, report_type, .init = set_up, .fini = tear_down)
{
    read_mail("Content-Type: multipart/report; report-type=\"Delivery-Status\"; boundary=b\n\n--b\n\nx\n--b--\n");
    cr_assert_str_eq(m.report_type, "delivery-status", "GMime keeps the case of the value");
    read_mail(
        MIXED
        "--b\nContent-Type: multipart/report; report-type=feedback-report; boundary=c\n\n--c\n\nx\n--c--\n--b--\n");
    cr_assert_str_eq(m.report_type, "feedback-report", "a report that is not the top part (RFC 6522)");
    read_mail(
        MIXED
        "--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; report-type=x; boundary=c\n\n--c\n\n--b--\n");
    cr_assert_null(m.report_type, "a returned report is not this report");
}

/* The Subject and the part of the returned message; NULL: none. */
static const struct {
    const char *name, *mail, *subject;
    size_t part;
} original_rows[] = {
    {"plain", MIXED "--b\n\nx\n--b\nContent-Type: message/rfc822\n\nSubject: y\n\nz\n--b--\n", "y", 1},
    {"header only", MIXED "--b\nContent-Type: text/rfc822-headers\n\nSubject: y\n--b--\n", "y", 0},
    {"From line before the header", MIXED "--b\nContent-Type: message/rfc822\n\n>From a Mon\nSubject: y\n\nz\n--b--\n",
     "y", 0},
    {"blank line before the header", MIXED "--b\nContent-Type: message/rfc822\n\n\nSubject: y\n\nz\n--b--\n", "y", 0},
    {"base64",
     MIXED "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeQoKego=\n--b--\n", "y",
     0},
    {"quoted-printable",
     MIXED
     "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\nSub=\nject: =79\n\nz\n--b--\n",
     "y", 0},
    {"empty, then a real one",
     MIXED "--b\nContent-Type: message/rfc822\n\n--b\nContent-Type: message/rfc822\n\nSubject: y\n--b--\n", "y", 1},
    {"not a header",
     MIXED
     "--b\nContent-Type: message/rfc822\n\nremoved\n--b\nContent-Type: text/rfc822-headers\n\nSubject: y\n--b--\n",
     "y", 1},
    {"none of the fields of a mail", MIXED "--b\nContent-Type: message/rfc822\n\nReason: x\n--b--\n", NULL, SIZE_MAX},
    {"a returned report is not entered",
     MIXED "--b\nContent-Type: message/rfc822\n\nSubject: y\nContent-Type: multipart/report; boundary=c\n\n"
           "--c\nContent-Type: message/rfc822\n\nSubject: inner\n--c--\n--b--\n",
     "y", 0},
    {"the mail itself is returned", "Subject: outer\nContent-Type: message/rfc822\n\nSubject: y\n\nz\n", "y", 0},
    {"none", "Subject: outer\n\nSubject: y\n", NULL, SIZE_MAX},
};

Test(message, returned_message, .init = set_up, .fini = tear_down)
{
    for (size_t i = 0; i < COUNT(original_rows); i++) {
        read_mail(original_rows[i].mail);
        const char *name = original_rows[i].name, *subject = message_original_header(&m, "subject");
        cr_assert_eq(m.original_part, original_rows[i].part, "%s: part %zu", name, m.original_part);
        if (original_rows[i].subject)
            cr_assert(subject && !strcmp(subject, original_rows[i].subject), "%s: %s", name,
                      subject ? subject : "none");
        else
            cr_assert(!subject && m.original.count == 0, "%s", name);
    }
}

/* A part of an encoded message, whose Subject ends this many bytes after its start. */
static void read_encoded(size_t subject_end)
{
    static const char subject[] = "Subject: y";
    struct strbuf b;
    strbuf_init(&b, &arena);
    strbuf_puts(&b, MIXED "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n");
    const size_t end = b.n + subject_end, lines_end = end - strlen(subject);
    strbuf_puts(&b, "X: ");
    while (b.n < lines_end - 1)
        strbuf_puts(&b, b.n % 64 || b.n + 3 > lines_end ? "x" : "\n y");
    strbuf_puts(&b, "\n");
    strbuf_puts(&b, subject);
    cr_assert_eq(b.n, end);
    strbuf_puts(&b, "\n\nz\n--b--\n");
    read_mail(b.s);
}

Test(message, encoded_header_has_a_limit, .init = set_up, .fini = tear_down)
{
    read_encoded(LIMIT_ENCODED_HEADER_BYTES);
    cr_assert_str_eq(message_original_header(&m, "subject"), "y", "at the limit");
    read_encoded(LIMIT_ENCODED_HEADER_BYTES + 1);
    cr_assert_str_eq(message_original_header(&m, "subject"), "", "one beyond");
}

Test(message, header_fields, .init = set_up, .fini = tear_down)
{
    read_mail(
        "Subject: first\nSubject: second\nContent-Description: a\nContent-Description: b\nTo:\n <a@example.org>,\n <b@example.org>\nEmpty:\n\nx\n");
    cr_assert_str_eq(message_header(&m, "SUBJECT"), "first");
    cr_assert_str_eq(message_header(&m, "Content-Description"), "b");
    cr_assert_str_eq(message_header(&m, "to"), "<a@example.org>, <b@example.org>");
    cr_assert_str_eq(message_header(&m, "empty"), "");
    cr_assert_null(message_header(&m, "From"));
    cr_assert_null(message_original_header(&m, "Subject"));
}

/* GMime's strings end at a NUL byte. */
Test(message, nul_bytes, .init = set_up, .fini = tear_down)
{
    static const char mail[] = "Subject: ab\0cd\n\nbo\0dy\n";
    message_read(&arena, span_of(mail, sizeof mail - 1), LIMIT_MESSAGE_BYTES_DEFAULT, &m);
    cr_assert_eq(m.parts[0].raw.n, 6);
    struct span text = message_part_text(&m, 0);
    cr_assert(text.n == 8 && !memcmp(text.s,
                                     "bo\xef\xbf\xbd"
                                     "dy\n",
                                     8),
              "%.*s", (int)text.n, text.s);
    cr_assert_str_eq(message_header(&m, "Subject"), "ab\xef\xbf\xbd"
                                                    "cd");
}

/* With an unknown charset GMime returns raw bytes, and it drops bad ones. */
Test(message, charsets, .init = set_up, .fini = tear_down)
{
    static const struct {
        const char *charset, *body, *text;
        unsigned flags;
    } rows[] = {
        {"iso-8859-1", "\xe9", "\xc3\xa9", 0},
        {"utf-8", "\xc3\xa9", "\xc3\xa9", 0},
        {"x-nonexistent", "\xc3\xa9", "\xc3\xa9", MESSAGE_BAD_CHARSET},
        {"x-nonexistent", "\xe9", "\xc3\xa9", MESSAGE_BAD_CHARSET},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        read_mail(arena_printf(&arena, "Content-Type: text/plain; charset=%s\n\n%s", rows[i].charset, rows[i].body));
        struct span text = message_part_text(&m, 0);
        cr_assert(text.n == strlen(rows[i].text) && !memcmp(text.s, rows[i].text, text.n), "row %zu: %.*s", i,
                  (int)text.n, text.s);
        cr_assert_eq(m.flags, rows[i].flags, "row %zu: flags %u", i, m.flags);
    }
}

/* In 3.2.13 GMime's function for the boundary of such a multipart never returns
 * (jstedfast/gmime#165, fixed in 3.2.15); parsing its value must return. */
Test(message, long_parameter_name, .init = set_up, .fini = tear_down)
{
    struct strbuf b;
    strbuf_init(&b, &arena);
    strbuf_puts(&b, "Content-Type: multipart/mixed;\n ");
    for (int i = 0; i < 35; i++)
        strbuf_putu(&b, 0x45c);
    strbuf_puts(&b, "=\"\xd1\x9c\"; boundary=b\n\n--b\n\nx\n--b--\n");
    read_mail(b.s);
    cr_assert_str_eq(shape("\n"), "1 T text/plain [x]");
}

Test(message, a_comment_before_the_encoding, .init = set_up, .fini = tear_down)
{
    read_mail("Content-Type: text/plain\nContent-Transfer-Encoding: (really (\\)) ) base64\n\naGVsbG8=\n");
    cr_assert_str_eq(m.parts[0].encoding, "base64");
    struct span text = message_part_text(&m, 0);
    cr_assert(text.n == 5 && !memcmp(text.s, "hello", 5), "%.*s", (int)text.n, text.s);
}

/* GMime loses the second of two encoded words, and base64 after the first padding (#133
 * and #150, fixed in 3.2.14). */
Test(message, encoded_words_and_padding, .init = set_up, .fini = tear_down)
{
    read_mail("Subject: =?UTF-8?B?SGVsbG8=?= =?UTF-8?B?IHdvcmxk?=\nContent-Type: message/delivery-status\n"
              "Content-Transfer-Encoding: base64\n\naGVsbG8gd29ybGQ=\naGVsbG8gd29ybGQ=\n");
    cr_assert_str_eq(message_header(&m, "subject"), "Hello world");
    struct span text = message_part_fields(&m, 0);
    cr_assert(text.n == 22 && !memcmp(text.s, "hello worldhello world", 22), "%.*s", (int)text.n, text.s);
}

Test(message, html_as_text_and_as_fields, .init = set_up, .fini = tear_down)
{
    read_mail("Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>Action:=20failed</p>");
    struct span fields = message_part_fields(&m, 0), text = message_part_text(&m, 0);
    cr_assert(fields.n == 21 && !memcmp(fields.s, "<p>Action: failed</p>", 21), "%.*s", (int)fields.n, fields.s);
    cr_assert(span_find_nocase(text, "Action: failed") && !memchr(text.s, '<', text.n), "%.*s", (int)text.n, text.s);
    cr_assert_eq(message_part_text(&m, 0).s, text.s, "the text is cached");
}

/* g_mime_init() counts without a lock; the first complicated Content-Type calls it, in
 * whichever thread. */
static void *read_in_thread(void *result)
{
    struct arena own;
    struct message mine;
    arena_init(&own);
    bool ok = true;
    for (int i = 0; i < 500 && ok; i++) {
        message_read(&own,
                     span_z("Content-Type: multipart/mixed (x); boundary*0=b; boundary*1=c\n\n--bc\n\nx\n--bc--\n"),
                     1000, &mine);
        ok = mine.part_count == 1 && mine.parts[0].raw.n == 1;
        arena_reset(&own);
    }
    arena_free(&own);
    *(bool *)result = ok;
    return NULL;
}

Test(message, threads)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    bool ok[THREADS] = {false};
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, read_in_thread, &ok[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_assert(ok[i], "thread %d", i);
    }
}

/* Every prefix of a mail is a mail; AddressSanitizer finds reads beyond its end. */
Test(message, every_prefix, .init = set_up, .fini = tear_down)
{
    const char *mail = whole_rows[7].mail;
    for (size_t k = 0; k < COUNT(line_ends); k++) {
        struct span all = with_line_ends(&arena, mail, line_ends[k]);
        for (size_t n = 1; n <= all.n; n++) {
            char *exact = malloc(n);
            cr_assert_not_null(exact);
            memcpy(exact, all.s, n);
            message_read(&arena, span_of(exact, n), LIMIT_MESSAGE_BYTES_DEFAULT, &m);
            cr_assert_gt(m.part_count, 0, "prefix %zu", n);
            for (size_t i = 0; i < m.part_count; i++) {
                struct span raw = m.parts[i].raw;
                cr_assert(raw.s >= exact && raw.s + raw.n <= exact + n, "prefix %zu, part %zu", n, i);
                message_part_text(&m, i);
            }
            free(exact);
        }
    }
}
