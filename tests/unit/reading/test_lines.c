/* SPDX-License-Identifier: MIT */
/* test_lines.c - invisible characters in the lines of a report (reading/lines.c). */
#include "core_testing.h"

TestSuite(lines, .init = core_set_up, .fini = core_tear_down);

/* At the end of a line, of the text, and within an address. */
Test(lines, invisible_characters)
{
    static const char *const marks[] = {"\u00ad", "\u200b", "\u2060", "\ufeff", "\u202a", "\u2069", "\ufe0f"};
    static const char *const lines[] = {"user@example.net%s", "user@example.net%s\n", "user@exam%sple.net\n",
                                        "%suser@example.net\n"};
    for (size_t i = 0; i < COUNT(marks); i++)
        for (size_t k = 0; k < COUNT(lines); k++) {
            char text[512];
            int n = snprintf(text, sizeof text, "Your message could not be delivered to:\n\n");
            snprintf(text + n, sizeof text - (size_t)n, lines[k], marks[i]);
            const bounce_recipient *r = only(parse_mail(notice_mail(text)), text);
            cr_expect_str_eq(text_of(r, BOUNCE_RECIPIENT_ADDRESS), "user@example.net", "mark %zu, line %zu", i, k);
        }
}

/* The header of a returned message on an HTML page, where the indentation of folded fields is lost. */
Test(lines, header_without_indentation)
{
    const bounce_report *r = parse_mail(notice_mail("<joe@example.net>\n    550 5.1.1 User unknown\n\n"
                                                    "Received: from mail.example.org\nby mx.example.org with SMTP;\n"
                                                    "for <ann@example.com>\nFrom: Ann <ann@example.org>\n"
                                                    "Message-ID: <1@example.org>\n\nDear reader,\n"));
    cr_expect_str_eq(text_of(only(r, "header"), BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID), "<1@example.org>");
}

/* "please contact" at the end of the line above. */
Test(lines, contact_in_the_next_line)
{
    static const struct {
        const char *above;
        size_t recipients;
    } cases[] = {{"For further assistance, please contact\n<support@example.com>\n", 1},
                 {"For further assistance, please contact\nsupport@example.com if need be\n", 1},
                 {"please contact\n\n<support@example.com>\n", 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        snprintf(text, sizeof text, "Your message could not be delivered to:\n\n<joe@example.net>: User unknown\n\n%s",
                 cases[i].above);
        const bounce_report *r = parse_mail(notice_mail(text));
        cr_expect_eq(bounce_report_recipients(r), cases[i].recipients, "%s%zu", cases[i].above,
                     bounce_report_recipients(r));
    }
}

/* Indentation of all lines means nothing; that of some lines does. */
Test(lines, margin)
{
    static const char *const margins[] = {"", "  ", "        "};
    for (size_t i = 0; i < COUNT(margins); i++) {
        const char *m = margins[i];
        char text[512];
        snprintf(
            text, sizeof text,
            "%sThe following address failed:\n\n%s  joe@example.net\n%s    host mx.example.net said:\n"
            "%s    550 5.1.1 User unknown\n\n%sReceived: from a.example\n%s\tby b.example\n%sMessage-ID: <1@a.example>\n",
            m, m, m, m, m, m, m);
        const bounce_report *r = parse_mail(notice_mail(text));
        cr_expect_str_eq(text_of(only(r, text), BOUNCE_RECIPIENT_ADDRESS), "joe@example.net");
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID), "<1@a.example>", "%zu", i);
    }
}

/* The header in an indented text ends with its part. */
Test(lines, margin_of_one_part)
{
    const bounce_report *r =
        parse_mail("From: MAILER-DAEMON@mx.example.org\nTo: ann@example.org\nSubject: Returned mail: User unknown\n"
                   "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
                   "  <joe@example.net>: 550 5.1.1 User unknown\n\n  Received: from a.example by b.example\n"
                   "  Message-ID: <1@a.example>\n--b\n\nSubject: of another part\n--b--\n");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID), "<1@a.example>");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_ORIGINAL_SUBJECT), "-");
}
