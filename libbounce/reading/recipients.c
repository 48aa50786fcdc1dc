/* SPDX-License-Identifier: MIT */
/*
 * recipients.c - the recipients that fields have named are put right.
 *
 * In: recipients with the facts of their own fields (RFC 3464 2.3). Out: the
 * same with what these leave to others: the reply inside of a diagnostic, the
 * action of those who state none, the address where the field has none or only
 * that of a pipe, the name that the sender used. Refused: a second recipient of
 * the same mailbox, and one that nobody names.
 */
#include "reading/recipients.h"
#include "reading/blocks.h"
#include "reading/lines.h"
#include "reading/writer.h"

#include "mail/address.h"

#include <string.h>

static bool is_sendmail(struct reading *rd)
{
    const char *software = rd->report->strings[BOUNCE_REPORT_SOFTWARE];
    return software && !strcmp(software, "sendmail");
}

/* The fields' texts become reply and diagnostic. */
void recipient_read_texts(struct reading *rd, struct bounce_recipient *to)
{
    if (!to->diagnostic)
        return;
    struct reply reply;
    struct span whole = span_z(to->diagnostic);
    reply_read(rd->scratch, whole, &reply);
    bool exit_status = to->diagnostic_type && !strcmp(to->diagnostic_type, "x-unix");
    if (reply.code >= 200 && !(exit_status && whole.n <= 3)) {
        to->reply_code = reply.code;
        /* Sendmail writes smtp for its own findings, too, but then no Remote-MTA. */
        to->has_remote_reply = reply.from_remote || (to->diagnostic_type && !strcmp(to->diagnostic_type, "smtp") &&
                                                     (to->remote_mta || !is_sendmail(rd)));
    }
    to->command = reply.command ? reply.command : dialect_command(rd, whole);
    to->remote_said = reply.code >= 400 && reply.from_remote;
    if (!to->remote_mta && reply.host)
        to->remote_mta = arena_strdup(&rd->report->arena, reply.host);
    if (exit_status) /* the rules know "exit status 67" */
        recipient_add_text(rd->report, to, ORIGIN_DIAGNOSTIC, "Diagnostic-Code",
                           span_z(arena_printf(rd->scratch, "exit status %s", to->diagnostic)));
    else if (reply.inner.n)
        recipient_add_text(rd->report, to, ORIGIN_REPLY, "Diagnostic-Code", reply.inner);
    if (reply.inner.n != whole.n)
        recipient_add_text(rd->report, to, ORIGIN_DIAGNOSTIC, "Diagnostic-Code", whole);
}

/* RFC 3464 2.3.3 wants an Action; those who leave it out mean failed, unless
 * the status says otherwise. */
void recipient_fix_action(struct bounce_recipient *to)
{
    if (!to->action)
        to->action = to->field_status.class_ == 2 ? BOUNCE_ACTION_DELIVERED : BOUNCE_ACTION_FAILED;
}

/* The same address twice is one recipient; the first keeps its facts. */
void recipients_merge_same(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    struct address_index places;
    size_t kept = 0;
    address_index_init(&places, rd->scratch);
    for (size_t i = 0; i < r->recipient_count; i++) {
        struct bounce_recipient *to = r->recipients[i], *same = NULL;
        size_t place = to->address ? *address_index_at(&places, span_z(to->address), kept) : kept;
        if (place < kept)
            same = r->recipients[place];
        if (!same) {
            r->recipients[kept++] = to;
            continue;
        }
        for (struct fact_text *t = to->texts; t; t = t->next)
            recipient_add_text(r, same, t->origin, t->where, t->raw);
        if (!same->diagnostic) {
            same->diagnostic = to->diagnostic;
            same->diagnostic_type = to->diagnostic_type;
            same->reply_code = to->reply_code;
        }
        if (same->action == BOUNCE_ACTION_DELAYED && to->action == BOUNCE_ACTION_FAILED)
            same->action = to->action;
    }
    r->recipient_count = kept;
}

/* The recipient that hides in the address to which the report was sent; NULL: none. */
const char *reading_verp_address(struct reading *rd)
{
    static const char *const fields[] = {"Delivered-To", "X-Original-To", "Envelope-To", "To", NULL};
    for (size_t i = 0; fields[i]; i++) {
        const char *value = message_header(&rd->m, fields[i]), *pattern = rd->verp_pattern;
        if (!value || (!pattern && !strchr(value, '='))) /* without a '=' nobody hides */
            continue;
        const char *to = reading_first_address(rd, value);
        const char *hidden = to ? address_from_verp(&rd->report->arena, span_z(to), pattern) : NULL;
        if (hidden)
            return hidden;
    }
    return NULL;
}

void reading_verp(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    if (r->recipient_count != 1 || r->recipients[0]->original)
        return;
    const char *hidden = reading_verp_address(rd);
    if (hidden && r->recipients[0]->address && !address_equal(hidden, r->recipients[0]->address))
        r->recipients[0]->original = hidden;
}

void recipient_fix_address(struct bounce_recipient *to)
{
    if (!to->address ||
        (to->original && !address_is_plausible(span_z(to->address)) && address_is_plausible(span_z(to->original)))) {
        to->address = to->original;
        to->original = NULL;
    }
    if (to->original && to->address && address_equal(to->original, to->address))
        to->original = NULL; /* not another name */
    if (to->address && !to->address_type)
        to->address_type = "rfc822";
}

/* Recipients that the fields left without an address, once the text was read. */
void recipients_drop_nameless(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    size_t kept = 0;
    for (size_t i = 0; i < r->recipient_count; i++)
        if (r->recipients[i]->address || r->recipient_count == 1)
            r->recipients[kept++] = r->recipients[i];
    r->recipient_count = kept;
}

/* A single recipient without a name takes it from the text or the returned mail. */
void recipients_name_from_elsewhere(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    if (r->recipient_count != 1 || r->recipients[0]->address)
        return;
    struct bounce_recipient *to = r->recipients[0];
    const char *failed = reading_first_address(rd, message_header(&rd->m, "X-Failed-Recipients"));
    if (!failed) {
        struct block *blocks;
        if (general_blocks(rd, &blocks))
            failed = blocks[0].address;
    }
    if (!failed)
        failed = reading_first_address(rd, reading_original(rd, "To"));
    to->address = reading_keep(rd, failed);
    to->address_type = to->address ? "rfc822" : NULL;
}

/* A path or pipe as final recipient (Exim): the writer's own list knows the address. */
void recipients_name_from_list(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    struct bounce_recipient *to = r->recipient_count == 1 ? r->recipients[0] : NULL;
    if (!to || !to->address || address_is_plausible(span_z(to->address)))
        return;
    const char *listed = reading_first_address(rd, message_header(&rd->m, "X-Failed-Recipients"));
    if (listed) {
        to->original = to->address;
        to->address = reading_keep(rd, listed);
    }
}
