/* SPDX-License-Identifier: MIT */
/*
 * test_text_limits.c - the caps of base/limits.h on the fields, lines, paragraphs and
 * texts of a report, at the limit and one beyond it: beyond, a warning says so, and
 * nothing that was cut is reported as if it were whole.
 */
#include "made_report.h"

static void expect_warned(const bounce_report *report, const char *id, size_t beyond)
{
    expect(warned(report, id) == (beyond > 0), id, beyond, beyond ? "no warning" : "a warning");
}

/* Recipients by address, and the warning that is expected beyond the limit. */
static void check_one(const char *address, const char *reason, const char *id, bool reply, size_t beyond)
{
    bounce_report *report = parse(builtin, reply);
    expect_warned(report, id, beyond);
    expect_count(bounce_report_recipients(report), 1, id, beyond);
    expect(!strcmp(address_of(report, 0), address), id, beyond, address_of(report, 0));
    expect(!strcmp(reason_of(report, 0), reason), id, beyond, reason_of(report, 0));
    bounce_report_free(report);
}

/* ------------------------------------------------------------------- fields */

static void test_diagnostic_bytes(void)
{
    static const char words[] = " no such user";
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART FIELDS "\nFinal-Recipient: rfc822; u@example.net\nAction: failed\nDiagnostic-Code: ");
        size_t begin = text.n;
        strbuf_puts(&text, "smtp; 550 ");
        pad_to(begin + LIMIT_HEADER_BYTES + beyond - strlen(words));
        strbuf_puts(&text, words);
        strbuf_puts(&text, "\n\n--b--\n");
        check_one("u@example.net", beyond ? "unknown" : "no-such-user", "long-field", false, beyond);
    }
}

static void test_header_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("From: MAILER-DAEMON@example.org\nSubject:");
        size_t begin = text.n + 1;
        strbuf_puts(&text, " failure notice ");
        while (text.n < begin + LIMIT_HEADER_BYTES + beyond)
            strbuf_putc(&text, 'x');
        strbuf_puts(&text, "\n\n<u@example.net>: user unknown\n");
        check_one("u@example.net", "no-such-user", "long-field", false, beyond);
    }
}

static void test_content_type_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("From: MAILER-DAEMON@example.org\nSubject: failure notice\nContent-Type: text/plain; x=");
        while (text.n < strlen("From: MAILER-DAEMON@example.org\nSubject: failure notice\nContent-Type: ") +
                            LIMIT_HEADER_BYTES + beyond)
            strbuf_putc(&text, 'x');
        strbuf_puts(&text, "\n\n<u@example.net>: user unknown\n");
        check_one("u@example.net", "no-such-user", "long-field", false, beyond);
    }
}

static void test_feedback_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
                     "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
                     "Original-Rcpt-To: u@example.net\n");
        add_times(LIMIT_HEADER_LINES - 2 + beyond, "X: y\n");
        strbuf_puts(&text, "\n--b--\n");
        check_one("u@example.net", "complaint", "too-many-fields", false, beyond);
    }
}

/* The header of a returned message in base64, cut before its end. */
static void test_encoded_header_bytes(void)
{
    enum { GROUP = 4 };
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART FIELDS "\nFinal-Recipient: rfc822; u@example.net\nStatus: 5.1.1\n\n--b\n"
                               "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                               "U3ViamVjdDogeApUbzogYUBiLmMKRnJvbTogYUBiLmMKWDog"); /* Subject:, To:, From:, "X: " */
        add_times((LIMIT_ENCODED_HEADER_BYTES - 48) / GROUP - 1 + beyond, "eHh4");
        strbuf_puts(&text, "eAoK\n--b--\n"); /* the end of the header */
        check_one("u@example.net", "no-such-user", "too-many-headers", false, beyond);
    }
}

/* ---------------------------------------------------------------- addresses */

static void add_address(size_t bytes)
{
    size_t end = text.n + bytes - strlen("@example.net");
    while (text.n < end)
        strbuf_putc(&text, 'a');
    strbuf_puts(&text, "@example.net");
}

static void check_address(bool reply, const char *reason, size_t beyond)
{
    bounce_report *report = parse(builtin, reply);
    const char *address = address_of(report, 0);
    expect_warned(report, "long-address", beyond);
    expect(strlen(address) == (beyond ? strlen("no address") : LIMIT_ADDRESS_BYTES), "long-address", beyond, address);
    expect(!strcmp(reason_of(report, 0), reason), "long-address", beyond, reason_of(report, 0));
    bounce_report_free(report);
}

static void test_address_in_field(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART FIELDS "\nFinal-Recipient: rfc822; ");
        add_address(LIMIT_ADDRESS_BYTES + beyond);
        strbuf_puts(&text, "\nAction: failed\nStatus: 5.1.1\n\n--b--\n");
        check_address(false, "no-such-user", beyond);
    }
}

/* A recipient whose address fits is reported; the text about one whose address does not fit goes to nobody else. */
static void test_address_in_text(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\n<");
        add_address(LIMIT_ADDRESS_BYTES + beyond);
        strbuf_puts(&text, ">: user unknown\n\n<w@example.net>: mailbox full\n");
        bounce_report *report = parse(builtin, false);
        expect_warned(report, "long-address", beyond);
        expect_count(bounce_report_recipients(report), 2 - beyond, "long-address: recipients", beyond);
        expect(!strcmp(address_of(report, 1 - beyond), "w@example.net"), "long-address", beyond,
               address_of(report, 1 - beyond));
        expect(!strcmp(reason_of(report, 1 - beyond), "mailbox-full"), "long-address", beyond,
               reason_of(report, 1 - beyond));
        bounce_report_free(report);
    }
}

static void test_address_in_reply(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("550 5.1.1 <");
        add_address(LIMIT_ADDRESS_BYTES + beyond);
        strbuf_puts(&text, ">: user unknown");
        check_address(true, "no-such-user", beyond);
    }
}

static void test_addresses_of_line(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\nYour message could not be delivered to: ");
        add_numbered(LIMIT_LINE_ADDRESSES + beyond, "<u", "@b.c>, ");
        strbuf_puts(&text, "\n");
        bounce_report *report = parse(builtin, false);
        expect_warned(report, "too-many-addresses", beyond);
        bounce_report_free(report);
    }
}

static void test_senders_bytes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start("From: MAILER-DAEMON@example.org\nSubject: failure notice\nTo: ");
        size_t begin = text.n;
        while (text.n < begin + LIMIT_SENDERS_BYTES + beyond - strlen("ab@example.org"))
            strbuf_puts(&text, text.n + 10 < begin + LIMIT_SENDERS_BYTES + beyond - strlen("ab@example.org")
                                   ? "a@b.org, "
                                   : " ");
        strbuf_puts(&text, "ab@example.org\n\n<u@example.net>: user unknown\n");
        check_one("u@example.net", "no-such-user", "long-senders", false, beyond);
    }
}

/* ------------------------------------------------------- texts and paragraphs */

static void test_codes(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART FIELDS "\nFinal-Recipient: rfc822; u@example.net\nAction: failed\nDiagnostic-Code: smtp;");
        add_times(LIMIT_REPLY_CODES - 1 + beyond, " 550-5.1.1 no such user;");
        strbuf_puts(&text, " 550 5.1.1 no such user\n\n--b--\n");
        check_one("u@example.net", "no-such-user", "too-many-codes", false, beyond);
    }
}

static void test_texts(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(MULTIPART FIELDS "\nFinal-Recipient: rfc822; u@example.net\nAction: failed\n"
                               "Diagnostic-Code: smtp; 550 5.1.1 no such user\n");
        add_numbered(LIMIT_TEXTS - 1 + beyond, "X-Notes: note ", "\n");
        strbuf_puts(&text, "\n--b--\n");
        check_one("u@example.net", "no-such-user", "too-many-texts", false, beyond);
    }
}

static void test_paragraph_lines(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\nYour message was not delivered to:\n\n<u@example.net>\n<v@example.net>\n\n"
                     "   ----- Transcript of session follows -----\n550 5.1.1 user unknown\n");
        add_times(LIMIT_PARAGRAPH_LINES - 2 + beyond, "and more of it\n");
        bounce_report *report = parse(builtin, false);
        expect_warned(report, "long-paragraph", beyond);
        expect_count(bounce_report_recipients(report), 2, "long-paragraph", beyond);
        bounce_report_free(report);
    }
}

static void test_paragraphs(void)
{
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\nYour message was not delivered to:\n\n<u@example.net>\n<v@example.net>\n\n"
                     "   ----- Transcript of session follows -----\n");
        add_times(LIMIT_PARAGRAPHS_ABOUT_ONE - 1 + beyond, "word\n\n");
        strbuf_puts(&text, "550 5.1.1 user unknown\n");
        bounce_report *report = parse(builtin, false);
        expect_warned(report, "too-many-paragraphs", beyond);
        expect_count(bounce_report_recipients(report), 2, "too-many-paragraphs", beyond);
        bounce_report_free(report);
    }
}

/* What identifies the writer may be further down than is searched. */
static void test_whole_text_bytes(void)
{
    static const char front[] = "<u@example.net>: user unknown\n\n";
    for (size_t beyond = 0; beyond < 2; beyond++) {
        start(HEADER "\n");
        size_t begin = text.n;
        strbuf_puts(&text, front);
        while (text.n < begin + LIMIT_SEARCHED_BYTES - 1 + beyond)
            strbuf_putc(&text, (text.n - begin) % 64 ? 'x' : '\n');
        strbuf_puts(&text, "\n");
        check_one("u@example.net", "no-such-user", "long-subject", false, beyond);
    }
}

int main(void)
{
    static void (*const tests[])(void) = {
        test_diagnostic_bytes,
        test_header_bytes,
        test_content_type_bytes,
        test_feedback_lines,
        test_encoded_header_bytes,
        test_address_in_field,
        test_address_in_text,
        test_address_in_reply,
        test_addresses_of_line,
        test_senders_bytes,
        test_codes,
        test_texts,
        test_paragraph_lines,
        test_paragraphs,
        test_whole_text_bytes,
    };
    return run_tests(tests, sizeof tests / sizeof *tests);
}
