/* SPDX-License-Identifier: MIT */
/* test_auto_reply.c - what automatic replies say, in many languages: until when, that somebody left, whom to write to.
 */
#include "core_testing.h"

TestSuite(auto_reply, .init = core_set_up, .fini = core_tear_down);

static bounce_report *reply_of(const char *subject, const char *date, const char *from, const char *text)
{
    static char mail[65536];
    snprintf(mail, sizeof mail,
             "Return-Path: <>\nFrom: Jo <%s>\nTo: News <news@shop.example>\nSubject: %s\n%s%s%s"
             "Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
             "Content-Transfer-Encoding: 8bit\n\n%s\n",
             from, subject, date ? "Date: " : "", date ? date : "", date ? "\n" : "", text);
    bounce_report *r = parse_mail(mail);
    cr_assert_eq(bounce_report_kind(r), BOUNCE_KIND_AUTO_REPLY, "%s", text);
    return r;
}

static const char *until_of(const char *date, const char *text)
{
    return report_text(reply_of("Automatic reply", date, "jo@old.example", text), BOUNCE_REPORT_AUTO_REPLY_UNTIL);
}

#define MONDAY "Mon, 5 Aug 2024 09:00:00 +0000"

/* Forms of dates, after an unambiguous word. */
Test(auto_reply, forms_of_a_day)
{
    static const struct {
        const char *text, *until;
    } rows[] = {
        {"until 2024-08-09", "2024-08-09"},
        {"until 2024/8/9", "2024-08-09"},
        {"until 09.08.2024", "2024-08-09"},
        {"until 9.8.24", "2024-08-09"},
        {"until 9. 8. 2024", "2024-08-09"},
        {"until 09.08.", "2024-08-09"},
        {"until 09-08-2024 bis", "2024-08-09"},
        {"until August 9", "2024-08-09"},
        {"until Aug. 9th, 2024", "2024-08-09"},
        {"until the 9th of August", "2024-08-09"},
        {"until Friday, 9 August 2024", "2024-08-09"},
        {"until 9 Aug 17:00", "2024-08-09"},
        {"until 2024年8月9日", "2024-08-09"},
        {"until 2024년 8월 9일", "2024-08-09"},
        {"until 2024. 8. 9.", "2024-08-09"},
        {"until 13/08", "2024-08-13"},
        {"until 08/13", "2024-08-13"},
        {"until 08/08", "2024-08-08"},
        {"until 8/9", "-"},
        {"until 8/9/2024", "-"},
        {"bis 8/9/2024", "2024-09-08"},
        {"8/9まで", "2024-08-09"},
        /* No days. */
        {"until 24/7", "-"},
        {"until 17:30", "-"},
        {"until 5", "-"},
        {"until August", "-"},
        {"until 31 June", "-"},
        {"until 30.02.2025", "-"},
        {"until 29.02.2024", "2024-02-29"},
        {"until 29.02.", "2028-02-29"},
        {"until version 1.2.3", "-"},
        {"until 192.0.2.8", "-"},
        {"until +49 30 12.08.55", "-"},
        {"until 13/13", "-"},
        /* Dates without words that say what they end. */
        {"on 9 August", "-"},
        {"sent 9 August; I am away until further notice", "-"},
        {"Meet us until next year. We open 9 August", "-"},
        {"I am away until \"9 August\"", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(until_of(MONDAY, rows[i].text), rows[i].until, "%s", rows[i].text);
}

/* The first such day after the Date of the mail. */
Test(auto_reply, year)
{
    static const struct {
        const char *date, *text, *until;
    } rows[] = {
        {"Mon, 30 Dec 2024 10:00:00 +0000", "until 7 January", "2025-01-07"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 5 August", "2024-08-05"},
        {"Mon, 5 Aug 2024 20:00:00 -0700", "until 5 August", "2024-08-05"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 3 August", "2025-08-03"},
        {"Mon, 5 Aug 2024 10:00:00 +0000", "until 3 August 2023", "2023-08-03"},
        {NULL, "until 7 January", "-"},
        {NULL, "until 7 January 2025", "2025-01-07"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(until_of(rows[i].date, rows[i].text), rows[i].until, "row %zu", i);
}

/* The subject announces the absence, but the text in it that was replied to is somebody else's. */
Test(auto_reply, subject)
{
    static const struct {
        const char *subject, *until;
    } rows[] = {
        {"Automatic reply: Offer until 9 August", "-"},
        {"Out of office until 9 August", "2024-08-09"},
        {"AUTO: Jo Doe is out of the office (returning 08/15/2024)", "2024-08-15"},
        {"Automatic reply: Jo has left the company", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = reply_of(rows[i].subject, MONDAY, "jo@old.example", "Thank you.");
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), rows[i].until, "%s", rows[i].subject);
        cr_expect_not(bounce_report_auto_reply_left(r), "%s", rows[i].subject);
    }
}

/* Whose address it is, and where it is. */
Test(auto_reply, addresses)
{
    static const struct {
        const char *text, *new_address, *contact;
    } rows[] = {
        {"Please contact jo@old.example.", "-", "-"},
        {"Please contact news@shop.example.", "-", "-"},
        {"Please contact ann@old.example or bob@old.example.", "-", "ann@old.example"},
        {"My new address is jo@new.example, not jo@old.example.", "jo@new.example", "-"},
        {"I am away.\n\nBest regards\nJo\ncontact: info@old.example", "-", "-"},
        {"I am away.\n\nBest regards\nJo\n\nOld Ltd, contact info@old.example", "-", "-"},
        {"I am away.\n-- \nUrgent? contact info@old.example.", "-", "-"},
        {"I am away.\n\n> please contact ann@other.example", "-", "-"},
        {"I am away.\n\n-----Original Message-----\nplease contact ann@other.example", "-", "-"},
        {"I am away.\n\nAnn wrote to me: ann@other.example", "-", "-"},
        {"In urgent cases:\n\nAnn Doe\nann@old.example", "-", "ann@old.example"},
        {"Please contact Dr. Ann Doe (ann@old.example).", "-", "ann@old.example"},
        {"Please contact us. Our list lives at list@old.example.", "-", "-"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bounce_report *r = reply_of("Automatic reply", MONDAY, "jo@old.example", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS), rows[i].new_address, "%s", rows[i].text);
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT), rows[i].contact, "%s",
                         rows[i].text);
    }
}

/* An acknowledgement that promises an answer by some day is not an absence until that day. */
Test(auto_reply, acknowledgement)
{
    bounce_report *r = reply_of("We have received your request", MONDAY, "help@old.example",
                                "You will hear from us until 9 August. Urgent? Write to desk@old.example.");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), "-");
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT), "desk@old.example");
}

/* Only automatic replies have these facts. */
Test(auto_reply, other_kinds)
{
    bounce_report *r = parse_mail("From: Ann <ann@example.org>\nTo: b@example.net\nSubject: lunch\n"
                                  "Date: " MONDAY "\n\nI am away until 9 August.\n");
    cr_expect_eq(bounce_report_kind(r), BOUNCE_KIND_NONE);
    cr_expect_str_eq(report_text(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL), "-");
    const char *json;
    bounce_report_json(r, NULL, &json, NULL);
    cr_expect(strstr(json, "\"machine\":false,\"auto_reply\":null,"));
}

/* Long and odd texts take linear time, and no character is split. */
Test(auto_reply, hostile)
{
    static char text[60000];
    const char *const pieces[] = {"1/1/24 ",      "до ",        "\xf0\x9f\x93\x85", "contact a@b.example; ",
                                  "until until ", "\"5 May\" ", "\xc3\xa9\xc3\xa9", "8月",
                                  "3.-"};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        text[0] = '\0';
        const size_t n = strlen(pieces[i]);
        for (size_t k = 0; k + n < 20000; k += n)
            memcpy(text + k, pieces[i], n + 1);
        reply_of("Automatic reply", MONDAY, "jo@old.example", text);
    }
}
