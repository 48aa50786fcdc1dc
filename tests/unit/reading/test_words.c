/* SPDX-License-Identifier: MIT */
/* test_words.c - lists of words (doc/rules.md): for each list a mail that is read
 * in another way if a user's file adds the word "zorp" to the list. */
#include "core_testing.h"
#include "match/word_lists.h"
#include "rules/load.h"

/* ------------------------------------------------------ what a report shows */

static const char *addresses(const bounce_report *r)
{
    static char list[256];
    list[0] = '\0';
    for (size_t i = 0; i < bounce_report_recipients(r); i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? " " : "",
                 text_of(bounce_report_recipient(r, i), BOUNCE_RECIPIENT_ADDRESS));
    }
    return list;
}

static const char *originals(const bounce_report *r)
{
    return text_of(only(r, "original"), BOUNCE_RECIPIENT_ORIGINAL);
}

static const char *host(const bounce_report *r)
{
    return text_of(only(r, "host"), BOUNCE_RECIPIENT_REMOTE_MTA);
}

static const char *reason(const bounce_report *r)
{
    return bounce_reason_name(bounce_recipient_reason(bounce_report_recipient(r, 0)));
}

static const char *subject(const bounce_report *r)
{
    return report_text(r, BOUNCE_REPORT_ORIGINAL_SUBJECT);
}

static const char *kind(const bounce_report *r)
{
    return bounce_kind_name(bounce_report_kind(r));
}

static const char *date(const bounce_report *r)
{
    return report_text(r, BOUNCE_REPORT_ORIGINAL_DATE);
}

static const char *message_id(const bounce_report *r)
{
    return report_text(r, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID);
}

static const char *from(const bounce_report *r)
{
    return report_text(r, BOUNCE_REPORT_ORIGINAL_FROM);
}

/* "until 2026-03-09", "left", "new a@example.com", "contact a@example.com": the first fact of an automatic reply. */
static const char *told(const bounce_report *r)
{
    static char shown_as[256];
    const char *until = bounce_report_string(r, BOUNCE_REPORT_AUTO_REPLY_UNTIL);
    const char *address = bounce_report_string(r, BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS);
    const char *contact = bounce_report_string(r, BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT);
    if (bounce_report_auto_reply_left(r))
        return "left";
    snprintf(shown_as, sizeof shown_as, "%s%s",
             until     ? "until "
             : address ? "new "
             : contact ? "contact "
                       : "",
             until     ? until
             : address ? address
             : contact ? contact
                       : "nothing");
    return shown_as;
}

/* A fact from the reply of the first recipient. */
static const char *told_of_first(const bounce_report *r, bounce_told_field field)
{
    const char *value = bounce_recipient_told(bounce_report_recipient(r, 0), field);
    return value ? value : "-";
}

static const char *refused_ip(const bounce_report *r)
{
    return told_of_first(r, BOUNCE_TOLD_REFUSED_IP);
}

static const char *refused_domain(const bounce_report *r)
{
    return told_of_first(r, BOUNCE_TOLD_REFUSED_DOMAIN);
}

static const char *refused_url(const bounce_report *r)
{
    return told_of_first(r, BOUNCE_TOLD_REFUSED_URL);
}

static const char *retry(const bounce_report *r)
{
    static char seconds[32];
    uint64_t value;
    if (!bounce_recipient_number(bounce_report_recipient(r, 0), BOUNCE_RECIPIENT_RETRY_STATED_S, &value))
        return "-";
    snprintf(seconds, sizeof seconds, "%llu", (unsigned long long)value);
    return seconds;
}

static const char *doubt(const bounce_report *r)
{
    return strstr(text_of(bounce_report_recipient(r, 0), BOUNCE_RECIPIENT_ADVICE_TEXT), "reporter") ? "reporter" : "-";
}

/* ------------------------------------------------------------------- mails */

#define JOE "<joe@example.net>: User unknown\n\n"
#define LATER "<joe@example.net>\n    450 4.2.0 "
#define LISTED "<joe@example.net>\n    554 5.7.1 Blocked using zen.spamhaus.org; "
#define SPAM "<joe@example.net>\n    554 5.7.1 Rejected as spam, "

static const struct {
    const char *list, *word; /* by enum word_list */
    const char *text;        /* of a notice */
    const char *(*show)(const bounce_report *r);
    const char *without, *with;
} rows[WORDS_COUNT] = {
    [WORDS_CONTACT] = {"contact", "zorp", JOE "Zorp person: ann@example.com\n", addresses,
                       "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_TURN_TO] = {"turn-to", "zorp", "Zorp <ann@example.com>.\n\n" JOE "<ann@example.com>\n", addresses,
                       "ann@example.com joe@example.net", "joe@example.net"},
    [WORDS_SAYS_FAILURE] = {"says-failure", "zorp", "The zorp of joe@example.net was flobbed.\n", addresses, "",
                            "joe@example.net"},
    [WORDS_OTHER_NAME] = {"other-name", "zorp", JOE "Zorp <ann@example.com>\n", addresses,
                          "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_ORIGINAL_NAME] = {"original-name", "zorp", JOE "It is a zorp of ann@example.com\n", originals, "-",
                             "ann@example.com"},
    [WORDS_EXPANDED] = {"expanded", "zorp", "Mbox: joe@example.net (zorp of team)\n", addresses, "", "joe@example.net"},
    [WORDS_PIPE] = {"pipe", "zorp", JOE "zorp filter\n(expanded from: <robot@example.net>)\nUser unknown\n", addresses,
                    "joe@example.net", "joe@example.net robot@example.net"},
    [WORDS_NAMES_FOLLOW] = {"names-follow", "zorp", "The zorps are:\n\n    joe\n\nUser unknown\n", addresses, "",
                            "joe"},
    [WORDS_RECIPIENT_BEFORE] = {"recipient-before", "zorp", "Zorp joe@example.net\n", addresses, "", "joe@example.net"},
    [WORDS_TO_BEFORE] = {"to-before", "zorp", JOE "Flob zorp <ann@example.com>\n", addresses,
                         "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_SAID_AFTER] = {"said-after", "zorp", "joe@example.net zorp flob\n", addresses, "", "joe@example.net"},
    [WORDS_SENDER_BEFORE] = {"sender-before", "zorp:", JOE "Flob zorp: ann@example.com\n", addresses,
                             "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_RECIPIENT_END] = {"recipient-end", "zorp", "My zorp <sender@example.org> failed\n", addresses, "",
                             "sender@example.org"},
    [WORDS_MESSAGE_TO] = {"message-to", "zorp", "My zorp <sender@example.org> failed\n", addresses, "",
                          "sender@example.org"},
    [WORDS_CLAUSE_JOIN] = {"clause-join", "zorp",
                           "Not delivered: user a@example.net is unknown zorp the mailbox of b@example.net is full\n",
                           reason, "mailbox-full", "no-such-user"},
    [WORDS_OTHER_LABEL] = {"other-label", "zorp", JOE "Zorp address: ann@example.com\n", addresses,
                           "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_SUMMARY_TO] = {"summary-to", "zorp:", JOE "Zorp: ann@example.com\nSent: now\n", addresses,
                          "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_SUMMARY_FIELD] = {"summary-field", "zorp:", JOE "To: ann@example.com\nZorp: lunch\n", addresses,
                             "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_RETURNED_MESSAGE] = {"returned-message", "zorp",
                                JOE "It is a zorp\nFrom: eva@example.org\nTo: ann@example.net\nDate: x\n", from, "-",
                                "eva@example.org"},
    [WORDS_SUMMARY_THEN] = {"summary-then", "zorp",
                            "With these details:\nFrom: eva@example.org\nTo: joe@example.net\nDate: x\n\n"
                            "It is zorp: virus found.\n",
                            reason, "unknown", "virus"},
    [WORDS_TOLD_SUBJECT] = {"told-subject", "zorp is", JOE "Zorp is lunch\n", subject, "-", "lunch"},
    [WORDS_TOLD_DATE] = {"told-date", "zorp at", JOE "Zorp at Sat, 31 Jan 2026 12:00:00 +0000\n", date, "-",
                         "2026-01-31T12:00:00Z"},
    [WORDS_TOLD_MESSAGE_ID] = {"told-message-id", "zorp", JOE "Zorp <1@example.org>\n", message_id, "-",
                               "<1@example.org>"},
    [WORDS_FOOTER] = {"footer", "zorp", JOE "______________________\nZorp: ann@example.com\n", addresses,
                      "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_DISCLAIMER] = {"disclaimer", "zorp", JOE "Zorp is this.\nAnn <ann@example.com>\n", addresses,
                          "joe@example.net ann@example.com", "joe@example.net"},
    [WORDS_SUBJECT_MARK] = {"subject-mark", "<zorp>", NULL, kind, "none", "ndr"},
    [WORDS_SESSION_FOLLOWS] = {"session-follows", "zorp of",
                               "<ann@example.net>\n<joe@example.net>\n  Reason: quota\n\nZorp of all that was "
                               "said:\nuser unknown\n",
                               reason, "no-such-user", "mailbox-full"},
    [WORDS_TALKING_TO] = {"talking-to", "zorp",
                          "<joe@example.net>\n\n... zorp mx.example.net.:\n>>> RCPT To:<joe@example.net>\n"
                          "<<< 550 5.1.1 User unknown\n",
                          host, "-", "mx.example.net"},
    [WORDS_MAILER_ERROR] = {"mailer-error", "zorp",
                            "\"|/usr/bin/filter\"\n    (expanded from: <robot@example.net>)\n<ann@example.net>\n\n"
                            "   ----- Transcript of session follows -----\n"
                            "zorp: over quota\n550 5.1.1 <ann@example.net>... User unknown\n",
                            reason, "unknown", "mailbox-full"},
    [WORDS_QUOTES] = {"quotes", "zorp",
                      "<joe@example.net>\n    550 5.1.1 Sender check, host a zorp: Sorry. User unknown\n", reason,
                      "no-such-user", "sender-rejected"},
    [WORDS_MONTH_1 + 0] = {"month-1", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-01-09"},
    [WORDS_MONTH_1 + 1] = {"month-2", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-02-09"},
    [WORDS_MONTH_1 + 2] = {"month-3", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-03-09"},
    [WORDS_MONTH_1 + 3] = {"month-4", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-04-09"},
    [WORDS_MONTH_1 + 4] = {"month-5", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-05-09"},
    [WORDS_MONTH_1 + 5] = {"month-6", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-06-09"},
    [WORDS_MONTH_1 + 6] = {"month-7", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-07-09"},
    [WORDS_MONTH_1 + 7] = {"month-8", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-08-09"},
    [WORDS_MONTH_1 + 8] = {"month-9", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-09-09"},
    [WORDS_MONTH_1 + 9] = {"month-10", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-10-09"},
    [WORDS_MONTH_1 + 10] = {"month-11", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-11-09"},
    [WORDS_MONTH_1 + 11] = {"month-12", "zorp", "until 9 zorp 2026", told, "nothing", "until 2026-12-09"},
    [WORDS_DATE_YEAR] = {"date-year", "zorp", "until 2025zorp March 9", told, "until 2026-03-09", "until 2025-03-09"},
    [WORDS_DATE_MONTH] = {"date-month", "zorp", "until 3zorp 9", told, "nothing", "until 2026-03-09"},
    [WORDS_DATE_DAY] = {"date-day", "zorp", "until 9zorp March", told, "nothing", "until 2026-03-09"},
    [WORDS_DATE_OF] = {"date-of", "zorp", "until 9 zorp March", told, "nothing", "until 2026-03-09"},
    [WORDS_UNTIL_BEFORE] = {"until-before", "z\xc3\xb6rp", "Zorp, says Ann, 9 March", told, "nothing",
                            "until 2026-03-09"},
    [WORDS_UNTIL_NEXT] = {"until-next", "zorp", "zorp Monday 9 March", told, "nothing", "until 2026-03-09"},
    [WORDS_UNTIL_AFTER] = {"until-after", "zorp", "9 March, says Ann, zorp", told, "nothing", "until 2026-03-09"},
    [WORDS_RANGE_TO] = {"range-to", "zorp", "3 zorp 9 March", told, "nothing", "until 2026-03-09"},
    [WORDS_DAY_FIRST] = {"day-first", "zorp", "zorp until 03/04", told, "nothing", "until 2026-04-03"},
    [WORDS_MONTH_FIRST] = {"month-first", "zorp", "zorp until 03/04", told, "nothing", "until 2026-03-04"},
    [WORDS_HAS_LEFT] = {"has-left", "zorp", "Jo zorp.", told, "nothing", "left"},
    [WORDS_NEW_ADDRESS] = {"new-address", "zorp", "zorp: ann@example.com", told, "nothing", "new ann@example.com"},
    [WORDS_NEW_ADDRESS_AFTER] = {"new-address-after", "zorp", "ann@example.com zorp", told, "nothing",
                                 "new ann@example.com"},
    [WORDS_WRITE_TO] = {"write-to", "zorp", "zorp: ann@example.com", told, "nothing", "contact ann@example.com"},
    [WORDS_WRITE_TO_AFTER] = {"write-to-after", "zorp", "ann@example.com zorp", told, "nothing",
                              "contact ann@example.com"},
    [WORDS_CLOSING] = {"closing", "zorp", "Please contact Ann:\nZorp\nJo\nann@example.com", told,
                       "contact ann@example.com", "nothing"},
    [WORDS_SOME_OF] = {"true-of-some", "zorp", "Zorp accounts do not exist:\n\n  joe@example.net\n  ann@example.net\n",
                       reason, "no-such-user", "unknown"},
    [WORDS_SENDER_REFUSED] = {"sender-refused", "zorp",
                              "<joe@example.net>\n    The zorp was refused. The server said: 550 5.1.1 user unknown\n",
                              reason, "no-such-user", "sender-rejected"},
    [WORDS_SENDER_ROLE] = {"sender-role", "z\xc3\xb6rp", "<joe@example.net>\n    550 5.1.1 the Zorp user unknown\n",
                           reason, "no-such-user", "sender-rejected"},
    [WORDS_RECIPIENT_ROLE] = {"recipient-role", "zorp", "<joe@example.net>\n    550 5.1.1 sender zorp: user unknown\n",
                              reason, "sender-rejected", "no-such-user"},
    [WORDS_LOGIN] = {"login", "zorp", "<joe@example.net>\n    550 5.1.1 user unknown, zorp\n", reason, "no-such-user",
                     "auth-required"},
    [WORDS_SUPPOSED] = {"supposed", "zorp", "<joe@example.net>\n    550 zorp user unknown\n", reason, "no-such-user",
                        "unknown"},
    [WORDS_REPORTER] = {"reporter", "example.com", NULL, doubt, "reporter", "-"},
    [WORDS_UNIT_SECOND] = {"unit-second", "zorp", LATER "try again in 5 zorp\n", retry, "-", "5"},
    [WORDS_UNIT_MINUTE] = {"unit-minute", "zorp", LATER "try again in 5 zorp\n", retry, "-", "300"},
    [WORDS_UNIT_HOUR] = {"unit-hour", "zorp", LATER "try again in 5 zorp\n", retry, "-", "18000"},
    [WORDS_UNIT_DAY] = {"unit-day", "zorp", LATER "try again in 5 zorp\n", retry, "-", "432000"},
    [WORDS_UNIT_JOIN] = {"unit-join", "zorp", LATER "try again in 1 hour zorp 5 minutes\n", retry, "3600", "3900"},
    [WORDS_RETRY_BEFORE] = {"retry-before", "zorp", LATER "zorp in 5 minutes\n", retry, "-", "300"},
    [WORDS_RETRY_JOINED] = {"retry-joined", "zorp", LATER "zorp in 5 minutes\n", retry, "-", "300"},
    [WORDS_RETRY_JOIN] = {"retry-join", "about", LATER "again please about 5 minutes\n", retry, "-", "300"},
    [WORDS_RETRY_BETWEEN] = {"retry-between", "zorp", LATER "try zorp 5 minutes\n", retry, "-", "300"},
    [WORDS_RETRY_AFTER] = {"retry-after", "zorp", LATER "hold 5 minutes and zorp\n", retry, "-", "300"},
    [WORDS_RETRY_LINK] = {"retry-link", "zorp", LATER "hold 5 minutes zorp retrying\n", retry, "-", "300"},
    [WORDS_RETRY_SINCE] = {"retry-since", "zorp", LATER "zorp 5 minutes you can send\n", retry, "-", "300"},
    [WORDS_RETRY_SINCE_THEN] = {"retry-since-then", "zorp", LATER "after 5 minutes zorp\n", retry, "-", "300"},
    [WORDS_IP_BEFORE] = {"ip-before", "zorp", LISTED "zorp 192.0.2.1\n", refused_ip, "-", "192.0.2.1"},
    [WORDS_IP_AFTER] = {"ip-after", "zorp", LISTED "flob 192.0.2.1 zorp\n", refused_ip, "-", "192.0.2.1"},
    [WORDS_REMOTE_BEFORE] = {"remote-before", "zorp", LISTED "zorp mx.example.org[192.0.2.1]:25\n", refused_ip,
                             "192.0.2.1", "-"},
    [WORDS_REMOTE_AFTER] = {"remote-after", "zorp", LISTED "mx.example.org[192.0.2.1] zorp\n", refused_ip, "192.0.2.1",
                            "-"},
    [WORDS_REFUSED_SENDER] = {"refused-sender", "zorp",
                              "<joe@example.net>\n    550 5.1.8 Sender address rejected (zorp sender@example.org)\n",
                              refused_domain, "-", "example.org"},
    [WORDS_DOMAIN_BEFORE] = {"domain-before", "zorp", LISTED "zorp example.com\n", refused_domain, "-", "example.com"},
    [WORDS_DOMAIN_OTHER] = {"domain-other", "zorp", LISTED "zorp domain example.com\n", refused_domain, "example.com",
                            "-"},
    [WORDS_LINK_CONTAINS] = {"link-contains", "zorp", SPAM "zorp https://example.com/x\n", refused_url, "-",
                             "https://example.com/x"},
    [WORDS_LINK_BEFORE] = {"link-before", "zorp", SPAM "blocked zorp https://example.com/x\n", refused_url, "-",
                           "https://example.com/x"},
    [WORDS_LINK_ARTICLE] = {"link-article", "zorp", SPAM "blocked zorp url https://example.com/x\n", refused_url, "-",
                            "https://example.com/x"},
    [WORDS_LINK_REFUSED] = {"link-refused", "zorp", SPAM "zorp url https://example.com/x\n", refused_url, "-",
                            "https://example.com/x"},
    [WORDS_CHALLENGE_TAG] = {"challenge-tag", "-zorp-", NULL, addresses, "joe-zorp-10706@example.net",
                             "joe@example.net"},
    [WORDS_REFUSED] = {"refused", "z\xc3\xb6rp", NULL, addresses, "", "joe@example.net"},
};

/* RFC 8098: deleted, and the text does not say whether anybody was told before. */
static const char disposition[] =
    "From: joe@example.net\nTo: sender@example.org\nSubject: About your mail\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
    "--b\nContent-Type: text/plain; charset=utf-8\n\nYour message was Z\xc3\xb6rped.\n"
    "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; joe@example.net\n"
    "Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n";

/* What gateways put before the subject hides nothing. */
static const char marked[] =
    "From: Mail Service <service@mx.example.net>\nTo: sender@example.org\nSubject: <Zorp>  Undelivered mail\n"
    "\n<joe@example.net>: flob\n";

static const char complaint[] =
    "From: robot@example.com\nTo: sender@example.org\nSubject: complaint\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
    "--b\n\nAn abuse report.\n--b\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: joe@example.net\n\n--b--\n";

static const char challenge[] =
    "From: joe-zorp-10706@example.net\nTo: sender@example.org\nSubject: Please confirm your message\n"
    "X-TMDA-Fingerprint: abc\n\nJust reply to this message.\n";

static const char *mail_of(size_t list)
{
    static char reply[1024];
    if (rows[list].show == told) {
        snprintf(reply, sizeof reply,
                 "From: joe@example.net\nTo: sender@example.org\nSubject: Automatic reply\n"
                 "Date: Mon, 2 Feb 2026 10:00:00 +0000\n\n%s\n",
                 rows[list].text);
        return reply;
    }
    return rows[list].text               ? notice_mail(rows[list].text)
           : list == WORDS_SUBJECT_MARK  ? marked
           : list == WORDS_REPORTER      ? complaint
           : list == WORDS_CHALLENGE_TAG ? challenge
                                         : disposition;
}

static void set_up_with(const char *words)
{
    const struct rule_text file = {"t.rules", words};
    bounce_error error;
    cr_assert_eq(ruleset_from_texts(NULL, &file, 1, NULL, NULL, &core_rules, &error), BOUNCE_OK, "%s", error.message);
    core_parser = bounce_parser_new(core_rules, NULL);
}

Test(words, each_list_is_looked_for)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        char words[100];
        cr_assert(rows[i].list, "%zu", i);
        snprintf(words, sizeof words, "words %s\nword %s\n", rows[i].list, rows[i].word);
        const char *mail = mail_of(i);
        core_set_up();
        cr_expect_str_eq(rows[i].show(parse_mail(mail)), rows[i].without, "without %s: %s", rows[i].list,
                         rows[i].show(core_reports[0]));
        core_tear_down();
        set_up_with(words);
        cr_expect_str_eq(rows[i].show(parse_mail(mail)), rows[i].with, "with %s: %s", rows[i].list,
                         rows[i].show(core_reports[0]));
        core_tear_down();
    }
}

/* Where a word must be, and which bytes are the same letter. */
static const struct {
    const char *list, *word, *text, *want;
} places[] = {
    {"recipient-before", "z\xc3\xa9rp", "Z\xc3\xa9rp joe@example.net\n", "joe@example.net"},
    {"recipient-before", "z\xc3\xa9rp", "Z\xc3\x89rp joe@example.net\n", ""},
    {"recipient-before", "z\xc3\xa9rp", "Zerp joe@example.net\n", ""},
    {"recipient-before", "zorp", "my zorp joe@example.net\n", ""},
    {"said-after", "zorp", "joe@example.net zorped\n", ""},
    {"said-after", "zorp", "joe@example.net my zorp is\n", ""},
    {"to-before", "zorp", JOE "Zorpy <ann@example.com>\n", "joe@example.net ann@example.com"},
    {"to-before", "zorp", JOE "Zorp <ann@example.com>\n", "joe@example.net ann@example.com"},
    {"to-before", "zorp", JOE "Flob-zorp <ann@example.com>\n", "joe@example.net ann@example.com"},
    {"to-before", "zorp", JOE "Flob-zorp zorpy <ann@example.com>\n", "joe@example.net"},
    {"sender-before", "zorp:", JOE "zorp: to: ann@example.com\n", "joe@example.net ann@example.com"},
    {"other-label", "zorp", JOE "Zorped: ann@example.com\n", "joe@example.net ann@example.com"},
    {"other-label", "zorp", JOE "My zorp: ann@example.com\n", "joe@example.net ann@example.com"},
    {"pipe", "zorp", JOE "my zorp\n(expanded from: <robot@example.net>)\nUser unknown\n", "joe@example.net"},
    {"names-follow", "zorp", "The zorps.\n\n    joe\n\nUser unknown\n", ""},
    {"summary-to", "zorp:", JOE "My zorp: ann@example.com\nSent: now\n", "joe@example.net ann@example.com"},
    {"contact", "zorp", JOE "Flob: zorp@example.com\n", "joe@example.net zorp@example.com"},
};

Test(words, places)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        char words[100];
        snprintf(words, sizeof words, "words %s\nword %s\n", places[i].list, places[i].word);
        set_up_with(words);
        cr_expect_str_eq(addresses(parse_mail(notice_mail(places[i].text))), places[i].want, "%s: %s%s", places[i].list,
                         places[i].text, addresses(core_reports[0]));
        core_tear_down();
    }
}

/* The name of a server follows after one space. */
Test(words, talking_to)
{
    static const char *const between[] = {" ", "", ":", "  "}, *const want[] = {"mx.example.net", "-", "-", "-"};
    set_up_with("words talking-to\nword zorp\n");
    for (size_t i = 0; i < COUNT(between); i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "<joe@example.net>\n\n... zorp%smx.example.net.:\n>>> RCPT To:<joe@example.net>\n"
                 "<<< 550 5.1.1 User unknown\n",
                 between[i]);
        cr_expect_str_eq(host(parse_mail(notice_mail(text))), want[i], "\"%s\": %s", between[i], host(core_reports[i]));
    }
    core_tear_down();
}

/* `own-words reply`: the reply of a writer that words its own replies is nobody else's. */
Test(words, own_words)
{
    static const char *const dialects[] = {"", "own-words none\n", "own-words reply\n"};
    static const bounce_decided_by want[] = {BOUNCE_DECIDED_BY_REMOTE, BOUNCE_DECIDED_BY_REMOTE,
                                             BOUNCE_DECIDED_BY_REPORTER};
    for (size_t i = 0; i < COUNT(dialects); i++) {
        char rules[200];
        snprintf(rules, sizeof rules, "dialect zorp\npriority 100\nknow body zorp daemon\n%s", dialects[i]);
        set_up_with(rules);
        const bounce_report *r = parse_mail(dsn_mail("This is the zorp daemon.\n",
                                                     "Reporting-MTA: dns; mx.example.org\n\n"
                                                     "Final-Recipient: rfc822; joe@example.net\nAction: failed\n"
                                                     "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n",
                                                     NULL));
        cr_expect_str_eq(report_text(r, BOUNCE_REPORT_SOFTWARE), "zorp");
        cr_expect_eq(bounce_recipient_decided_by(only(r, dialects[i])), want[i], "%s", dialects[i]);
        core_tear_down();
    }
}
