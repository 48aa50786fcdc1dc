/* SPDX-License-Identifier: MIT */
/*
 * shapes.h - hostile mails and replies, each a shape that can be made in any size.
 *
 * In: a shape and a size. Out: the bytes, to be freed with free(). linear_cost.c and
 * cost_table.c find out what they cost.
 */
#ifndef HOSTILE_SHAPES_H
#define HOSTILE_SHAPES_H

#include <bounce.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    /* Four times these values are less than LIMIT_LINE_BYTES; LIMIT_HEADER_BYTES and
     * LIMIT_TEXT_LINES; LIMIT_HEADER_LINES. */
    LINE_BYTES = 1900,
    FEW_BYTES = 3800,
    FIELDS_BYTES = 15000,
    /* More than LIMIT_SEARCHED_BYTES, beyond which texts are searched in another way. */
    TEXT_BYTES = 17 << 10,
    REPLY_BYTES = 32 << 10,
    GROWTH = 4,
    FULL_BYTES = 160 << 10, /* far beyond the limits above */
};

#define MAILER "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure notice\n"
#define SENDMAIL \
    "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: Returned mail: see transcript for details\n"
#define EXIM \
    "From: Mailer-Daemon@example.org\nX-Failed-Recipients: a@example.net\nSubject: Mail delivery failed: returning " \
    "message to sender\n"
#define REPORT MAILER "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
#define FIELDS "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
#define TRANSCRIPT "   ----- The following addresses had permanent fatal errors -----\n"

#define EIGHT(x) x x x x x x x x
#define SHARED "550 5.7.1 your mail is not wanted by any of us\n"
#define LONG_LINE EIGHT(EIGHT("<u%1$zu@example.net> ")) "\n"

/* A shape is its front, then its unit (%1$zu counts) repeated up to the size, then its
 * end. Replies have no front. */
struct shape {
    const char *name, *front, *unit, *end;
    size_t bytes;
    bool reply;
};

static const struct shape shapes[] = {
    {"recipients in fields", REPORT FIELDS,
     "\nFinal-Recipient: rfc822; u%1$zu@example.net\nAction: failed\nStatus: 5.0.0\n", "--b--\n", TEXT_BYTES, false},
    {"recipients in fields with replies", REPORT FIELDS,
     "\nFinal-Recipient: rfc822; u%1$zu@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 "
     "unknown\n",
     "--b--\n", TEXT_BYTES, false},
    {"recipients in fields that share one text", REPORT FIELDS,
     "\nFinal-Recipient:;u%1$zu@x.test\nDiagnostic-Code: " SHARED, "--b--\n", TEXT_BYTES, false},
    {"recipients in fields with texts that are nearly the same", REPORT FIELDS,
     "\nFinal-Recipient:;u%1$zu@x.test\nDiagnostic-Code: smtp; 550 5.1.1 the mailbox you have tried to reach is not here %1$zu\n",
     "--b--\n", TEXT_BYTES, false},
    {"one recipient again and again", REPORT FIELDS,
     "\nFinal-Recipient: rfc822; u@example.net\nAction: failed\nStatus: 5.0.0\n", "--b--\n", TEXT_BYTES, false},
    {"recipients with an original", REPORT FIELDS,
     "\nOriginal-Recipient: rfc822; a%1$zu@example.net\nFinal-Recipient: rfc822; u%1$zu@example.net\nAction: failed\n",
     "--b--\n", TEXT_BYTES, false},
    {"one group of fields", REPORT FIELDS "\n", "Diagnostic-Code: smtp; 550 x\n", "--b--\n", TEXT_BYTES, false},
    {"one long diagnostic", REPORT FIELDS "\nFinal-Recipient: rfc822; u@example.net\nDiagnostic-Code: smtp; ",
     "550 5.1.1 host x said: \n ", "\n--b--\n", FEW_BYTES, false},
    {"delivery statuses", REPORT,
     "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; "
     "u%1$zu@example.net\n",
     "--b--\n", FEW_BYTES, false}, /* of LIMIT_PARTS parts */
    {"lines with addresses", MAILER "\n", "<u%1$zu@example.net>\n", "", TEXT_BYTES, false},
    {"lines with addresses and causes", MAILER "\n", "<u%1$zu@example.net>:\nuser unknown\n\n", "", TEXT_BYTES, false},
    {"one address again and again", MAILER "\n", "<u@example.net>:\nuser unknown\n\n", "", TEXT_BYTES, false},
    {"replies with addresses", MAILER "\n", "550 5.1.1 <u%1$zu@example.net>: unknown\n", "", TEXT_BYTES, false},
    {"sentences with addresses", MAILER "\n", "Delivery to u%1$zu@example.net has failed.\n", "", TEXT_BYTES, false},
    {"sentences that say nothing", MAILER "\n", "There is u%1$zu@example.net here.\n", "", TEXT_BYTES, false},
    {"addresses in one line", MAILER "\n", "<u%1$zu@example.net> ", "", LINE_BYTES, false},
    {"many addresses a line", MAILER "\n", "a%1$zu@x.test b@x.test c@x.test d@x.test e@x.test f@x.test g@x.test\n", "",
     TEXT_BYTES, false},
    {"parents", MAILER "\n", "generated from a@b.test\n", "", TEXT_BYTES, false},
    {"parents below addresses", MAILER "\n", "u%1$zu@example.net\n  (generated from v%1$zu@example.net)\n", "",
     TEXT_BYTES, false},
    /* Four times these values are a little less than LIMIT_RECIPIENTS. */
    {"addresses, then a text that all share", MAILER "\n", "<u%1$zu@mail.x.test>\n", SHARED SHARED SHARED SHARED,
     TEXT_BYTES, false},
    {"blocks, then a text that all share", MAILER "\n", "<u%1$zu@mail.x.test>:\n\n", SHARED "\n" SHARED, TEXT_BYTES,
     false},
    {"blocks before one transcript", SENDMAIL "\n" TRANSCRIPT, "<u%1$zu@mail.x.test>\n",
     "\n   ----- Transcript of session follows -----\n... while talking to mx.x.test.:\n" EIGHT(
         ">>> DATA\n<<< 550 5.7.1 no\n"),
     TEXT_BYTES, false},
    {"a list, then its transcript", SENDMAIL "\n" TRANSCRIPT, "<u%1$zu@example.net>\n",
     "\n   ----- Transcript of session follows -----\n>>> RCPT To:<u1@example.net>\n<<< 550 x\n", TEXT_BYTES, false},
    {"a transcript", SENDMAIL "\n" TRANSCRIPT "<u@example.net>\n\n   ----- Transcript of session follows -----\n",
     ">>> RCPT To:<u%1$zu@example.net>\n<<< 550 5.1.1 unknown\n", "", TEXT_BYTES, false},
    {"a transcript of one",
     SENDMAIL "\n" TRANSCRIPT "<u@example.net>\n\n   ----- Transcript of session follows -----\n",
     ">>> RCPT To:<u@example.net>\n<<< 550 5.1.1 unknown\n", "", TEXT_BYTES, false},
    {"reasons", SENDMAIL "\n" TRANSCRIPT, "<u%1$zu@example.net>\n    (reason: 550 5.1.1 x)\n", "", TEXT_BYTES, false},
    {"indented", EXIM "\nThis message was created automatically by mail delivery software.\n",
     "  u%1$zu@example.net\n    host x [192.0.2.1]: 550 y\n", "", TEXT_BYTES, false},
    {"failed recipients in the header",
     "From: Mailer-Daemon@example.org\nSubject: x\nX-Failed-Recipients: a@example.net", ",\n u%1$zu@example.net",
     "\n\nMail could not be delivered.\n", FEW_BYTES, false},
    {"recipients of the header", MAILER "To: joe@example.net", ",\n u%1$zu@example.net",
     "\n\nMail to <u@example.net> could not be delivered.\n", TEXT_BYTES, false},
    {"own addresses of the header", "From: MAILER-DAEMON@example.org\nSubject: x\nTo: joe@example.net",
     ",\n u%1$zu@example.net", "\n\n<u1@example.net> <u2@example.net> <u3@example.net>\n", FEW_BYTES, false},
    {"mail to oneself", "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: failure notice\n\n",
     "<joe@example.org>\n", "", TEXT_BYTES, false},
    {"pipes and their ends", MAILER "\n" TRANSCRIPT, "|<u%1$zu@example.net>\n554 no\nunknown mailer error %1$zu\n", "",
     TEXT_BYTES, false},
    {"one recipient in many blocks",
     "From: MAILER-DAEMON@example.org\nTo: joe@example.org\nSubject: Delivery Notification: Delivery has failed\n\n"
     "Your message cannot be delivered to the following recipients:\n\n",
     "  Recipient address: joe@example.net\n  Reason: no%1$zu 550 5.1.1\n\n", "", TEXT_BYTES, false},
    {"long lines of addresses", MAILER "\n", LONG_LINE, "", TEXT_BYTES, false},
    {"long lines of failed addresses", MAILER "\n", "failed: " LONG_LINE, "", TEXT_BYTES, false},
    {"feedback",
     "From: x@example.net\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
     "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n",
     "Original-Rcpt-To: u%1$zu@example.net\n", "--b--\n", TEXT_BYTES, false},
    {"one paragraph of replies, shared",
     MAILER "\n<a@x.test>\n<b@x.test>\n<c@x.test>\n<d@x.test>\n<e@x.test>\n<f@x.test>\n<g@x.test>\n", "550 5.1.1 x\n",
     "", TEXT_BYTES, false},
    {"recipients of the header and lines",
     MAILER "To: a@x,b@x,c@x,d@x,e@x,f@x,g@x,h@x,i@x,j@x,k@x,l@x,m@x,n@x,o@x,p@x,q@x\n\n", "<u%1$zu@example.net>\n", "",
     TEXT_BYTES, false},
    {"names without a domain", MAILER "\nThe following users:\n", "u%1$zu\n", "", TEXT_BYTES / 2, false},
    {"lines that end in a colon", MAILER "\n", "x:\n", "", FEW_BYTES, false},
    {"headers in the text", MAILER "\n", "Subject: u%1$zu@example.net\n", "", TEXT_BYTES, false},
    {"headers in the text, one a paragraph", MAILER "\n", "\n\nSubject: x\nFrom: x\n", "", TEXT_BYTES / 2, false},
    {"blank lines and a header", MAILER "\nu@example.net\n", "\n\n\n\n\n\n\n\n\n\n\nSubject: x", "", FEW_BYTES, false},
    {"contacts", MAILER "\n", "contact <u%1$zu@example.net>\n", "", TEXT_BYTES, false},
    {"rulers", MAILER "\n", "--------------------\n\n", "", TEXT_BYTES, false},
    {"underlines", MAILER "\n", "______________________________\n", "", TEXT_BYTES, false},
    {"dashes", MAILER "\n", "-----", "", LINE_BYTES, false},
    {"at signs", MAILER "\n", "@", "", LINE_BYTES, false},
    {"at signs in lines", MAILER "\n", "@\n", "", FEW_BYTES, false},
    {"opening brackets", MAILER "\n", "<", "", LINE_BYTES, false},
    {"brackets with at signs", MAILER "\n", "<a@", "", LINE_BYTES, false},
    {"local parts", MAILER "\n", "a.", "@example.net failed\n", LINE_BYTES, false},
    {"quotes", MAILER "\n", "\"", "", LINE_BYTES, false},
    {"quoted local parts", MAILER "\n", "\"a\\\"@", "", LINE_BYTES, false},
    {"codes", MAILER "\n", "550 ", "", LINE_BYTES, false},
    {"codes in lines", MAILER "\nu@example.net\n", "550 5.1.1 x\n", "", TEXT_BYTES, false},
    {"statuses", MAILER "\n", "5.1.1 ", "", LINE_BYTES, false},
    {"words of many rules", MAILER "\nu@example.net\n",
     "user mailbox blocked spam quota unknown full relay denied host ", "", LINE_BYTES, false},
    {"bullets", MAILER "\n", "* ", "a@b.test\n", LINE_BYTES, false},
    {"marks behind an address", MAILER "\na@b.test ", "> ", "\n", LINE_BYTES, false},
    {"soft hyphens", MAILER "\n", "\xc2\xad", "\n", LINE_BYTES, false},
    {"combining marks", MAILER "\n", "e\xcc\x81", "\n", LINE_BYTES, false},
    {"spaces", MAILER "\n", " ", "x\n", LINE_BYTES, false},
    {"white space before codes", MAILER "\n", " \t", "550 user unknown\n", LINE_BYTES, false},
    {"tags of HTML", MAILER "Content-Type: text/html\n\n", "<p><b><table><td>", "", TEXT_BYTES, false},
    {"tags without an end", MAILER "Content-Type: text/html\n\n", "<a href=\"", "", TEXT_BYTES, false},
    {"tags without an end before an address", MAILER "Content-Type: text/html\n\n", "<a", "@", TEXT_BYTES, false},
    {"comments without an end", MAILER "Content-Type: text/html\n\n", "<!--", "", TEXT_BYTES, false},
    {"scripts without an end", MAILER "Content-Type: text/html\n\n", "<script>", "", TEXT_BYTES, false},
    {"character references", MAILER "Content-Type: text/html\n\n", "&#", "", TEXT_BYTES, false},
    {"character references that lack a mark", MAILER "Content-Type: text/html\n\n", "&amp", "", TEXT_BYTES, false},
    {"JSON", MAILER "\n{\"notificationType\":\"Bounce\",\"bouncedRecipients\":[",
     "{\"emailAddress\":\"u%1$zu@example.net\"},", "]}", LINE_BYTES, false},
    {"header lines", MAILER, "X-%1$zu: y\n", "\n\nu@example.net: user unknown\n", FIELDS_BYTES, false},
    {"subjects", "From: MAILER-DAEMON@example.org\n", "Subject: x\n", "\nu@example.net: user unknown\n", FIELDS_BYTES,
     false},
    {"encoded words", "From: MAILER-DAEMON@example.org\nSubject: ", "=?utf-8?Q?=", "\n\nu@example.net: user unknown\n",
     FEW_BYTES, false},
    {"comments in a date", MAILER "Date: ", "(", "\n\nu@example.net: user unknown\n", FEW_BYTES, false},
    {"languages", MAILER "Content-Language: ", "a-", "\n\nu@example.net: user unknown\n", FEW_BYTES, false},
    {"VERP", "From: MAILER-DAEMON@example.org\nTo: ", "a+b=", "@example.org\nSubject: x\n\nuser unknown\n", FEW_BYTES,
     false},
    {"parts without an end", REPORT, "--b\n\nx\n", "", 500, false},
    {"multiparts", MAILER "Content-Type: multipart/mixed; boundary=b\n\n",
     "--b\nContent-Type: multipart/mixed; boundary=b%1$zu\n\n", "", 900, false},
    {"quoted-printable", MAILER "Content-Transfer-Encoding: quoted-printable\n\n", "=3D=\n", "", TEXT_BYTES, false},
    {"base64 with padding", MAILER "Content-Transfer-Encoding: base64\n\n", "YQ==\n", "", TEXT_BYTES, false},
    {"escapes of ISO-2022-JP", MAILER "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B0", "", TEXT_BYTES,
     false},
    {"reply: codes", "", "550 ", "", REPLY_BYTES, true},
    {"reply: lines", "", "550-5.1.1 x\r\n", "550 5.1.1 x\r\n", REPLY_BYTES, true},
    {"reply: addresses", "550 ", "<u%1$zu@example.net> ", "", REPLY_BYTES, true},
    {"reply: servers' own addresses", "550 ", "<postmaster@example.net> ", "", REPLY_BYTES, true},
    {"reply: at signs", "550 ", "@", "", REPLY_BYTES, true},
    {"reply: brackets", "550 ", "<", "", REPLY_BYTES, true},
    {"reply: brackets and at signs", "550 ", "<@", "", REPLY_BYTES, true},
    {"reply: local part", "550 ", "a", "@example.net", REPLY_BYTES, true},
    {"reply: quoted again and again", "", "host mx.example.net said: 550 5.1.1 x ", "", REPLY_BYTES, true},
    {"reply: in reply to", "550 ", "in reply to ", "", REPLY_BYTES, true},
    {"reply: in reply to commands", "550 ", "in reply to RCPT TO ", "", REPLY_BYTES, true},
    {"reply: spaces", "550 ", " ", "x", REPLY_BYTES, true},
    {"reply: words of many rules", "550 ", "user mailbox blocked spam quota unknown full relay denied host ", "",
     REPLY_BYTES, true},
    {"reply: dots", "550 ", "5.", "", REPLY_BYTES, true},
    {"reply: bytes that are no text", "550 ", "\xff", "", REPLY_BYTES, true},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

struct text {
    char *bytes;
    size_t n;
};

static inline struct text build(const struct shape *s, size_t size)
{
    size_t room = size + 4096;
    struct text t = {malloc(room), 0};
    t.n = (size_t)snprintf(t.bytes, room, "%s", s->front);
    for (size_t i = 0; t.n < size; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        t.n += (size_t)snprintf(t.bytes + t.n, room - t.n, s->unit, i);
#pragma GCC diagnostic pop
    }
    t.n += (size_t)snprintf(t.bytes + t.n, room - t.n, "%s", s->end);
    return t;
}

/* Reads it, and writes the result as JSON. */
static inline void run_shape(bounce_parser *parser, const struct shape *s, const struct text *t)
{
    bounce_report *report;
    const char *json;
    if (s->reply)
        bounce_parse_reply(parser, t->bytes, t->n, NULL, &report, NULL);
    else
        bounce_parse(parser, t->bytes, t->n, &report, NULL);
    bounce_report_json(report, NULL, &json, NULL);
    bounce_report_free(report);
}

#endif
