/* SPDX-License-Identifier: MIT */
/* blocks.h - the text of a report divided among its recipients. */
#ifndef BOUNCE_READING_BLOCKS_H
#define BOUNCE_READING_BLOCKS_H

#include "reading/reading.h"

/* Lines [first, last); none if they are equal. */
struct line_range {
    size_t first, last;
};

/* The part of the text that belongs to one recipient. */
struct block {
    const char *address;            /* as written; NULL: none */
    size_t first, last;             /* lines [first, last) */
    size_t body;                    /* first line after the one that names the address */
    struct match_captures captures; /* of a dialect's `block` and `line` patterns */
    struct span diagnostic;         /* joined by the dialect; n 0: none */
    struct line_range heading;      /* says what happened to all in the list below it */
    size_t speaks;                  /* the block whose text it shares: itself, a later one, or their count */
};

/* The general reading. */
size_t general_blocks(struct reading *rd, struct block **blocks);

#endif
