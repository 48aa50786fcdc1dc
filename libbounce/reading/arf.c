/* SPDX-License-Identifier: MIT */
/*
 * arf.c - abuse feedback (RFC 5965, RFC 6591).
 *
 * In: the decoded text of a message/feedback-report part. Out: the report's
 * feedback fields, and a recipient for each Original-Rcpt-To. What it lacks is
 * taken from the header of the returned message, and marked as inferred.
 */
#include "reading/arf.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_list.h"
#include "mail/address_scan.h"
#include "mail/cfws.h"
#include "mail/date.h"
#include "reading/arf_inferred.h"
#include "reading/findings.h"
#include "reading/header_addresses.h"
#include "reading/lines.h"
#include "reading/reading.h"
#include "text/header.h"

#include <string.h>

/* The word in a field's value, without comments and brackets. */
static char *word_of(struct reading *rd, struct span raw)
{
    struct span v = skip_cfws(span_z(message_decode_field(&rd->m, raw)));
    size_t n = 0;
    while (n < v.n && !ascii_is_space(v.s[n]) && v.s[n] != ';' && v.s[n] != '(')
        n++;
    return n ? arena_strndup(&rd->report->arena, v.s, n) : NULL;
}

static void add_complaint(struct reading *rd, const char *value)
{
    struct address a;
    if (!value || !header_address_read(rd, span_z(value), &a))
        return;
    if (!address_is_plausible(span_z(a.address)))
        return;
    struct finding *f = findings_add(rd, FINDING_FIELDS, READER_FEEDBACK);
    f->address = a.address;
    f->address_type = a.type;
    f->action = BOUNCE_ACTION_COMPLAINT;
}

/* Every address of a To: header of the returned message. */
static void add_from_header(struct reading *rd, const char *value)
{
    struct span line = span_z(value);
    struct span address;
    for (size_t pos = 0; address_list_next(line, &pos, &address);)
        add_complaint(rd, arena_strndup(rd->scratch, address.s, address.n));
}

/* Hotmail's own field, the To: of the returned message, or any other field of its header that names somebody. */
static void add_inferred(struct reading *rd)
{
    const size_t before = rd->findings.count;
    add_from_header(rd, reading_original(rd, "X-HmXmrOriginalRecipient"));
    if (rd->findings.count == before)
        add_from_header(rd, reading_original(rd, "To"));
    if (rd->findings.count == before)
        add_complaint(rd, arf_inferred_recipient(rd));
    if (rd->findings.count != before)
        rd->report->inferred |= 1u << INFERRED_RECIPIENTS;
}

void arf_read(struct reading *rd, struct span fields)
{
    struct field_group g;
    bool truncated = false;
    if (!fields_read_group(rd->scratch, &fields, LIMIT_HEADER_LINES, &g, NULL, &truncated))
        g = (struct field_group){0};
    if (truncated)
        report_warn(rd->report, "too-many-fields", "a feedback report has more lines than are read");
    char *type = word_of(rd, fields_get(&g, "Feedback-Type"));
    if (type)
        bytes_lower(type, type, strlen(type));
    report_state(rd->report, BOUNCE_REPORT_FEEDBACK_TYPE, type);
    report_state(rd->report, BOUNCE_REPORT_FEEDBACK_SOURCE_IP, word_of(rd, fields_get(&g, "Source-IP")));
    struct span agent = fields_get(&g, "User-Agent");
    if (agent.s)
        report_state(rd->report, BOUNCE_REPORT_FEEDBACK_USER_AGENT,
                     arena_strdup(&rd->report->arena, message_decode_field(&rd->m, agent)));
    struct address a;
    struct span from = fields_get(&g, "Original-Mail-From");
    if (from.s && header_address_read(rd, span_z(message_decode_field(&rd->m, from)), &a))
        report_state(rd->report, BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM, a.address);
    struct span mta = fields_get(&g, "Reporting-MTA");
    if (mta.s) {
        char *v = message_decode_field(&rd->m, mta);
        char *semicolon = strchr(v, ';');
        report_state(rd->report, BOUNCE_REPORT_REPORTING_MTA,
                     word_of(rd, span_trim(span_z(semicolon ? semicolon + 1 : v))));
    }
    struct span date = fields_get(&g, "Arrival-Date");
    if (!date.s)
        date = fields_get(&g, "Received-Date");
    int64_t seconds;
    if (date.s && date_parse(span_z(message_decode_field(&rd->m, date)), &seconds))
        rd->report->arrival = seconds;
    const size_t before = rd->findings.count;
    for (size_t i = 0; i < g.count; i++)
        if (span_equal_nocase(g.fields[i].name, "Original-Rcpt-To") ||
            span_equal_nocase(g.fields[i].name, "Removal-Recipient"))
            add_complaint(rd, message_decode_field(&rd->m, g.fields[i].value));
    if (rd->findings.count == before)
        add_inferred(rd);
    arf_infer(rd, span_trim(from).n != 0);
}

bool arf_is_jmrp_sender(const struct reading *rd)
{
    static const char sender[] = "staff@hotmail.com";
    return span_find_nocase(span_z(rd->return_path), sender) || span_find_nocase(span_z(rd->from), sender);
}

bool arf_read_jmrp(struct reading *rd)
{
    static const char name[] = "X-HmXmrOriginalRecipient";
    if (!arf_is_jmrp_sender(rd) && !message_original_header(&rd->m, name)) /* only Hotmail's copies have it */
        return false;
    const size_t before = rd->findings.count;
    add_from_header(rd, message_header(&rd->m, name));
    if (rd->findings.count == before) {
        add_from_header(rd, message_original_header(&rd->m, name));
        rd->report->inferred |= 1u << INFERRED_RECIPIENTS;
    }
    if (rd->findings.count == before && !(arf_is_jmrp_sender(rd) && message_original_header(&rd->m, name)))
        return false; /* the field may be empty: the complaint keeps its recipient to itself */
    arf_infer(rd, false);
    report_state(rd->report, BOUNCE_REPORT_FEEDBACK_TYPE, "abuse");
    return true;
}
