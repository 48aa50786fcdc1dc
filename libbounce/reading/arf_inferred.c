/* SPDX-License-Identifier: MIT */
/*
 * arf_inferred.c - see arf_inferred.h.
 *
 * In: the header of the message that a feedback report returns. Out: from which IP
 * address and sender, when and for whom the provider received it. The fields of the
 * receiving server are believed before the Received fields, and of these the first
 * one that is not a hop inside the provider. Left out: private addresses, and what is
 * not an address.
 */
#include "reading/arf_inferred.h"
#include "mail/address.h"
#include "mail/address_chars.h"
#include "mail/address_scan.h"
#include "mail/date.h"
#include "mail/domain.h"
#include "mail/ip.h"
#include "reading/lines.h"
#include "text/header.h"

#include <string.h>

static const struct field_group *returned_header(struct reading *rd)
{
    reading_prepare_text(rd);
    return rd->m.original.count ? &rd->m.original : &rd->text_original;
}

static struct span value_of(struct reading *rd, const char *name)
{
    struct span raw = fields_get(returned_header(rd), name);
    return raw.s ? span_z(text_decode_header(rd->scratch, raw, NULL)) : raw;
}

/* ------------------------------------------------------------ addresses of hosts */

/* The IP address at the start of s, if it is public. */
static const char *public_address(struct reading *rd, struct span s)
{
    struct ip_network ip;
    size_t n = 0;
    if (span_starts_nocase(s, "IPv6:"))
        s = span_of(s.s + 5, s.n - 5);
    while (n < s.n && (ascii_is_alnum(s.s[n]) || s.s[n] == '.' || s.s[n] == ':'))
        n++;
    while (n && (s.s[n - 1] == '.' || s.s[n - 1] == ':'))
        n--;
    if (n < 3 || n > 45)
        return NULL;
    const char *text = arena_strndup(rd->scratch, s.s, n);
    return ip_read(text, &ip) && !ip_is_private(&ip) ? text : NULL;
}

/* What follows a mark in a field; n 0: nothing. */
static struct span after(struct span value, const char *mark)
{
    const char *at = span_find_nocase(value, mark);
    return at ? span_of(at + strlen(mark), (size_t)(value.s + value.n - at) - strlen(mark)) : span_of(NULL, 0);
}

static const char *stated_ip(struct reading *rd)
{
    static const struct {
        const char *field, *mark;
    } places[] = {{"Received-SPF", "client-ip="},
                  {"Received-SPF", "designates "},
                  {"Authentication-Results", "(sender IP is "},
                  {"Authentication-Results", "smtp.remote-ip="},
                  {"Authentication-Results", "policy.iprev="},
                  {"X-Forefront-Antispam-Report", "CIP:"}};
    const char *ip = NULL;
    for (size_t i = 0; !ip && i < COUNT(places); i++)
        ip = public_address(rd, after(value_of(rd, places[i].field), places[i].mark));
    return ip;
}

/* ---------------------------------------------------------------- Received fields */

/* Whose host is named at the start of s. */
static struct span organisation_at(struct span s)
{
    size_t n = 0;
    while (n < s.n && (s.s[n] == '.' || address_is_label_byte(s.s[n])))
        n++;
    return domain_organisation(span_of(s.s, n));
}

/* The part of a Received field about the receiving host. */
static struct span receiver(struct span received)
{
    return after(received, " by ");
}

static bool is_internal_hop(struct span received)
{
    const struct span from = organisation_at(after(received, "from ")), by = organisation_at(receiver(received));
    return from.n && span_same_nocase(from, by);
}

/* The last public address in what a Received field says about the sending host. */
static const char *sending_ip(struct reading *rd, struct span received)
{
    const struct span by = receiver(received);
    const size_t end = by.n ? (size_t)(by.s - received.s) : received.n;
    const char *found = NULL;
    if (!span_starts_nocase(received, "from "))
        return NULL;
    for (size_t i = 1; i < end; i++)
        if (received.s[i - 1] == '[' || received.s[i - 1] == '(') {
            const char *ip = public_address(rd, span_of(received.s + i, end - i));
            found = ip ? ip : found;
        }
    return found;
}

/* The hop by which the provider got the message: its address, or NULL; *received is its field, or the first one. */
static const char *entrance(struct reading *rd, struct span *received)
{
    const struct field_group *g = returned_header(rd);
    const char *first_ip = NULL;
    *received = span_of(NULL, 0);
    for (size_t i = 0; i < g->count; i++) {
        if (!span_equal_nocase(g->fields[i].name, "Received"))
            continue;
        const struct span value = span_z(text_decode_header(rd->scratch, g->fields[i].value, NULL));
        const char *ip = sending_ip(rd, value);
        if (!received->s || (ip && !first_ip))
            *received = value;
        first_ip = first_ip ? first_ip : ip;
        if (ip && !is_internal_hop(value)) {
            *received = value;
            return ip;
        }
    }
    return first_ip;
}

/* ------------------------------------------------------------------------- senders */

/* The first address in a text. */
static const char *first_address(struct reading *rd, struct span text)
{
    struct found_address found;
    size_t pos = 0;
    return text.n && address_next(text, &pos, &found) ? arena_strndup(rd->scratch, found.address.s, found.address.n)
                                                      : NULL;
}

static const char *envelope_sender(struct reading *rd)
{
    static const struct {
        const char *field, *mark;
    } places[] = {{"Return-Path", ""},
                  {"Received-SPF", "envelope-from="},
                  {"Received-SPF", ""},
                  {"Authentication-Results", "smtp.mailfrom="},
                  {"From", ""}};
    const char *sender = NULL;
    for (size_t i = 0; !sender && i < COUNT(places); i++) {
        const struct span value = value_of(rd, places[i].field), word = after(value, places[i].mark);
        size_t n = 0;
        while (*places[i].mark && n < word.n && !ascii_is_space(word.s[n]) && word.s[n] != ';')
            n++;
        sender = first_address(rd, *places[i].mark ? span_of(word.s, n) : value);
    }
    return sender;
}

const char *arf_inferred_recipient(struct reading *rd)
{
    static const char *const names[] = {"Delivered-To", "X-Original-To", "X-Apparently-To",
                                        "X-Rcpt-To",    "Envelope-To",   "X-Envelope-To"};
    const char *who = NULL;
    for (size_t i = 0; !who && i < COUNT(names); i++)
        who = first_address(rd, value_of(rd, names[i]));
    return who;
}

static void fill(struct reading *rd, bounce_report_field field, const char *value, enum inferred which)
{
    if (value && report_state(rd->report, field, arena_strdup(&rd->report->arena, value)))
        rd->report->inferred |= 1u << which;
}

static void infer_arrival(struct reading *rd, struct span received)
{
    size_t at = received.n;
    while (at && received.s[at - 1] != ';')
        at--;
    if (rd->report->arrival == INT64_MIN && at &&
        date_parse(span_of(received.s + at, received.n - at), &rd->report->arrival))
        rd->report->inferred |= 1u << INFERRED_ARRIVAL_DATE;
}

void arf_infer(struct reading *rd, bool sender_stated)
{
    struct span received;
    const char *stated = stated_ip(rd), *hop = entrance(rd, &received);
    fill(rd, BOUNCE_REPORT_FEEDBACK_SOURCE_IP, stated ? stated : hop, INFERRED_SOURCE_IP);
    if (!sender_stated)
        fill(rd, BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM, envelope_sender(rd), INFERRED_MAIL_FROM);
    infer_arrival(rd, received);
}
