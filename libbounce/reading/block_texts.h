/* SPDX-License-Identifier: MIT */
/* block_texts.h - from blocks of the text to findings. */
#ifndef BOUNCE_READING_BLOCK_TEXTS_H
#define BOUNCE_READING_BLOCK_TEXTS_H

#include "reading/blocks.h"

/* A finding for each block, followed by what the text says about its address. */
void blocks_read(struct reading *rd, enum finding_reader reader, struct block *blocks, size_t count);
/* What the whole text says, for recipients that it does not name. */
void blocks_read_whole_text(struct reading *rd);

#endif
