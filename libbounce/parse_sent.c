/* SPDX-License-Identifier: MIT */
/*
 * parse_sent.c - see parse_sent.h.
 *
 * In: a report that was read. Out: the answer of sent/decide.c to it. It only collects fields;
 * what they mean is decided there.
 */
#include "parse_sent.h"

#include <string.h>

#include "reading/header_addresses.h"
#include "sent/sent.h"

enum { IDS = 4, ADDRESSES = 16 }; /* room for all that are collected */

static void add(const char **list, size_t *count, size_t most, const char *value)
{
    if (value && *value && *count < most)
        list[(*count)++] = value;
}

/* Where a Message-ID of the sender may be. */
static void collect_ids(struct reading *rd, struct sent_mail *mail, const char *ids[IDS])
{
    add(ids, &mail->id_count, IDS, rd->report->strings[BOUNCE_REPORT_ORIGINAL_MESSAGE_ID]);
    add(ids, &mail->id_count, IDS, message_header(&rd->m, "In-Reply-To"));
    add(ids, &mail->id_count, IDS, message_header(&rd->m, "References"));
    mail->ids = ids;
}

/* Where an envelope sender may be: the address to which the report was returned, and what the report says about it. */
static void collect_addresses(struct reading *rd, struct sent_mail *mail, const char *addresses[ADDRESSES])
{
    static const char *const fields[] = {"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"};
    const char **strings = rd->report->strings;
    const struct span stated = fields_get(&rd->status_group, "X-Postfix-Sender");
    const char *type_end = stated.n ? memchr(stated.s, ';', stated.n) : NULL;
    add(addresses, &mail->address_count, ADDRESSES, rd->envelope_to);
    for (size_t i = 0; i < COUNT(fields); i++)
        add(addresses, &mail->address_count, ADDRESSES, message_header(&rd->m, fields[i]));
    add(addresses, &mail->address_count, ADDRESSES, header_first_address(rd, strings[BOUNCE_REPORT_TO]));
    add(addresses, &mail->address_count, ADDRESSES, message_original_header(&rd->m, "Return-Path"));
    add(addresses, &mail->address_count, ADDRESSES, strings[BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM]);
    if (type_end)
        add(addresses, &mail->address_count, ADDRESSES,
            arena_strndup(rd->scratch, type_end + 1, (size_t)(stated.s + stated.n - type_end - 1)));
    mail->addresses = addresses;
}

/* The fields that name the sender of a message: the five of the rule, and others that lists and forwarders add. */
static unsigned names_sender(struct span name, bool *is_sender)
{
    static const struct {
        const char *name;
        unsigned field;
    } known[] = {{"From", SENT_FROM},
                 {"Return-Path", SENT_RETURN_PATH},
                 {"Message-ID", SENT_MESSAGE_ID},
                 {"Received", SENT_RECEIVED},
                 {"DKIM-Signature", SENT_DKIM},
                 {"Sender", 0},
                 {"Reply-To", 0},
                 {"Resent-From", 0},
                 {"Resent-Sender", 0},
                 {"Errors-To", 0},
                 {"List-Id", 0},
                 {"List-Post", 0},
                 {"List-Unsubscribe", 0}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (span_equal_nocase(name, known[i].name)) {
            *is_sender = true;
            return known[i].field;
        }
    *is_sender = false;
    return 0;
}

static void collect_original(struct reading *rd, struct sent_mail *mail)
{
    const struct field_group *g = rd->m.original.count ? &rd->m.original : &rd->text_original;
    struct span *named = arena_alloc(rd->scratch, (g->count + 1) * sizeof *named);
    mail->message_id = fields_get(g, "Message-ID");
    mail->named = named;
    for (size_t i = 0; i < g->count; i++) {
        bool is_sender;
        const unsigned field = names_sender(g->fields[i].name, &is_sender);
        if (!is_sender || !span_trim(g->fields[i].value).n)
            continue;
        named[mail->named_count++] = g->fields[i].value;
        mail->present |= field;
    }
}

void parse_sent(struct reading *rd, const struct bounce_sent *sent)
{
    struct trust *t = &rd->report->trust;
    const char *ids[IDS], *addresses[ADDRESSES];
    struct sent_answer answer = {BOUNCE_SENT_UNKNOWN, "nothing-known"};
    if (sent && !sent_is_empty(sent)) {
        struct sent_mail mail = {.returned = t->returned != RETURNED_NONE, .whole = t->returned == RETURNED_FULL};
        collect_ids(rd, &mail, ids);
        collect_addresses(rd, &mail, addresses);
        collect_original(rd, &mail);
        answer = sent_decide(sent, &mail);
        t->signs_mail = sent_signs_mail(sent);
    }
    t->sent = answer.answer;
    t->sent_why = answer.why;
}
