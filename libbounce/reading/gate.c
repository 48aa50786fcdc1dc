/* SPDX-License-Identifier: MIT */
/*
 * gate.c - whether a mail can be a report, judged by its header.
 *
 * In: a mail of which only the header was read. Out: false if it shows none
 * of the signs that reports have; its body is not looked at then, and it is
 * of kind none. A report has one of the forms of RFC 6522, RFC 3834 or RFC
 * 5321 4.5.5 (multipart/report, Auto-Submitted, a null return path), is from a
 * mail system, or has what some dialect asks of a header. Mails that only the
 * words of the body would show are letters that quote one. A mail whose header
 * is broken or missing is read. So is a multipart/mixed that has a part of a
 * type message/... near its start, or anywhere one that only reports have: some
 * gateways write a new header above the parts of a report.
 */
#include "reading/gate.h"
#include "base/limits.h"
#include "reading/arf.h"
#include "reading/reading.h"

#include <string.h>

/* Too little of a header to judge by, or perhaps no header at all: a line before
 * the mail may have pushed it down. */
static bool is_doubtful(const struct reading *rd)
{
    const struct field_group *header = &rd->m.header;
    bool typed = fields_get(header, "Content-Type").s != NULL;
    return !header->count || rd->m.flags & MESSAGE_NO_HEADER || !rd->from || (!typed && !rd->subject);
}

static bool type_begins(const struct reading *rd, const char *z)
{
    const struct norm_text *type = rd->type;
    return type && span_starts_nocase(span_of(type->folded, type->folded_length), z);
}

static bool is_report_type(const struct reading *rd)
{
    return type_begins(rd, "multipart/report") || type_begins(rd, "message/");
}

/* Whether this hyphen is in a type of part that only reports have (RFC 3464, 6533, 5965, 8098). */
static bool names_report_part(struct span body, const char *hyphen)
{
    static const struct span types[] = {SPAN("message/delivery"), SPAN("message/global-delivery"),
                                        SPAN("message/feedback"), SPAN("message/disposition")};
    static const char *const ends[] = {"-status", "-status", "-report", "-notification"};
    struct span before = span_of(body.s, (size_t)(hyphen - body.s));
    struct span rest = span_of(hyphen, body.n - before.n);
    for (size_t i = 0; i < COUNT(types); i++)
        if (span_starts_nocase(rest, ends[i]) && span_ends_with(before, types[i]))
            return true;
    return false;
}

/* Searched by its hyphen, which base64 does not have: attachments of everyday mail cost next to nothing. */
static bool has_part_of_reports(struct span body)
{
    const char *end = body.s + body.n, *at = body.s;
    while (at < end && (at = memchr(at, '-', (size_t)(end - at)))) {
        while (++at < end && *at == '-') {
        }
        char next = at < end ? (char)(*at | CASE_BIT) : '\0';
        if ((next == 's' || next == 'r' || next == 'n') && names_report_part(body, at - 1))
            return true;
    }
    return false;
}

static bool has_report_part(const struct reading *rd)
{
    struct span front = rd->m.body;
    front.n = front.n < LIMIT_GATE_BYTES ? front.n : LIMIT_GATE_BYTES;
    return type_begins(rd, "multipart/mixed") &&
           (span_find_nocase(front, "message/") || has_part_of_reports(rd->m.body));
}

enum gate_sign gate_sign(const struct reading *rd)
{
    return is_doubtful(rd)                              ? GATE_DOUBTFUL_HEADER
           : is_report_type(rd)                         ? GATE_REPORT_TYPE
           : has_report_part(rd)                        ? GATE_REPORT_PART
           : arf_is_jmrp_sender(rd)                     ? GATE_JMRP_SENDER
           : recognition_shows_report(rd->recognition)  ? GATE_DIALECT
           : recognition_can_be_report(rd->recognition) ? GATE_SUM
                                                        : GATE_NO_SIGN;
}

const char *gate_sign_name(enum gate_sign sign)
{
    static const char *const names[] = {
        [GATE_NO_SIGN] = NULL,
        [GATE_DOUBTFUL_HEADER] = "the header is broken, or too short to judge by",
        [GATE_REPORT_TYPE] = "its type is that of a report",
        [GATE_REPORT_PART] = "it has a part of a type of reports, or in its front one of type message/...",
        [GATE_JMRP_SENDER] = "the sender is Hotmail's feedback loop",
        [GATE_SUM] = "with the signs of its body it could be a report",
        [GATE_DIALECT] = "a dialect knows a sign in its header"};
    return names[sign];
}
