/* SPDX-License-Identifier: MIT */
/*
 * test_message_limits.c - every cap of base/limits.h that mail/message.c enforces, at the
 * limit and one beyond it, and the time and memory that hostile mails cost.
 *
 * GMime 3.2.13 and 3.2.15 have no caps but a nesting of 1024: 500,000 parts in
 * 3.5 MB cost 661 MB there, a million header lines 544 MB, 1,023 nested
 * boundaries above "--" lines two seconds per MiB. These mails are tested too.
 */
#include "base/limits.h"
#include "mail/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_SECONDS = 4, MAX_RESIDENT_KIB = 400 * 1024 }; /* room for sanitizers */

static struct arena mail_arena, arena;
static struct strbuf mail;
static struct message m;
static int failures;

static void expect(bool ok, const char *what, size_t got)
{
    if (ok)
        return;
    printf("FAIL %s (got %zu)\n", what, got);
    failures++;
}

static void start(const char *text)
{
    arena_reset(&mail_arena);
    strbuf_init(&mail, &mail_arena);
    strbuf_puts(&mail, text);
}

static void add_times(size_t times, const char *text)
{
    while (times--)
        strbuf_puts(&mail, text);
}

static void add_numbered(size_t from, size_t to, const char *format)
{
    char line[128];
    for (size_t i = from; i < to; i++) {
        snprintf(line, sizeof line, format, i, i);
        strbuf_puts(&mail, line);
    }
}

static void read_up_to(size_t max_bytes)
{
    arena_reset(&arena);
    message_read(&arena, span_of(mail.s, mail.n), max_bytes, &m);
}

/* Also fails if the mail took too long or too much memory. */
static void read_mail(const char *what)
{
    clock_t before = clock();
    read_up_to(LIMIT_MESSAGE_BYTES_MAX);
    for (size_t i = 0; i < m.part_count; i++)
        if (m.parts[i].role != PART_OTHER)
            message_part_text(&m, i);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (seconds > MAX_SECONDS || usage.ru_maxrss > MAX_RESIDENT_KIB) {
        printf("FAIL %s: %.2f s, %ld KiB\n", what, seconds, usage.ru_maxrss);
        failures++;
    }
}

static bool has(unsigned flag)
{
    return (m.flags & flag) != 0;
}

static void test_message_bytes(void)
{
    start("Subject: x\n\n");
    add_times(LIMIT_MESSAGE_BYTES_MIN - mail.n, "y");
    read_up_to(LIMIT_MESSAGE_BYTES_MIN);
    expect(!has(MESSAGE_TRUNCATED) && m.bytes.n == LIMIT_MESSAGE_BYTES_MIN, "bytes at the limit", m.bytes.n);
    add_times(1, "y");
    read_up_to(LIMIT_MESSAGE_BYTES_MIN);
    expect(has(MESSAGE_TRUNCATED) && m.bytes.n == LIMIT_MESSAGE_BYTES_MIN, "bytes beyond", m.bytes.n);
    expect(m.parts[0].raw.s + m.parts[0].raw.n == mail.s + LIMIT_MESSAGE_BYTES_MIN, "part ends at the cap", 0);
}

static void test_header_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Subject: x\n");
        add_times(LIMIT_HEADER_LINES - 2, "X: y\n");
        add_times(beyond, " z\n");
        add_times(1, "To: a@example.org\n\nbody\n");
        read_mail("header lines");
        expect(has(MESSAGE_TOO_MANY_HEADERS) == (beyond == 1), "header lines: flag", m.flags);
        expect(m.header.count == LIMIT_HEADER_LINES - beyond, "header lines: count", m.header.count);
        expect(m.part_count == 1 && m.parts[0].raw.n == 5, "header lines: the body is found", m.parts[0].raw.n);
    }
}

static void test_part_header_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Content-Type: multipart/mixed; boundary=b\n\n--b\n");
        add_times(LIMIT_HEADER_LINES - 1 + beyond, "X: y\n");
        add_times(1, "Content-Type: text/html\n\nbody\n--b--\n");
        read_mail("header lines of a part");
        expect(has(MESSAGE_TOO_MANY_HEADERS) == (beyond == 1), "part header: flag", m.flags);
        expect(m.parts[0].role == (beyond ? PART_TEXT : PART_HTML), "part header: type", m.parts[0].role);
    }
}

static void test_original_header_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Content-Type: message/rfc822\n\nSubject: x\n");
        add_times(LIMIT_HEADER_LINES - 1 + beyond, "X: y\n");
        read_mail("header lines of the returned message");
        expect(has(MESSAGE_TOO_MANY_HEADERS) == (beyond == 1), "original header: flag", m.flags);
        expect(m.original.count == LIMIT_HEADER_LINES, "original header: count", m.original.count);
    }
}

static void test_header_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Subject:");
        add_times(LIMIT_HEADER_BYTES + beyond, "y");
        add_times(1, "\n\nbody\n");
        read_mail("header bytes");
        const char *subject = message_header(&m, "subject");
        expect(subject && strlen(subject) == LIMIT_HEADER_BYTES, "header bytes: length", subject ? strlen(subject) : 0);
        expect(has(MESSAGE_LONG_FIELD) == (beyond == 1), "header bytes: flag", m.flags);
    }
}

static void test_parts(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Content-Type: multipart/mixed; boundary=b\n\n");
        add_times(LIMIT_PARTS + beyond, "--b\n\nx\n");
        add_times(1, "--b--\n");
        read_mail("parts");
        expect(m.part_count == LIMIT_PARTS, "parts: count", m.part_count);
        expect(has(MESSAGE_TOO_MANY_PARTS) == (beyond == 1), "parts: flag", m.flags);
        expect(m.parts[LIMIT_PARTS - 1].raw.n == 1, "parts: the last one", m.parts[LIMIT_PARTS - 1].raw.n);
    }
}

/* The mail itself is level 0, so LIMIT_NESTING multiparts may be open. */
static void test_nesting(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Content-Type: multipart/mixed; boundary=b0b\n\n--b0b\n");
        add_numbered(1, LIMIT_NESTING + beyond, "Content-Type: multipart/mixed; boundary=b%zub\n\n--b%zub\n");
        add_times(1, "\nleaf\n");
        read_mail("nesting");
        expect(m.part_count == 1, "nesting: parts", m.part_count);
        expect(has(MESSAGE_TOO_DEEP) == (beyond == 1), "nesting: flag", m.flags);
        expect(m.parts[0].depth == LIMIT_NESTING, "nesting: depth", (size_t)m.parts[0].depth);
        expect(m.parts[0].role == (beyond ? PART_OTHER : PART_TEXT), "nesting: role", m.parts[0].role);
    }
}

static void test_boundary_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n");
        add_times(LIMIT_BOUNDARY_LINES - 3 + beyond, "-- \n");
        add_times(1, "--b\n\nsecond\n--b--\n");
        read_mail("boundary lines");
        expect(has(MESSAGE_TOO_MANY_BOUNDARIES) == (beyond == 1), "boundary lines: flag", m.flags);
        expect(m.part_count == 2, "boundary lines: parts", m.part_count);
        expect((m.parts[1].raw.n == 6) == (beyond == 0), "boundary lines: last part", m.parts[1].raw.n);
    }
}

/* "--" lines of the returned message do not count: what follows it is found. */
static void test_boundary_lines_of_original(void)
{
    start("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n");
    add_times(LIMIT_BOUNDARY_LINES * 3, "--\n");
    add_times(1, "--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n");
    read_mail("boundary lines of the returned message");
    expect(!has(MESSAGE_TOO_MANY_BOUNDARIES), "original's lines: flag", m.flags);
    expect(m.part_count == 2 && m.parts[1].role == PART_DELIVERY_STATUS, "original's lines: parts", m.part_count);
}

static void test_part_text_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("Subject: x\n\n");
        add_times(LIMIT_PART_TEXT_BYTES + beyond, "y");
        read_mail("part text");
        expect(message_part_text(&m, 0).n == LIMIT_PART_TEXT_BYTES, "part text: length", message_part_text(&m, 0).n);
        expect(has(MESSAGE_TRUNCATED) == (beyond == 1), "part text: flag", m.flags);
    }
}

/* A cap inside a character must not make the text be read in another charset. */
static void test_cut_characters(void)
{
    for (size_t lead = 0; lead < 4; lead++) {
        start("Content-Type: text/plain; charset=utf-8\n\n");
        add_times(lead, "y");
        add_times(LIMIT_PART_TEXT_BYTES / 2, "\xe2\x82\xac");
        read_mail("cut characters");
        struct span text = message_part_text(&m, 0);
        expect(text.n <= LIMIT_PART_TEXT_BYTES && text.n > LIMIT_PART_TEXT_BYTES - 4, "cut characters: length", text.n);
        expect((text.n - lead) % 3 == 0, "cut characters: whole ones", text.n);
        expect(!has(MESSAGE_BAD_BYTES | MESSAGE_BAD_CHARSET), "cut characters: flags", m.flags);
    }
}

/* What costs GMime most; each mail has 1 to 12 MB. */
static void test_amplifiers(void)
{
    start("Content-Type: multipart/mixed; boundary=b\n\n");
    add_times(500000, "--b\n\nx\n");
    read_mail("500,000 parts");
    start("");
    add_times(1000000, "X: y\n");
    read_mail("1,000,000 header lines");
    start("Subject: ");
    add_times(1000000, "0123456789\n ");
    read_mail("one header field of 12 MB");
    start("Content-Type: multipart/mixed; boundary=b0b\n\n--b0b\n");
    add_numbered(1, 1023, "Content-Type: multipart/mixed; boundary=b%zub\n\n--b%zub\n");
    add_times(500000, "--\n");
    read_mail("1,023 levels above 500,000 lines");
    start("Content-Type: multipart/mixed; boundary=b0b\n\n--b0b\n");
    add_numbered(1, LIMIT_NESTING, "Content-Type: multipart/mixed; boundary=b%zub\n\n--b%zub\n");
    add_times(1, "Content-Type: message/rfc822\n\nSubject: x\n\n");
    add_times(1000000, "--b\n");
    read_mail("a returned message of dashes in 64 levels");
    start("Content-Type: multipart/mixed; boundary=b\n\n");
    add_times(5000000, "x\n");
    read_mail("a preamble of 10 MB");
    start("Content-Type: multipart/mixed; boundary=b\r\r");
    add_times(5000000, "\r");
    read_mail("10 MB of CR");
    start("Content-Type: text/plain");
    add_times(100000, "; a*0*=(\"\\x");
    read_mail("a Content-Type of 1 MB for GMime");
    start("Content-Type: multipart/mixed; boundary=b\n\n");
    add_times(LIMIT_BOUNDARY_LINES - 1, "--b\nContent-Type: multipart/mixed; boundary=(c)\n\n");
    read_mail("10,000 multiparts without an end");
    start("");
    add_times(1000000, ">From x\n\n");
    read_mail("a million From lines");
    start("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n");
    add_times(200000, "U3ViamVjdDogeAo=\n");
    read_mail("an encoded returned message");
}

int main(void)
{
    static void (*const tests[])(void) = {
        test_message_bytes,
        test_header_lines,
        test_part_header_lines,
        test_original_header_lines,
        test_header_bytes,
        test_parts,
        test_nesting,
        test_boundary_lines,
        test_boundary_lines_of_original,
        test_part_text_bytes,
        test_cut_characters,
        test_amplifiers,
    };
    arena_init(&mail_arena);
    arena_init(&arena);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tests[i]();
    arena_free(&mail_arena);
    arena_free(&arena);
    printf("%d failures\n", failures);
    return failures ? 1 : 0;
}
