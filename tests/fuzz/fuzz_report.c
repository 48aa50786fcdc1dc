/* SPDX-License-Identifier: MIT */
/*
 * fuzz_report.c - reports that are changed field by field.
 *
 * The mutator treats lines as fields: it drops, doubles, moves, exchanges and inserts them, and changes a value while
 * it keeps the name. The target reads the mail and checks: is the answer the same a second time, and with CRLF; is
 * every address in the mail; do expressions stay within their budget of steps; is there a warning if something was cut?
 */
#include "../warnings.h"
#include "forms.h"

#include "base/limits.h"
#include "mail/message.h"
#include "match/matcher.h"
#include "parser.h"

static struct arena arena;
static bounce_parser *parser;

static void start(void)
{
    bounce_rules *rules = bounce_rules_default();
    parser = bounce_parser_new(rules, NULL);
    bounce_rules_unref(rules);
}

/* True if nothing is encoded: no encoded words, entities, transfer encodings, escapes, folded or soft lines. */
static bool is_plain(struct span mail)
{
    static const char *const codes[] = {"=?", "&", "%", "\\", "+", "=", "*", "content-transfer-encoding", "html"};
    for (size_t i = 0; i < mail.n; i++)
        if ((unsigned char)mail.s[i] >= 0x7f || (mail.s[i] < ' ' && mail.s[i] != '\n'))
            return false;
    for (size_t i = 0; i < COUNT(codes); i++)
        if (span_find_nocase(mail, codes[i]))
            return false;
    return true;
}

static void check_address(struct span mail, const char *address)
{
    if (!address)
        return;
    MUST(strlen(address) <= LIMIT_ADDRESS_BYTES);
    if (span_find_nocase(mail, address))
        return;
    fprintf(stderr, "not in the mail: \"%s\"\n", address);
    MUST(false && "every address is in the mail");
}

static void check_addresses(struct span mail, bounce_report *report)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        check_address(mail, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS));
        check_address(mail, bounce_recipient_string(r, BOUNCE_RECIPIENT_ORIGINAL));
    }
}

static void check_budget(bounce_report *report)
{
    const struct match_undecided *u = matcher_undecided(parser->matcher);
    MUST(matcher_left(parser->matcher) <= LIMIT_MESSAGE_STEPS_DEFAULT);
    MUST(!u->count || has_warning(report, "match-limit"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!parser)
        start();
    arena_reset(&arena);
    const struct span mail = span_of((const char *)data, size), other = fuzz_with_crlf(&arena, mail);
    bounce_report *report, *again;
    MUST(bounce_parse(parser, data, size, &report, NULL) == BOUNCE_OK);
    check_budget(report);
    const char *json = fuzz_check_report(report);
    MUST(bounce_parse(parser, other.s ? other.s : mail.s, other.s ? other.n : mail.n, &again, NULL) == BOUNCE_OK);
    const char *second = fuzz_check_report(again);
    if (strcmp(json, second) != 0)
        fprintf(stderr, "%s\n%s\n", json, second);
    MUST(strcmp(json, second) == 0);
    if (is_plain(mail))
        check_addresses(mail, report);
    bounce_report_free(report);
    bounce_report_free(again);
    return 0;
}

#ifdef FUZZ_WITH_LIBFUZZER
/* ------------------------------------------------------------- the mutator */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static uint32_t state;

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return n ? state % n : 0;
}

static const char *const lines[] = {
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
    "Content-Type: message/delivery-status\n",
    "Content-Type: message/feedback-report\n",
    "Content-Type: message/disposition-notification\n",
    "Content-Type: message/rfc822\n",
    "Content-Type: text/html; charset=utf-8\n",
    "Content-Type: text/plain; charset=iso-2022-jp\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "--b\n",
    "--b--\n",
    "\n",
    "Reporting-MTA: dns; mx.example.org\n",
    "Final-Recipient: rfc822; joe@example.net\n",
    "Original-Recipient: rfc822;ann@example.net\n",
    "Action: failed\n",
    "Action: delayed\n",
    "Status: 5.1.1\n",
    "Status: 4.2.2 (full)\n",
    "Remote-MTA: dns; mx.example.net\n",
    "Diagnostic-Code: smtp; 550 5.1.1 <joe@example.net>: user unknown\n",
    "Diagnostic-Code: smtp; 452-4.2.2 over\n",
    " 452 4.2.2 quota\n",
    "Last-Attempt-Date: Mon, 30 Nov 2026 10:00:00 +0100\n",
    "Will-Retry-Until: Thu, 3 Dec 2026 10:00:00 +0100\n",
    "Arrival-Date: Mon, 30 Nov 2026 09:00:00 +0100\n",
    "Feedback-Type: abuse\n",
    "Auto-Submitted: auto-replied\n",
    "From: MAILER-DAEMON@mx.example.org\n",
    "To: bounces+joe=example.net@example.org\n",
    "Return-Path: <>\n",
    "Subject: Undelivered Mail Returned to Sender\n",
    "<joe@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1 unknown user (in reply to RCPT TO command)\n",
    "   ----- The following addresses had permanent fatal errors -----\n",
    "--- Below this line is a copy of the message.\n",
    "Message-ID: <1@example.org>\n",
};

/* Where line number k of the data begins; the number of lines if k is SIZE_MAX. */
static size_t line_at(const uint8_t *data, size_t size, size_t k)
{
    size_t at = 0, count = 0;
    for (; at < size && count < k; count++) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        at = end ? (size_t)(end - data) + 1 : size;
    }
    return k == SIZE_MAX ? count : at;
}

static size_t insert(uint8_t *data, size_t size, size_t max_size, size_t at, struct span what)
{
    if (what.n > max_size - size)
        return size;
    memmove(data + at + what.n, data + at, size - at);
    memcpy(data + at, what.s, what.n);
    return size + what.n;
}

/* Changes the value of a field, or all of a line that is not a field, by libFuzzer's own mutations. */
static size_t change_value(uint8_t *data, size_t size, size_t max_size, size_t begin, size_t end)
{
    const uint8_t *colon = memchr(data + begin, ':', end - begin);
    const size_t value = colon && below(8) ? (size_t)(colon - data) + 1 : begin;
    const size_t stop = end > value && data[end - 1] == '\n' ? end - 1 : end;
    size_t limit = stop - value + 64;
    limit = limit < max_size - size + (stop - value) ? limit : max_size - size + (stop - value);
    if (!limit)
        return size;
    uint8_t *work = (uint8_t *)malloc(limit);
    memcpy(work, data + value, stop - value);
    const size_t n = LLVMFuzzerMutate(work, stop - value, limit);
    memmove(data + value + n, data + stop, size - stop);
    memcpy(data + value, work, n);
    free(work);
    return size - (stop - value) + n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    state = seed * 2654435761u | 1;
    const size_t count = line_at(data, size, SIZE_MAX), k = below(count + 1), to = below(count + 1);
    const size_t begin = line_at(data, size, k), end = line_at(data, size, k + 1), target = line_at(data, size, to);
    arena_reset(&arena);
    const struct span line = span_of(arena_strndup(&arena, (const char *)data + begin, end - begin), end - begin);
    switch (below(8)) {
    case 0: memmove(data + begin, data + end, size - end); return size - line.n;
    case 1: return insert(data, size, max_size, target, line);
    case 2: /* moved */
        memmove(data + begin, data + end, size - end);
        size -= line.n;
        return insert(data, size, max_size, line_at(data, size, to), line);
    case 3:
    case 4: return insert(data, size, max_size, begin, span_z(lines[below(COUNT(lines))]));
    case 5: /* in its place */
        memmove(data + begin, data + end, size - end);
        return insert(data, size - line.n, max_size, begin, span_z(lines[below(COUNT(lines))]));
    default: return change_value(data, size, max_size, begin, end);
    }
}
#endif
