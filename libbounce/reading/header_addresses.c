/* SPDX-License-Identifier: MIT */
/*
 * header_addresses.c - see header_addresses.h.
 *
 * In: header fields of the report and of the returned message. Out: findings
 * that name an address and state nothing else. Left out: servers' own addresses
 * among the recipients of the returned message, if it had others.
 */
#include "reading/header_addresses.h"
#include "mail/address.h"
#include "mail/address_list.h"
#include "mail/address_names.h"
#include "mail/address_scan.h"
#include "mail/verp.h"
#include "reading/findings.h"
#include "reading/lines.h"
#include "text/octal.h"

#include <string.h>

void header_address_warn(struct reading *rd)
{
    report_warn(rd->report, "long-address", "an address is longer than is read; it was left out");
}

static bool warn_if_too_long(struct reading *rd, bool found, const struct address *a)
{
    if (a->too_long)
        header_address_warn(rd);
    return found;
}

bool header_address_read(struct reading *rd, struct span value, struct address *out)
{
    return warn_if_too_long(rd, address_from_field(&rd->report->arena, value, out), out);
}

bool header_address_read_orcpt(struct reading *rd, struct span value, struct address *out)
{
    return warn_if_too_long(rd, address_from_orcpt(&rd->report->arena, value, out), out);
}

const char *header_first_address(struct reading *rd, const char *value)
{
    struct span address;
    size_t pos = 0;
    if (!value || !address_list_next(span_z(value), &pos, &address))
        return NULL;
    return arena_strndup(rd->scratch, address.s, address.n);
}

static void add(struct reading *rd, enum finding_kind kind, const char *address)
{
    struct finding *f = findings_add(rd, kind, READER_HEADER);
    f->address = address;
    f->address_type = "rfc822";
}

/* One finding for each address of a field; returns their number. */
static size_t read_addresses(struct reading *rd, const char *field, enum finding_kind kind, bool servers_too)
{
    struct span value = text_unescape(rd->scratch, span_z(field));
    struct span address;
    size_t added = 0;
    for (size_t pos = 0; address_list_next(value, &pos, &address);) {
        if (!servers_too && address_is_system(address))
            continue;
        add(rd, kind, arena_strndup(&rd->report->arena, address.s, address.n));
        added++;
    }
    return added;
}

void header_addresses_read_listed(struct reading *rd)
{
    read_addresses(rd, message_header(&rd->m, "X-Failed-Recipients"), FINDING_LISTED, true);
}

void header_addresses_read_verp(struct reading *rd)
{
    static const char *const fields[] = {NULL, "Delivered-To", "X-Original-To", "Envelope-To", "To"};
    for (size_t i = 0; i < COUNT(fields); i++) {
        const char *value = fields[i] ? message_header(&rd->m, fields[i]) : rd->envelope_to;
        const char *pattern = rd->verp_pattern;
        if (!value || (!pattern && !strchr(value, '='))) /* without a '=' no address is hidden */
            continue;
        const char *to = header_first_address(rd, value);
        const char *hidden = to ? verp_recipient(&rd->report->arena, span_z(to), pattern) : NULL;
        if (hidden) {
            add(rd, FINDING_VERP, hidden);
            return;
        }
    }
}

bool header_addresses_read_original(struct reading *rd)
{
    static const char *const names[] = {
        "X-Failed-Recipients", "X-Original-To", "Delivered-To", "To", "Envelope-To", NULL};
    for (size_t servers_too = 0; servers_too < 2; servers_too++) /* servers get mail, too, but come second */
        for (size_t i = 0; names[i]; i++)
            if (read_addresses(rd, reading_original(rd, names[i]), FINDING_ORIGINAL_TO, servers_too))
                return true;
    return false;
}

/* Those who write or receive the report itself are not recipients of the message. */
static bool has_part_in_report(struct reading *rd, const char *address)
{
    const char *const fields[] = {rd->from, rd->to, rd->return_path, message_header(&rd->m, "Reply-To")};
    bool has = address_is_system(span_z(address));
    for (size_t i = 0; i < COUNT(fields) && !has; i++) {
        const char *one = header_first_address(rd, fields[i]);
        has = one && address_equal(one, address);
    }
    return has;
}

/* "VIRUS FROM [192.0.2.7] <joe@example.net>" */
static bool speaks_of_sender(const struct reading *rd, struct span before)
{
    return word_search(rd->words->of[WORDS_SENDER_BEFORE], before, word_pairs(before));
}

void header_addresses_read_subject(struct reading *rd)
{
    struct found_address found;
    size_t pos = 0;
    const struct span subject = span_z(rd->subject);
    if (!rd->subject || !address_next(subject, &pos, &found) || speaks_of_sender(rd, span_of(subject.s, found.start)))
        return;
    const char *address = arena_strndup(&rd->report->arena, found.address.s, found.address.n);
    if (!address_next(subject, &pos, &found) && !has_part_in_report(rd, address))
        add(rd, FINDING_ORIGINAL_TO, address);
}

bool header_field_has(struct reading *rd, const char *value, const char *address,
                      bool (*like)(const char *, const char *))
{
    struct span found;
    for (size_t pos = 0; value && address_list_next(span_z(value), &pos, &found);)
        if (like(arena_strndup(rd->scratch, found.s, found.n), address))
            return true;
    return false;
}
