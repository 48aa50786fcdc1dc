/* SPDX-License-Identifier: MIT */
/*
 * free_text.c - from the free text of a report to findings.
 *
 * In: the lines of the text. Out: a finding for each block that the writer's
 * dialect, or else the general reading, sees in it, with what the text says of
 * it. If no block shows who is meant, the whole text is one more finding; if
 * nothing names anybody, so are those to whom the returned message went.
 */
#include "reading/free_text.h"
#include "mail/address_index.h"
#include "reading/block_texts.h"
#include "reading/blocks.h"
#include "reading/header_addresses.h"
#include "reading/lines.h"
#include "reading/writer.h"

/* True if the whole text may be needed: a recipient that fields or the writer's
 * list name has no block, and it may be the only one or without any text. */
static bool needs_whole_text(struct reading *rd, const struct block *blocks, size_t count)
{
    struct address_index named;
    size_t found;
    size_t groups = 0;
    address_index_init(&named, rd->scratch);
    for (size_t k = 0; k < count; k++)
        if (blocks[k].address)
            address_index_at(&named, span_z(blocks[k].address), k);
    for (size_t i = 0; i < rd->findings.count; i++) {
        const struct finding *f = &rd->findings.list[i];
        groups += f->kind == FINDING_FIELDS;
        if (groups > 1)
            return false;
        if (f->kind != FINDING_FIELDS && f->kind != FINDING_LISTED)
            continue;
        if (!(f->address && address_index_find(&named, span_z(f->address), &found)) &&
            !(f->alias && address_index_find(&named, span_z(f->alias), &found)))
            return true;
    }
    return !named.count;
}

/* True if a finding so far names somebody. */
static bool names_somebody(const struct reading *rd)
{
    for (size_t i = 0; i < rd->findings.count; i++) {
        const struct finding *f = &rd->findings.list[i];
        if (f->kind <= FINDING_BLOCK && (f->address || f->alias))
            return true;
    }
    return false;
}

void free_text_read(struct reading *rd)
{
    struct block *blocks;
    enum finding_reader reader = READER_DIALECT;
    reading_prepare_text(rd);
    size_t count = dialect_blocks(rd, &blocks);
    if (!count) {
        reader = READER_GENERAL;
        count = general_blocks(rd, &blocks);
        dialect_captures(rd, blocks, count);
    }
    bool whole = needs_whole_text(rd, blocks, count);
    blocks_read(rd, reader, blocks, count);
    if (whole)
        blocks_read_whole_text(rd);
    if (!names_somebody(rd) && !header_addresses_read_original(rd))
        header_addresses_read_subject(rd);
}
