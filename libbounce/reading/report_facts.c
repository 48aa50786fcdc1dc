/* SPDX-License-Identifier: MIT */
/*
 * report_facts.c - what speaks for a report or against it, and no pattern finds.
 *
 * In: a mail whose text was read and whose recipients are resolved. Out: the
 * facts that signs can name (`know fact NAME`, doc/rules.md): is a message
 * returned, whose was it, who is named as a recipient, and what shows that a
 * person answers or passes on. The reader is whom the report is addressed to.
 * Nothing is decided here, and nothing refused.
 */
#include "reading/report_facts.h"
#include "mail/address.h"
#include "mail/address_list.h"
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

static bool same_address(const char *a, const char *b)
{
    return address_equal(a, b);
}

/* True if some address of a field is like this one. */
static bool field_has(struct reading *rd, const char *value, const char *address,
                      bool (*like)(const char *, const char *))
{
    struct span found;
    for (size_t pos = 0; value && address_list_next(span_z(value), &pos, &found);)
        if (like(arena_strndup(rd->scratch, found.s, found.n), address))
            return true;
    return false;
}

/* Whom the report is addressed to: by its header, and by what delivered it. */
static bool is_reader(struct reading *rd, const char *address, bool (*like)(const char *, const char *))
{
    static const char *const fields[] = {"Delivered-To", "X-Original-To", "Envelope-To"};
    bool is = field_has(rd, rd->to, address, like);
    for (size_t i = 0; !is && i < sizeof fields / sizeof *fields; i++)
        is = field_has(rd, message_header(&rd->m, fields[i]), address, like);
    return is;
}

/* ---------------------------------------------------- the message returned */

static size_t returned_fields(const struct reading *rd)
{
    return rd->m.original.count > rd->text_original.count ? rd->m.original.count : rd->text_original.count;
}

static uint32_t facts_of_sender(struct reading *rd)
{
    static const char *const fields[] = {"From", "Return-Path", "Sender"};
    bool named = false, near = false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *sender = header_first_address(rd, reading_original(rd, fields[i]));
        if (sender && is_reader(rd, sender, same_address))
            return 1u << FACT_RETURNED_OURS;
        named = named || sender;
        near = near || (sender && is_reader(rd, sender, same_domain));
    }
    return named && !near && rd->to ? 1u << FACT_RETURNED_OF_OTHER : 0;
}

static uint32_t facts_of_returned(struct reading *rd)
{
    enum { FIELDS_OF_A_MAIL = 3 };
    const char *from = header_first_address(rd, reading_original(rd, "From"));
    uint32_t facts = returned_fields(rd) >= FIELDS_OF_A_MAIL ? 1u << FACT_RETURNED : 0;
    if (from && address_is_system(span_z(from)))
        facts |= 1u << FACT_FORWARDED;
    return facts | facts_of_sender(rd);
}

/* ------------------------------------------------------------- recipients */

/* A reply that refuses. "Tel: 555 1234" is none: it must state a status, or be a recipient's own. */
static bool is_refused(const struct facts *to)
{
    bool refused = to->address && (to->reply_code >= 400 || to->field_status.class_ >= 4);
    for (const struct fact_text *t = to->texts; t && !refused; t = t->next)
        refused = to->address && t->is_read && t->status.class_ >= 4;
    return refused;
}

static uint32_t facts_of_recipient(struct reading *rd, const struct facts *to, const char *returned_to)
{
    if (!to->address)
        return 0;
    uint32_t facts = 1u << (is_reader(rd, to->address, same_address) ? FACT_RECIPIENT_IS_READER : FACT_RECIPIENT);
    if (is_refused(to))
        facts |= 1u << FACT_REFUSAL;
    if (field_has(rd, returned_to, to->address, same_address))
        facts |= 1u << FACT_RECIPIENT_RETURNED;
    return facts;
}

static uint32_t facts_of_recipients(struct reading *rd)
{
    enum { RECIPIENTS_ASKED = 16 };
    const char *returned_to = reading_original(rd, "To");
    uint32_t facts = 0;
    for (size_t i = 0; i < rd->resolved.count && i < RECIPIENTS_ASKED; i++)
        facts |= facts_of_recipient(rd, &rd->resolved.recipients[i], returned_to);
    if (facts & 1u << FACT_RECIPIENT)
        facts &= ~(1u << FACT_RECIPIENT_IS_READER);
    else if (!(facts & 1u << FACT_RECIPIENT_IS_READER) && !returned_fields(rd))
        facts |= 1u << FACT_NOBODY;
    return facts;
}

/* ------------------------------------------------------------- who writes */

/* Whoever imitates a report forges its reader's own address as the sender's, perhaps with a mail system's name
 * before it. A mail system has an address of its own, and says more than that. */
static bool is_from_reader(struct reading *rd)
{
    const char *from = header_first_address(rd, rd->from);
    return from && field_has(rd, rd->to, from, same_address) && !address_is_system(span_z(from)) &&
           !span_equal_nocase(span_trim(span_z(rd->return_path)), "<>");
}

/* Lines with a mark of quoting, as mail programs put it in front of what is answered. ">>> RCPT" is of a session. */
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

static uint32_t facts_of_writer(struct reading *rd)
{
    const char *reader = header_first_address(rd, rd->to);
    uint32_t facts = reader && address_is_system(span_z(reader)) ? 1u << FACT_READER_IS_SYSTEM : 0;
    if (rd->dialect && rd->dialect->kind == BOUNCE_KIND_NDR)
        facts |= 1u << (dialect_is_general(rd->dialect) ? FACT_LANGUAGE : FACT_WRITER);
    if (facts & 1u << FACT_WRITER && recognition_by_header(rd->recognition))
        facts |= 1u << FACT_WRITER_BY_HEADER;
    facts |= (uint32_t)is_from_reader(rd) << FACT_FROM_READER;
    facts |= (uint32_t)has_quoted_lines(rd) << FACT_QUOTED;
    return facts | (uint32_t)has_calendar(rd) << FACT_CALENDAR;
}

uint32_t report_facts_at_best(struct reading *rd)
{
    return facts_of_writer(rd) | facts_of_returned(rd) | 1u << FACT_RECIPIENT | 1u << FACT_REFUSAL |
           1u << FACT_RECIPIENT_RETURNED;
}

uint32_t report_facts(struct reading *rd)
{
    return facts_of_writer(rd) | facts_of_returned(rd) | facts_of_recipients(rd);
}
