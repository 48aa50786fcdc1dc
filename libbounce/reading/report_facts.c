/* SPDX-License-Identifier: MIT */
/*
 * report_facts.c - what speaks for or against a report and no pattern finds.
 *
 * In: a mail whose text was read and whose recipients are resolved. Out: the
 * facts that signs can name (`know fact NAME`, doc/rules.md): is a message
 * returned, whose was it, who is named as a recipient, and what shows that a
 * person answers or forwards. The reader is whom the report is addressed to.
 * Nothing is decided here, and nothing refused.
 */
#include "reading/report_facts.h"
#include "mail/address.h"
#include "mail/address_names.h"
#include "reading/header_addresses.h"
#include "reading/lines.h"
#include "reading/writer.h"

#include <string.h>

static bool same_domain(const char *a, const char *b)
{
    const char *at_a = strrchr(a, '@'), *at_b = strrchr(b, '@');
    return at_a && at_b && span_equal_nocase(span_z(at_a), at_b);
}

/* Whom the report is addressed to: by its header, and by the fields of its delivery. */
static bool is_reader(struct reading *rd, const char *address, bool (*like)(const char *, const char *))
{
    static const char *const fields[] = {"Delivered-To", "X-Original-To", "Envelope-To"};
    bool is = header_field_has(rd, rd->to, address, like);
    for (size_t i = 0; !is && i < COUNT(fields); i++)
        is = header_field_has(rd, message_header(&rd->m, fields[i]), address, like);
    return is;
}

/* ---------------------------------------------------- the message returned */

static bool is_returned(const struct reading *rd)
{
    enum { FIELDS_OF_A_MAIL = 3 };
    return rd->m.original.count >= FIELDS_OF_A_MAIL || rd->text_original.count >= FIELDS_OF_A_MAIL;
}

/* One of the addresses of its sender is like the reader's; *named: there are any. */
static bool returned_to_sender(struct reading *rd, bool (*like)(const char *, const char *), bool *named)
{
    static const char *const fields[] = {"From", "Return-Path", "Sender"};
    bool is = false;
    *named = false;
    for (size_t i = 0; !is && i < COUNT(fields); i++) {
        const char *sender = header_first_address(rd, reading_original(rd, fields[i]));
        is = sender && is_reader(rd, sender, like);
        *named = *named || sender;
    }
    return is;
}

static bool is_returned_ours(struct reading *rd)
{
    bool named;
    return returned_to_sender(rd, address_equal, &named);
}

static bool is_returned_of_other(struct reading *rd)
{
    bool named;
    return rd->to && !returned_to_sender(rd, same_domain, &named) && named && !is_returned_ours(rd);
}

static bool is_forwarded(struct reading *rd)
{
    const char *from = header_first_address(rd, reading_original(rd, "From"));
    return from && address_is_system(span_z(from));
}

/* ------------------------------------------------------------- recipients */

enum { RECIPIENTS_ASKED = 16 };

static size_t recipients_asked(const struct reading *rd)
{
    return rd->resolved.count < RECIPIENTS_ASKED ? rd->resolved.count : RECIPIENTS_ASKED;
}

/* Somebody is named as a recipient: the reader, or anybody else. */
static bool names_recipient(struct reading *rd, bool reader)
{
    bool names = false;
    for (size_t i = 0; !names && i < recipients_asked(rd); i++) {
        const char *address = rd->resolved.recipients[i].address;
        names = address && is_reader(rd, address, address_equal) == reader;
    }
    return names;
}

static bool names_nobody(const struct reading *rd)
{
    bool nobody = !rd->m.original.count && !rd->text_original.count;
    for (size_t i = 0; nobody && i < recipients_asked(rd); i++)
        nobody = !rd->resolved.recipients[i].address;
    return nobody;
}

/* A reply that refuses. "Tel: 555 1234" is not one: it must state a status, or be a recipient's own. */
static bool is_refused(const struct facts *to)
{
    bool refused = to->address && (to->reply_code >= 400 || to->field_status.class_ >= 4);
    for (const struct fact_text *t = to->texts; t && !refused; t = t->next)
        refused = to->address && t->is_read && t->status.class_ >= 4;
    return refused;
}

static bool names_refused(const struct reading *rd)
{
    bool refused = false;
    for (size_t i = 0; !refused && i < recipients_asked(rd); i++)
        refused = is_refused(&rd->resolved.recipients[i]);
    return refused;
}

static bool names_recipient_of_returned(struct reading *rd)
{
    const char *returned_to = reading_original(rd, "To");
    bool names = false;
    for (size_t i = 0; returned_to && !names && i < recipients_asked(rd); i++) {
        const char *address = rd->resolved.recipients[i].address;
        names = address && header_field_has(rd, returned_to, address, address_equal);
    }
    return names;
}

/* ------------------------------------------------------------- who writes */

/* Imitations of a report forge the reader's own address as the sender's, perhaps with a mail system's name
 * before it. A mail system has an address of its own, and says more than that. */
static bool is_from_reader(struct reading *rd)
{
    const char *from = header_first_address(rd, rd->from);
    return from && header_field_has(rd, rd->to, from, address_equal) && !address_is_system(span_z(from)) &&
           !span_equal_nocase(span_trim(span_z(rd->return_path)), "<>");
}

/* Lines with the quote mark that mail programs put before what is answered. ">>> RCPT" belongs to a session. */
static bool has_quoted_lines(const struct reading *rd)
{
    enum { QUOTED_LINES = 2 };
    size_t quoted = 0;
    for (size_t i = 0; i < rd->line_count && quoted < QUOTED_LINES; i++)
        quoted += rd->lines[i].trimmed.n > 1 && rd->lines[i].trimmed.s[0] == '>' &&
                  !span_starts_nocase(rd->lines[i].trimmed, ">>>");
    return quoted >= QUOTED_LINES;
}

static bool has_calendar(const struct reading *rd)
{
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (strcmp(rd->m.parts[i].type, "text/calendar") == 0)
            return true;
    return false;
}

static bool reader_is_system(struct reading *rd)
{
    const char *reader = header_first_address(rd, rd->to);
    return reader && address_is_system(span_z(reader));
}

/* The dialect is that of a report: of a writer, or the vocabulary of a language. */
static bool is_written_in(const struct reading *rd, bool language)
{
    return rd->dialect && rd->dialect->kind == BOUNCE_KIND_NDR && dialect_is_general(rd->dialect) == language;
}

bool report_fact(void *data, enum known_fact fact)
{
    struct reading *rd = data;
    switch (fact) {
    case FACT_WRITER: return is_written_in(rd, false);
    case FACT_WRITER_BY_HEADER: return is_written_in(rd, false) && recognition_by_header(rd->recognition);
    case FACT_LANGUAGE: return is_written_in(rd, true);
    case FACT_RETURNED: return is_returned(rd);
    case FACT_RETURNED_OURS: return is_returned_ours(rd);
    case FACT_RETURNED_OF_OTHER: return is_returned_of_other(rd);
    case FACT_REFUSAL: return names_refused(rd);
    case FACT_RECIPIENT: return names_recipient(rd, false);
    case FACT_RECIPIENT_IS_READER: return names_recipient(rd, true) && !names_recipient(rd, false);
    case FACT_RECIPIENT_RETURNED: return names_recipient_of_returned(rd);
    case FACT_NOBODY: return names_nobody(rd);
    case FACT_READER_IS_SYSTEM: return reader_is_system(rd);
    case FACT_FROM_READER: return is_from_reader(rd);
    case FACT_QUOTED: return has_quoted_lines(rd);
    case FACT_FORWARDED: return is_forwarded(rd);
    case FACT_CALENDAR: return has_calendar(rd);
    case FACT_ORDINARY_HEADER: /* known by the sum itself */
    case FACT_COUNT: break;
    }
    return false;
}

/* Facts about recipients that speak for a report hold, those that speak against it do not. */
bool report_fact_at_best(void *data, enum known_fact fact)
{
    const bool speaks_for = fact == FACT_REFUSAL || fact == FACT_RECIPIENT || fact == FACT_RECIPIENT_RETURNED;
    const bool speaks_against = fact == FACT_RECIPIENT_IS_READER || fact == FACT_NOBODY;
    return speaks_for || (!speaks_against && report_fact(data, fact));
}
