/* SPDX-License-Identifier: MIT */
/* clauses.h - a line that says something different about each of several recipients. */
#ifndef BOUNCE_READING_CLAUSES_H
#define BOUNCE_READING_CLAUSES_H

#include "reading/blocks.h"

enum { CLAUSES_MAX = 8 };

/* The clauses of one line, which is split once for all that it names. */
struct line_clauses {
    size_t line;            /* SIZE_MAX: none yet */
    size_t count;           /* 0: it does not consist of such clauses */
    size_t id[CLAUSES_MAX]; /* of the address that a clause is about (mentions.h) */
    struct span text[CLAUSES_MAX];
};

/* What the line of a block says about its address alone, with the lines that continue it, if it names other addresses
 * and each has a clause that gives a reason: "a@x is not known here, and the mailbox of b@y is full". Length 0: it
 * does not. has_block: by mention id, who are recipients. *last: the line that was asked about last. */
struct span clause_of_block(struct reading *rd, const unsigned char *has_block, const struct block *block,
                            struct line_clauses *last);

#endif
