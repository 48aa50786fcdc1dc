/* SPDX-License-Identifier: MIT */
/*
 * free_text.c - from the free text of a report to its recipients.
 *
 * In: blocks of the text, X-Failed-Recipients, the recipients that RFC 3464
 * fields named. Out: recipients, each with the texts that speak of it. Where
 * nothing names a recipient, VERP or the To: of the returned message does.
 */
#include "reading/free_text.h"
#include "base/limits.h"
#include "mail/address.h"
#include "reading/block_texts.h"
#include "reading/blocks.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"
#include "reading/recipients.h"
#include "reading/writer.h"

#define NOBODY SIZE_MAX

/* Remembers the names of recipient i; of two with the same name the first counts. */
static void note_names(struct reading *rd, size_t i)
{
    const struct bounce_recipient *to = rd->report->recipients[i];
    const char *const names[] = {to->address, to->original};
    for (size_t k = 0; k < 2; k++) {
        size_t *at = names[k] ? address_index_at(&rd->named, span_z(names[k]), i) : NULL;
        if (at && i < *at)
            *at = i;
    }
}

/* Which recipient has that name; NOBODY: none. */
static size_t find_recipient(struct reading *rd, const char *address)
{
    size_t i;
    return address && address_index_find(&rd->named, span_z(address), &i) ? i : NOBODY;
}

/* "joe@target.example (generated from team@alias.example)": the recipient whose
 * fields name the alias. */
static size_t find_by_parent(struct reading *rd, const struct block *b)
{
    struct bounce_recipient probe = {.address = b->address};
    if (!b->address || !address_is_plausible(span_z(b->address)))
        return NOBODY;
    block_take_original(rd, &probe, b->first, b->last);
    size_t i = find_recipient(rd, probe.original);
    struct bounce_recipient *to = i != NOBODY ? rd->report->recipients[i] : NULL;
    return to && to->address && !to->original && address_equal(to->address, probe.original) ? i : NOBODY;
}

static size_t new_recipient(struct reading *rd, const char *address, const char *type)
{
    struct bounce_recipient *to = report_add_recipient(rd->report);
    if (!to)
        return NOBODY;
    to->address = arena_strdup(&rd->report->arena, address);
    to->address_type = type;
    note_names(rd, rd->report->recipient_count - 1);
    return rd->report->recipient_count - 1;
}

/* X-Failed-Recipients (Exim, Gmail, mail.ru): the writer's own list. */
static size_t read_failed_recipients(struct reading *rd)
{
    struct span value = span_z(message_header(&rd->m, "X-Failed-Recipients"));
    struct found_address found;
    size_t added = 0;
    for (size_t pos = 0; value.n && address_next(value, &pos, &found);) {
        char *address = arena_strndup(rd->scratch, found.address.s, found.address.n);
        if (find_recipient(rd, address) == NOBODY && new_recipient(rd, address, "rfc822") != NOBODY)
            added++;
    }
    return added;
}

/* The recipients of the returned message, where the report names none. */
static void read_original_to(struct reading *rd)
{
    static const char *const names[] = {
        "X-Failed-Recipients", "X-Original-To", "Delivered-To", "To", "Envelope-To", NULL};
    for (size_t i = 0; names[i] && !rd->report->recipient_count; i++) {
        struct span value = span_z(reading_original(rd, names[i]));
        struct found_address found;
        for (size_t pos = 0; value.n && address_next(value, &pos, &found);) {
            char *address = arena_strndup(rd->scratch, found.address.s, found.address.n);
            if (find_recipient(rd, address) == NOBODY && !address_is_system(found.address))
                new_recipient(rd, address, "rfc822");
        }
    }
}

/* Whom a block speaks of; NOBODY: none. *known: the report named him before. only:
 * it is the only block; named: how many recipients the writer lists. */
static size_t recipient_of(struct reading *rd, const struct block *b, bool only, size_t named, bool from_fields,
                           bool *known)
{
    struct bounce_report *r = rd->report;
    size_t i = find_recipient(rd, b->address);
    *known = i != NOBODY;
    if (*known)
        return i;
    if (from_fields && (i = find_by_parent(rd, b)) != NOBODY) {
        /* The fields name the alias, the text its target: report the target. */
        r->recipients[i]->original = r->recipients[i]->address;
        r->recipients[i]->address = arena_strdup(&r->arena, b->address);
        *known = true;
        return i;
    }
    if (named == 1 && only) {
        if (!r->recipients[0]->original && b->address && address_is_plausible(span_z(b->address)))
            r->recipients[0]->original = arena_strdup(&r->arena, b->address);
        return 0;
    }
    return named || !b->address ? NOBODY : new_recipient(rd, b->address, "rfc822");
}

/* A report without recipients so far. */
static void find_somebody(struct reading *rd)
{
    const char *hidden = reading_verp_address(rd);
    if (hidden)
        new_recipient(rd, hidden, "rfc822");
    if (!rd->report->recipient_count)
        read_original_to(rd);
    if (!rd->report->recipient_count) /* a failure all the same: its verdict must not be lost */
        report_add_recipient(rd->report);
}

static size_t find_blocks(struct reading *rd, struct block **blocks)
{
    size_t count = dialect_blocks(rd, blocks);
    if (!count) {
        count = general_blocks(rd, blocks);
        dialect_captures(rd, *blocks, count);
    }
    blocks_share(rd, *blocks, count);
    return count;
}

void free_text_read(struct reading *rd)
{
    struct bounce_report *r = rd->report;
    reading_prepare_text(rd);
    address_index_init(&rd->named, rd->scratch);
    for (size_t i = 0; i < r->recipient_count; i++)
        note_names(rd, i);
    bool from_fields = r->recipient_count > 0, placed = false, known;
    size_t named = from_fields ? r->recipient_count : read_failed_recipients(rd);
    struct block *blocks;
    size_t count = find_blocks(rd, &blocks);
    for (size_t k = 0; k < count; k++) {
        size_t i = recipient_of(rd, &blocks[k], count == 1, named, from_fields, &known);
        if (i == NOBODY || (!known && r->recipients[i]->texts && !from_fields))
            continue;
        block_take(rd, r->recipients[i], blocks, count, k);
        note_names(rd, i);
        placed = true;
    }
    if (!r->recipient_count)
        find_somebody(rd);
    /* The only recipient, whom the text does not name: all of it speaks of him. */
    bool only = r->recipient_count == 1 && !placed;
    for (size_t i = 0; i < r->recipient_count; i++)
        if (only || (!r->recipients[i]->texts && !from_fields))
            block_take_whole_text(rd, r->recipients[i]);
}
