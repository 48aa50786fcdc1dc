/* SPDX-License-Identifier: MIT */
/*
 * kind.c - what kind of message it is, and who reads its recipients.
 *
 * In: a message with its header read. Out: the report's kind, and its recipients
 * with their facts. Tried in this order: delivery-status fields (RFC 3464),
 * feedback (RFC 5965), disposition (RFC 8098), notifications in JSON, then the
 * text: by the dialect that knows it, or by the sum of signs. What none of these knows
 * is ordinary mail. The readers append findings; resolve_findings() makes recipients.
 */
#include "reading/kind.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/address_names.h"
#include "mail/address_scan.h"
#include "reading/arf.h"
#include "reading/auto_reply.h"
#include "reading/blocks.h"
#include "reading/dsn.h"
#include "reading/free_text.h"
#include "reading/header_addresses.h"
#include "reading/lines.h"
#include "reading/notification.h"
#include "reading/report_facts.h"
#include "reading/writer.h"

#include <string.h>

static size_t find_part(const struct reading *rd, enum part_role role)
{
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (rd->m.parts[i].role == role)
            return i;
    return SIZE_MAX;
}

/* Fields in a forwarded mail, without the margin or quote marks of their first line. */
static struct span without_margin(struct reading *rd, struct span fields)
{
    size_t margin = 0;
    while (margin < fields.n && fields.s[margin] && strchr(" \t>", fields.s[margin]))
        margin++;
    if (!margin)
        return fields;
    const struct span mark = span_of(fields.s, margin);
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (struct span line; span_next_line(&fields, &line);) {
        size_t n = 0;
        while (n < margin && n < line.n && line.s[n] == mark.s[n])
            n++;
        strbuf_add(&b, line.s + n, line.n - n);
        strbuf_putc(&b, '\n');
    }
    return span_of(b.s, b.n);
}

/* "details.txt": a text that is not shown. */
static bool is_attached_text(const struct part *p)
{
    return p->role == PART_TEXT && p->attachment && p->name;
}

static void read_status_parts(struct reading *rd)
{
    enum { ATTACHMENT_BYTES = 65536 };
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (rd->m.parts[i].role == PART_DELIVERY_STATUS)
            dsn_read(rd, without_margin(rd, message_part_fields(&rd->m, i)), READER_STATUS_FIELDS);
    if (rd->status_fields_seen || !rd->from_system)
        return;
    for (size_t i = 0; i < rd->m.part_count; i++) { /* "details.txt" */
        size_t from;
        if ((rd->m.parts[i].role != PART_OTHER && !is_attached_text(&rd->m.parts[i])) ||
            rd->m.parts[i].raw.n > ATTACHMENT_BYTES)
            continue;
        struct span fields = message_part_fields(&rd->m, i);
        if (dsn_find(fields, &from))
            dsn_read(rd, span_of(fields.s + from, fields.n - from), READER_STATUS_FIELDS);
    }
}

/* Imitations print the fields of a report about their reader, and come from a sender with an address. A report with
 * many such fields is none: each costs a look through To. */
static bool imitates_status(struct reading *rd)
{
    enum { MOST_FIELDS = 4 };
    static const char name[] = "Final-Recipient";
    struct span fields = rd->text;
    struct found_address found;
    size_t from, about_reader = 0;
    if (!rd->return_path || span_equal_nocase(span_trim(span_z(rd->return_path)), "<>") ||
        message_header(&rd->m, "Auto-Submitted") || !dsn_find(rd->text, &from))
        return false;
    for (const char *at; (at = span_find_nocase(fields, name)) != NULL;) {
        size_t pos = 0;
        fields = span_of(at + strlen(name), (size_t)(fields.s + fields.n - at) - strlen(name));
        if (!address_next(fields, &pos, &found))
            break;
        const char *address = arena_strndup(rd->scratch, found.address.s, found.address.n);
        if (++about_reader > MOST_FIELDS || !header_field_has(rd, rd->to, address, address_equal))
            return false;
    }
    return about_reader > 0;
}

/* Fields that are in the text because the structure of the mail is broken. */
static bool read_status_in_text(struct reading *rd)
{
    size_t from;
    if (!dsn_find(rd->text, &from))
        return false;
    dsn_read(rd, span_of(rd->text.s + from, rd->text.n - from), READER_STATUS_FIELDS);
    return findings_first(rd, FINDING_FIELDS) != NULL;
}

static void resolve_findings(struct reading *rd)
{
    struct resolve_input in = {.findings = &rd->findings,
                               .scratch = rd->scratch,
                               .keep = &rd->report->arena,
                               .own_words = rd->dialect && rd->dialect->own_replies};
    dialect_complete(rd);
    rd->resolved = resolve(&in);
    rd->resolved_findings = rd->findings.count;
}

/* Whether a fact that the text could add is still missing. */
static bool needs_text(const struct reading *rd)
{
    for (size_t i = 0; i < rd->resolved.count; i++) {
        const struct facts *to = &rd->resolved.recipients[i];
        if (to->action == BOUNCE_ACTION_FAILED || to->action == BOUNCE_ACTION_DELAYED)
            if (!to->address || !to->diagnostic || !to->reply_code || !to->command ||
                (!to->original && rd->report->strings[BOUNCE_REPORT_SOFTWARE]))
                return true;
    }
    return !rd->resolved.count;
}

/* What the text as a whole says, if something is left for it to say. */
static void read_polarity(struct reading *rd)
{
    /* Fields have an action, stated or not; nothing else that names a recipient has one. */
    if (!findings_first(rd, FINDING_FIELDS))
        findings_add(rd, FINDING_POLARITY, READER_DIALECT)->action = dialect_action(rd);
}

static void read_dsn(struct reading *rd)
{
    rd->report->kind = BOUNCE_KIND_DSN;
    header_addresses_read_listed(rd);
    header_addresses_read_verp(rd);
    resolve_findings(rd);
    if (needs_text(rd))
        free_text_read(rd);
}

/* A mail that says it is a delivery report is one, whatever else it shows. */
static bool is_typed(const struct reading *rd)
{
    return rd->m.report_type && !strcmp(rd->m.report_type, "delivery-status");
}

/* A gateway wrote a letter of its own around another system's report, which is the message returned. */
static bool read_status_in_returned(struct reading *rd)
{
    const char *from = header_first_address(rd, message_original_header(&rd->m, "From"));
    if (rd->m.original_part == SIZE_MAX || !from || !address_is_system(span_z(from)))
        return false;
    size_t at, count;
    struct block *blocks;
    const struct span returned = message_part_text(&rd->m, rd->m.original_part);
    count = general_blocks(rd, &blocks);
    if (count || !dsn_find(returned, &at))
        return false;
    dsn_read(rd, span_of(returned.s + at, returned.n - at), READER_STATUS_FIELDS);
    return findings_first(rd, FINDING_FIELDS) != NULL;
}

/* These need no sum. */
static bool is_certain(const struct reading *rd)
{
    return is_typed(rd) || (rd->dialect && rd->dialect->certain);
}

static bool is_shown(struct reading *rd, fact_fn *facts)
{
    rd->by_signs = true;
    recognition_ask_facts(rd->recognition, facts, rd);
    return recognition_is_report(rd->recognition);
}

/* An acknowledgement may quote a report and so look like one by its writer; a daemon acknowledges nothing. */
static bool is_answer(struct reading *rd)
{
    const char *from = header_first_address(rd, rd->from);
    return rd->dialect && !(from && address_is_system(span_z(from))) && recognition_answers(rd->recognition);
}

static void read_nothing(struct reading *rd)
{
    rd->report->kind = BOUNCE_KIND_NONE;
    rd->report->strings[BOUNCE_REPORT_SOFTWARE] = NULL;
}

static void read_ndr(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    r->kind = BOUNCE_KIND_NDR;
    if (rd->from_system && read_status_in_returned(rd)) {
        read_dsn(rd);
        return;
    }
    const bool certain = is_certain(rd);
    /* An account of the reading gives the exact sum. A mail whose writer is known is a report, as a rule. */
    if (certain || rd->explain || rd->dialect || is_shown(rd, report_fact_at_best)) {
        header_addresses_read_listed(rd);
        header_addresses_read_verp(rd);
        free_text_read(rd);
        read_polarity(rd);
        resolve_findings(rd);
    }
    if (!rd->resolved.count || !(certain || is_shown(rd, report_fact))) {
        r->kind = is_answer(rd) ? BOUNCE_KIND_AUTO_REPLY : BOUNCE_KIND_NONE;
        r->strings[BOUNCE_REPORT_SOFTWARE] = NULL;
    }
}

static void read_feedback(struct reading *rd, size_t part)
{
    rd->report->kind = BOUNCE_KIND_ARF;
    arf_read(rd, message_part_fields(&rd->m, part));
}

static void read_notification(struct reading *rd)
{
    bool complaint = findings_first(rd, FINDING_FIELDS)->action == BOUNCE_ACTION_COMPLAINT;
    rd->report->strings[BOUNCE_REPORT_SOFTWARE] = "amazon-ses";
    rd->report->kind = complaint ? BOUNCE_KIND_ARF : BOUNCE_KIND_NDR;
}

/* RFC 8098; Dovecot, Cyrus and Sieve reject mail with one that says "deleted". */
static void read_disposition(struct reading *rd, size_t part)
{
    rd->report->kind = BOUNCE_KIND_MDN;
    struct span fields = message_part_fields(&rd->m, part);
    struct field_group g;
    bool truncated = false;
    if (!fields_read_group(rd->scratch, &fields, LIMIT_HEADER_LINES, &g, NULL, &truncated))
        return;
    if (truncated)
        report_warn(rd->report, "too-many-fields", "a disposition notification has more lines than are read");
    struct span disposition = fields_get(&g, "Disposition");
    bool failed = span_find_nocase(disposition, "failed") || span_find_nocase(disposition, "/error") ||
                  fields_get(&g, "Failure").s || fields_get(&g, "Error").s;
    bool automatic = span_find_nocase(disposition, "automatic-action/");
    if (!failed && !(automatic && span_find_nocase(disposition, "deleted")))
        return;
    struct norm_text *n = &rd->norm;
    struct searched_text *s = searched_text_new(rd->matcher, rd->scratch, n);
    struct match_scope scope = {.origin = ORIGIN_BESIDE};
    struct match_hit hit;
    bool refused = word_search(rd->words->of[WORDS_REFUSED], span_of(n->folded, n->folded_length), UINT64_MAX);
    if (!refused && !match_best(rd->matcher, s, &scope, TIER_TOKEN, TIER_DEFINITE, BOUNCE_REASON_UNKNOWN, &hit))
        return;
    dsn_read(rd, message_part_fields(&rd->m, part), READER_DISPOSITION);
    read_dsn(rd);
    rd->report->kind = BOUNCE_KIND_MDN;
}

static bool reports_status(struct reading *rd)
{
    return is_typed(rd) || ((rd->from_system || rd->dialect) && !report_fact(rd, FACT_FROM_READER));
}

/* A service that asks on somebody's behalf (its software is known by name) writes
 * from an address of its own, or from none ("<@antispam.example>"); the one that it guards is in the subject or the
 * text. */
static const char *challenged_in(struct reading *rd, struct span text, const char *service, bool sure)
{
    const char *from = header_first_address(rd, rd->from);
    const bool from_robot = from && address_is_system(span_z(from)); /* the provider's own service guards its users */
    const char *to = header_first_address(rd, rd->to);
    struct found_address found;
    for (size_t pos = 0; address_next(text, &pos, &found);) {
        char *a = arena_strndup(rd->scratch, found.address.s, found.address.n);
        bool other = !address_is_system(found.address) && !(to && address_equal(a, to));
        bool of_service = service && span_find_nocase(found.address, service);
        const bool itself = from && address_equal(a, from);
        if ((sure || other) && (!of_service || ((from_robot || sure) && other && !itself)))
            return a;
    }
    return NULL;
}

static const char *challenged_in_text(struct reading *rd)
{
    const char *from = header_first_address(rd, rd->from);
    const char *service = from ? strrchr(from, '@') : NULL;
    if (!rd->dialect)
        return NULL;
    const bool by_robot = rd->dialect->software || (service && address_is_system(span_z(from)));
    const char *who = challenged_in(rd, span_z(rd->subject), service, true);
    for (size_t i = 0; by_robot && !who && i < rd->line_count; i++)
        if (!rd->lines[i].boilerplate)
            who = challenged_in(rd, rd->lines[i].s, service, false);
    return who;
}

/* TMDA asks from "joe-confirm-1070614800.4411.a1b2c3@example.net": the name that it guards comes first. */
static const char *without_tag(struct reading *rd, const char *from, struct span tag)
{
    const char *at = strrchr(from, '@'), *cut = span_find_word(span_z(from), tag);
    if (!cut || !at || cut == from || cut > at || !ascii_is_digit(cut[tag.n]))
        return from;
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_add(&b, from, (size_t)(cut - from));
    strbuf_puts(&b, at);
    return b.s;
}

static const char *challenged_in_from(struct reading *rd)
{
    const char *who = header_first_address(rd, rd->from);
    for (const struct search_word *w = rd->words->of[WORDS_CHALLENGE_TAG]; who && w->text.n; w++)
        who = without_tag(rd, who, w->text);
    return who && !address_is_system(span_z(who)) ? who : NULL;
}

static void read_challenge(struct reading *rd)
{
    const char *who = challenged_in_text(rd);
    if (!who)
        who = challenged_in_from(rd);
    if (!who)
        return;
    struct finding *f = findings_add(rd, FINDING_FIELDS, READER_CHALLENGE);
    f->address = arena_strdup(&rd->report->arena, who);
    f->address_type = "rfc822";
    f->action = BOUNCE_ACTION_DELAYED;
}

/* The last findings, and the recipients that result from all of them. */
static void finish(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    if (r->kind == BOUNCE_KIND_NONE || r->kind == BOUNCE_KIND_AUTO_REPLY)
        return;
    if (r->kind == BOUNCE_KIND_ARF || r->kind == BOUNCE_KIND_CHALLENGE || !rd->resolved_findings)
        header_addresses_read_verp(rd);
    if (!findings_first(rd, FINDING_POLARITY))
        read_polarity(rd);
    if (rd->findings.count != rd->resolved_findings)
        resolve_findings(rd);
    if (rd->resolved.too_many)
        report_warn(r, "too-many-recipients", "the report names more recipients than are read");
    if (rd->resolved.nameless)
        report_warn(r, "no-recipient", "the report also reports on a recipient that it does not name");
    for (size_t i = 0; i < rd->resolved.count; i++) {
        struct facts *to = &report_add_recipient(r)->facts;
        *to = rd->resolved.recipients[i];
        if (!to->stated_decided_by)
            to->stated_decided_by = dialect_decided(rd, to);
    }
}

void kind_find(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    size_t feedback = find_part(rd, PART_FEEDBACK_REPORT), disposition = find_part(rd, PART_DISPOSITION);
    read_status_parts(rd);
    reading_prepare_text(rd);
    dialect_recognise(rd);
    bounce_kind known = rd->dialect ? rd->dialect->kind : BOUNCE_KIND_NONE;
    if (rd->dialect)
        r->strings[BOUNCE_REPORT_SOFTWARE] = dialect_software(rd);
    dialect_region(rd);
    if (rd->status_fields_seen)
        read_dsn(rd);
    else if (feedback != SIZE_MAX)
        read_feedback(rd, feedback);
    else if (arf_read_jmrp(rd))
        r->kind = BOUNCE_KIND_ARF;
    else if (disposition != SIZE_MAX)
        read_disposition(rd, disposition);
    else if (notification_read(rd))
        read_notification(rd);
    else if (!is_typed(rd) && imitates_status(rd))
        read_nothing(rd);
    else if (reports_status(rd) && known != BOUNCE_KIND_AUTO_REPLY && read_status_in_text(rd))
        read_dsn(rd);
    else if (known == BOUNCE_KIND_NDR || is_typed(rd) || !rd->dialect)
        read_ndr(rd);
    else
        r->kind = known;
    if (r->kind == BOUNCE_KIND_CHALLENGE)
        read_challenge(rd);
    if (r->kind == BOUNCE_KIND_AUTO_REPLY)
        auto_reply_read(rd);
    finish(rd);
}
