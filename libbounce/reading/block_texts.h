/* SPDX-License-Identifier: MIT */
/* block_texts.h - the texts and facts that a block gives to its recipient. */
#ifndef BOUNCE_READING_BLOCK_TEXTS_H
#define BOUNCE_READING_BLOCK_TEXTS_H

#include "reading/blocks.h"

/* finds out which blocks in a row share a text. */
void blocks_share(struct reading *rd, struct block *blocks, size_t count);
/* Gives a recipient what its block of the text says. */
void block_take(struct reading *rd, struct bounce_recipient *to, const struct block *blocks, size_t count, size_t k);
/* ... what all of the text says, for one that the text does not name. */
void block_take_whole_text(struct reading *rd, struct bounce_recipient *to);
/* "(expanded from: <x>)", "originally addressed to x": the name the sender used. */
void block_take_original(struct reading *rd, struct bounce_recipient *to, size_t first, size_t last);

#endif
