/* SPDX-License-Identifier: MIT */
/* test_machine.c - whether a program wrote a mail and nothing may reply to it: the sign `machine`, and every kind. */
#include "core_testing.h"

TestSuite(machine, .init = core_set_up, .fini = core_tear_down);

static bool is_machine(const char *fields)
{
    char mail[2048];
    snprintf(mail, sizeof mail,
             "%s%sTo: b@example.net\nSubject: lunch\nContent-Type: text/plain\nDate: Mon, 5 Oct 2026 10:00:00 "
             "+0000\n\nAt noon?\n",
             strstr(fields, "From: ") ? "" : "From: Ann <ann@example.org>\n", fields);
    return bounce_report_machine(parse_mail(mail));
}

Test(machine, header)
{
    static const struct {
        const char *fields;
        bool machine;
    } rows[] = {
        {"", false},
        {"Return-Path: <ann@example.org>\n", false},
        {"Return-Path: <>\n", true},
        {"Auto-Submitted: auto-generated\n", true},
        {"Auto-Submitted: auto-replied; owner-email=x\n", true},
        {"Auto-Submitted: something-new\n", true},
        {"Auto-Submitted: no\n", false},
        {"Auto-Submitted: No (a person)\n", false},
        {"Precedence: bulk\n", true},
        {"Precedence: Junk\n", true},
        {"Precedence: list\n", true},
        {"Precedence: auto_reply\n", true},
        {"Precedence: normal\n", false},
        {"Precedence: first-class\n", false},
        {"List-Id: <garden.example.org>\n", true},
        {"List-Unsubscribe: <https://example.org/u>\n", true},
        {"List-Post: NO\n", true},
        {"X-List: garden\n", false},
        {"X-Auto-Response-Suppress: All\n", true},
        {"X-Auto-Response-Suppress: DR, OOF, AutoReply\n", true},
        {"X-Auto-Response-Suppress: DR, RN, NRN\n", false},
        {"X-Auto-Response-Suppress: None\n", false},
        {"From: MAILER-DAEMON@example.org\n", true},
        {"From: Example <no-reply@example.org>\n", true},
        {"From: Example <noreply-orders@example.org>\n", true},
        {"From: Example <orders_noreply@example.org>\n", true},
        {"From: Norepl Yves <yves@example.org>\n", false},
        {"X-Failed-Recipients: joe@example.net\n", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(is_machine(rows[i].fields), rows[i].machine, "%s", rows[i].fields);
}

/* Whatever is not ordinary mail was written by a program, even if its header does not say so. */
Test(machine, every_kind)
{
    bounce_report *r =
        parse_mail("From: Joe <joe@example.net>\nTo: b@example.org\nSubject: Out of office\n\nBack soon\n");
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_AUTO_REPLY);
    cr_assert(bounce_report_machine(r));
    r = parse_mail("From: Joe <joe@example.net>\nTo: b@example.org\nSubject: Read: news\n"
                   "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n"
                   "--b\nContent-Type: message/disposition-notification\n\n"
                   "Disposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n");
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_MDN);
    cr_assert(bounce_report_machine(r));
    bounce_report *reply = NULL;
    cr_assert_eq(bounce_parse_reply(core_parser, "250 OK", 6, NULL, &reply, NULL), BOUNCE_OK);
    cr_assert(bounce_report_machine(core_keep(reply)));
}
