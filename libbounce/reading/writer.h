/* SPDX-License-Identifier: MIT */
/* writer.h - which program wrote the report, and how it is read. */
#ifndef BOUNCE_READING_WRITER_H
#define BOUNCE_READING_WRITER_H

#include "reading/blocks.h"

/* Who wrote it; region, boilerplate; blocks as the dialect says (0
 * blocks: read the text in the general way). Begins with the header, then
 * continues with the text. */
void dialect_begin(struct reading *rd);
void dialect_recognise(struct reading *rd);
void dialect_region(struct reading *rd);
size_t dialect_blocks(struct reading *rd, struct block **blocks);
/* Adds to blocks what the dialect's `line` patterns capture. */
void dialect_captures(struct reading *rd, struct block *blocks, size_t count);
/* What the dialect, then the general vocabulary, says about the whole text. */
bounce_action dialect_action(struct reading *rd);
/* Adds to the findings which command a reply answers, by the dialect's phrases,
 * where the reply itself does not say it. */
void dialect_complete(struct reading *rd);
/* Who decided about a recipient, as the dialect knows its writer. */
bounce_decided_by dialect_decided(struct reading *rd, const struct facts *to);
/* The command that the dialect's phrases name in a text. */
bounce_command dialect_command(struct reading *rd, struct span text);
/* True for an entry that holds the vocabulary of a language, not a writer. */
bool dialect_is_general(const struct dialect *d);
/* The program that wrote the mail; NULL if nobody knows. */
const char *dialect_software(const struct reading *rd);

#endif
