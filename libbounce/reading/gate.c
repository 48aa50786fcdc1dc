/* SPDX-License-Identifier: MIT */
/*
 * gate.c - whether a mail can be a report, told by its header.
 *
 * In: a mail of which nothing but the header was read. Out: false if it shows
 * none of the signs that reports have; its body is not looked at then, and it
 * is of kind none. A report has one of the forms of RFC 6522, RFC 3834 or RFC
 * 5321 4.5.5 (multipart/report, Auto-Submitted, a null return path), is from a
 * mail system, or has what some dialect asks of a header. Those that words of
 * the body alone would tell are letters that quote one. A header that is broken
 * or missing hides nothing: such a mail is read. So is a multipart/mixed in
 * whose front a part of a type message/... stands: some gateways write a new
 * header above the parts of a report.
 */
#include "reading/gate.h"
#include "base/limits.h"
#include "reading/arf.h"
#include "reading/reading.h"

#include <string.h>

/* Too little of a header to judge by, or perhaps no header at all: the mail may
 * have been pushed down by a line in front. */
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

static bool has_report_part(const struct reading *rd)
{
    struct span front = rd->m.body;
    front.n = front.n < LIMIT_GATE_BYTES ? front.n : LIMIT_GATE_BYTES;
    return type_begins(rd, "multipart/mixed") && span_find_nocase(front, "message/");
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
    static const char *const names[] = {[GATE_NO_SIGN] = NULL,
                                        [GATE_DOUBTFUL_HEADER] = "the header is broken, or too short to judge by",
                                        [GATE_REPORT_TYPE] = "its type is that of a report",
                                        [GATE_REPORT_PART] = "a part of type message/... stands in its front",
                                        [GATE_JMRP_SENDER] = "the sender is Hotmail's feedback loop",
                                        [GATE_SUM] = "with the signs of its body it could be a report",
                                        [GATE_DIALECT] = "a dialect knows a sign in its header"};
    return names[sign];
}
