/* SPDX-License-Identifier: MIT */
/*
 * kind.c - what kind of message it is, and who reads its recipients.
 *
 * In: a message with its header read. Out: the report's kind, and its recipients
 * with their facts. Asked in this order: delivery-status fields (RFC 3464),
 * feedback (RFC 5965), disposition (RFC 8098), notifications in JSON, then the
 * text by dialects; what none of these knows is ordinary mail.
 */
#include "reading/kind.h"
#include "base/limits.h"
#include "mail/address.h"
#include "reading/arf.h"
#include "reading/blocks.h"
#include "reading/dsn.h"
#include "reading/free_text.h"
#include "reading/lines.h"
#include "reading/notification.h"
#include "reading/paragraphs.h"
#include "reading/recipients.h"
#include "reading/writer.h"

#include <string.h>

const char *reading_keep(struct reading *rd, const char *value)
{
    return value && *value ? arena_strdup(&rd->report->arena, value) : NULL;
}

/* The first mailbox of a header field, without its display name. */
const char *reading_first_address(struct reading *rd, const char *value)
{
    struct found_address found;
    size_t pos = 0;
    if (!value || !address_next(span_z(value), &pos, &found))
        return NULL;
    return arena_strndup(rd->scratch, found.address.s, found.address.n);
}

static size_t find_part(const struct reading *rd, enum part_role role)
{
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (rd->m.parts[i].role == role)
            return i;
    return SIZE_MAX;
}

static void read_status_parts(struct reading *rd)
{
    enum { ATTACHMENT_BYTES = 65536 };
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (rd->m.parts[i].role == PART_DELIVERY_STATUS)
            dsn_read(rd, message_part_fields(&rd->m, i));
    if (rd->status_fields_seen || !rd->from_system)
        return;
    for (size_t i = 0; i < rd->m.part_count; i++) { /* "details.txt" */
        size_t from;
        if (rd->m.parts[i].role != PART_OTHER || rd->m.parts[i].raw.n > ATTACHMENT_BYTES)
            continue;
        struct span fields = message_part_fields(&rd->m, i);
        if (dsn_find(fields, &from))
            dsn_read(rd, span_of(fields.s + from, fields.n - from));
    }
}

/* Fields that stand in the text because the structure of the mail is broken. */
static bool read_status_in_text(struct reading *rd)
{
    size_t from;
    if (!dsn_find(rd->text, &from))
        return false;
    dsn_read(rd, span_of(rd->text.s + from, rd->text.n - from));
    return rd->report->recipient_count > 0;
}

/* Whether every fact that the text could add is there already. */
static bool needs_prose(struct reading *rd)
{
    for (size_t i = 0; i < rd->report->recipient_count; i++) {
        const struct bounce_recipient *to = rd->report->recipients[i];
        if (to->action == BOUNCE_ACTION_FAILED || to->action == BOUNCE_ACTION_DELAYED)
            if (!to->address || !to->diagnostic || !to->reply_code || !to->command ||
                (!to->original && rd->report->strings[BOUNCE_REPORT_SOFTWARE]))
                return true;
    }
    return false;
}

/* What the words say; a reply that refuses outweighs words of success. */
static bounce_action action_of_text(struct reading *rd, const struct bounce_recipient *to)
{
    bounce_action action = dialect_action(rd);
    if (!action || (to->reply_code >= 400 && action != BOUNCE_ACTION_DELAYED))
        return BOUNCE_ACTION_FAILED;
    return action;
}

static void read_dsn(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    r->kind = BOUNCE_KIND_DSN;
    for (size_t i = 0; i < r->recipient_count; i++) {
        recipient_fix_action(r->recipients[i]);
        recipient_fix_address(r->recipients[i]);
        recipient_read_texts(rd, r->recipients[i]);
    }
    recipients_name_from_elsewhere(rd);
    recipients_name_from_list(rd);
    recipients_merge_same(rd);
    if (needs_prose(rd) || !r->recipient_count)
        free_text_read(rd);
    for (size_t i = 0; i < r->recipient_count; i++)
        if (!r->recipients[i]->action)
            r->recipients[i]->action = action_of_text(rd, r->recipients[i]);
    recipients_drop_nameless(rd);
}

/* A mail system writes with a name of its own, a null return path or marks of
 * automatic mail; where it has none of these, its subject announces the
 * failure. Else it is a person's mail that quotes a report. */
static bool written_by_system(struct reading *rd)
{
    if (rd->from_system || rd->m.report_type || message_header(&rd->m, "X-Failed-Recipients"))
        return true;
    struct span automatic = span_trim(span_z(message_header(&rd->m, "Auto-Submitted")));
    if (automatic.n && !span_equal_nocase(automatic, "no"))
        return true;
    /* "[list] failure notice": what a list adds stands in front of a person's words. */
    return rd->subject && rd->subject[0] != '[' && dialect_announced(rd);
}

/* Words of failure in a mail that shows no recipient and returns no message. */
static bool is_empty_notice(struct reading *rd)
{
    const struct bounce_report *r = rd->report;
    bool nobody = r->recipient_count == 1 && !r->recipients[0]->address;
    return nobody && !rd->m.report_type && rd->m.original_part == SIZE_MAX && !rd->text_original.count &&
           (!rd->dialect || dialect_is_general(rd->dialect));
}

static void read_ndr(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    r->kind = BOUNCE_KIND_NDR;
    if (written_by_system(rd))
        free_text_read(rd);
    if (!r->recipient_count || is_empty_notice(rd)) {
        r->recipient_count = 0;
        r->kind = BOUNCE_KIND_NONE;
        r->strings[BOUNCE_REPORT_SOFTWARE] = NULL;
        return;
    }
    for (size_t i = 0; i < r->recipient_count; i++)
        if (!r->recipients[i]->action)
            r->recipients[i]->action = action_of_text(rd, r->recipients[i]);
    recipients_merge_same(rd);
}

static void read_feedback(struct reading *rd, size_t part)
{
    rd->report->kind = BOUNCE_KIND_ARF;
    arf_read(rd, message_part_fields(&rd->m, part));
}

static void read_notification(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    r->strings[BOUNCE_REPORT_SOFTWARE] = "amazon-ses";
    if (r->recipients[0]->action == BOUNCE_ACTION_COMPLAINT) {
        r->kind = BOUNCE_KIND_ARF;
        return;
    }
    r->kind = BOUNCE_KIND_NDR;
    for (size_t i = 0; i < r->recipient_count; i++)
        recipient_read_texts(rd, r->recipients[i]);
    recipients_merge_same(rd);
}

/* RFC 8098; Dovecot, Cyrus and Sieve reject mail with one that says "deleted". */
static void read_disposition(struct reading *rd, size_t part)
{
    rd->report->kind = BOUNCE_KIND_MDN;
    struct span fields = message_part_fields(&rd->m, part);
    struct field_group g;
    bool truncated;
    if (!fields_read_group(rd->scratch, &fields, LIMIT_HEADER_LINES, &g, NULL, &truncated))
        return;
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
    bool refused = span_find(span_of(n->folded, n->folded_length), "rejected") ||
                   span_find(span_of(n->folded, n->folded_length), "refused");
    if (!refused && !match_best(rd->matcher, s, &scope, 1, 3, BOUNCE_REASON_UNKNOWN, &hit))
        return;
    dsn_read(rd, message_part_fields(&rd->m, part));
    read_dsn(rd);
    rd->report->kind = BOUNCE_KIND_MDN;
    for (size_t i = 0; i < rd->report->recipient_count; i++)
        rd->report->recipients[i]->stated_decided_by = BOUNCE_DECIDED_BY_REPORTER;
}

static bool reports_status(struct reading *rd)
{
    return rd->from_system || rd->dialect || (rd->m.report_type && !strcmp(rd->m.report_type, "delivery-status"));
}

/* A null return path and the message that comes back: a report, whatever its
 * language (RFC 5321 4.5.5). */
static bool returns_message(struct reading *rd)
{
    enum { FIELDS_OF_A_MAIL = 3 };
    size_t fields = rd->m.original.count > rd->text_original.count ? rd->m.original.count : rd->text_original.count;
    return span_equal_nocase(span_trim(span_z(rd->return_path)), "<>") && fields >= FIELDS_OF_A_MAIL;
}

/* A mail system's letter without any words that a dialect knows, but with an
 * address and the reply that refused it: that is a report by its structure. */
static bool quotes_refusal(struct reading *rd)
{
    bool daemon = rd->from && span_find_nocase(span_z(rd->from), "mailer-daemon");
    if (!daemon && !span_equal_nocase(span_trim(span_z(rd->return_path)), "<>"))
        return false;
    enum { BLOCKS_ASKED = 8 };
    struct block *blocks;
    size_t count = general_blocks(rd, &blocks);
    for (size_t i = 0; i < count && i < BLOCKS_ASKED; i++) {
        struct reply reply;
        reply_read_parts(rd->scratch, paragraphs_join(rd, blocks[i].first, blocks[i].last), 0, &reply);
        /* "Tel: 555 1234" is no reply: who is no daemon must state a status. */
        if (reply.code >= 400 && (daemon || reply.status.class_ >= 4))
            return true;
    }
    return false;
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
    if (r->recipient_count || rd->status_fields_seen)
        read_dsn(rd);
    else if (feedback != SIZE_MAX)
        read_feedback(rd, feedback);
    else if (arf_read_jmrp(rd))
        r->kind = BOUNCE_KIND_ARF;
    else if (disposition != SIZE_MAX)
        read_disposition(rd, disposition);
    else if (notification_read(rd))
        read_notification(rd);
    else if (reports_status(rd) && known != BOUNCE_KIND_AUTO_REPLY && read_status_in_text(rd))
        read_dsn(rd);
    else if (known == BOUNCE_KIND_NDR || (rd->m.report_type && !strcmp(rd->m.report_type, "delivery-status")) ||
             (known == BOUNCE_KIND_NONE && !rd->dialect && (returns_message(rd) || quotes_refusal(rd))))
        read_ndr(rd);
    else
        r->kind = known;
}

/* A service that asks for somebody (its software is known by name) writes from
 * an address of its own; the one that it guards stands in the text. */
static const char *challenged_in_text(struct reading *rd)
{
    const char *from = reading_first_address(rd, rd->from), *to = reading_first_address(rd, rd->to);
    const char *service = from ? strrchr(from, '@') : NULL;
    struct found_address found;
    for (size_t i = 0; service && rd->dialect && rd->dialect->software && i < rd->line_count; i++)
        for (size_t pos = 0; address_next(rd->lines[i].s, &pos, &found);) {
            char *a = arena_strndup(rd->scratch, found.address.s, found.address.n);
            if (!address_is_system(found.address) && !(to && address_equal(a, to)) &&
                !span_find_nocase(found.address, service))
                return a;
        }
    return NULL;
}

void kind_find_challenger(struct reading *rd)
{
    if (rd->report->kind != BOUNCE_KIND_CHALLENGE)
        return;
    const char *who = challenged_in_text(rd);
    if (!who)
        who = reading_first_address(rd, rd->from);
    struct bounce_recipient *to = who && !address_is_system(span_z(who)) ? report_add_recipient(rd->report) : NULL;
    if (!to)
        return;
    to->address = reading_keep(rd, who);
    to->address_type = "rfc822";
    to->action = BOUNCE_ACTION_DELAYED;
    to->reason = BOUNCE_REASON_CHALLENGE;
}
