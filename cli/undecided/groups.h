/* SPDX-License-Identifier: MIT */
/* groups.h - the texts that no rule decided, grouped by similarity. */
#ifndef CLI_UNDECIDED_GROUPS_H
#define CLI_UNDECIDED_GROUPS_H

#include "count/sketch.h"
#include "output/output.h"

enum { UNDECIDED_GROUPS = 1024 };

/* Texts with the same words. */
struct undecided_group {
    char *wording, *place; /* place: of the first one; a wording is what bounce_report_wording() returns */
    const char *words;
    uint64_t count, surplus; /* count is too high by at most surplus; both, and words, are set at the end */
};

/* All groups, in memory that does not grow with the number of texts. */
struct undecided {
    struct output in;    /* lines of render_undecided_report() are written to it */
    struct sketch words; /* each value is a group's words, with the group's number */
    struct undecided_group groups[UNDECIDED_GROUPS];
    size_t group_count;
    uint64_t texts;
};

/* NULL if memory runs out. */
struct undecided *undecided_begin(void);
/* No text may follow. Groups with similar words are merged; the largest come first. False if memory ran out. */
bool undecided_finish(struct undecided *u);
void undecided_free(struct undecided *u);

#endif
