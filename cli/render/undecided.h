/* SPDX-License-Identifier: MIT */
/* undecided.h - the texts that no rule decided, by likeness. */
#ifndef CLI_RENDER_UNDECIDED_H
#define CLI_RENDER_UNDECIDED_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"

/* What workers and the program write about each recipient that no rule decided. */
void render_undecided_report(struct output *o, bounce_report *report, const bounce_source *source,
                             const struct selection *filter);

/* Texts with the same words. */
struct undecided_group {
    char *words, *wording, *place; /* place: where the first one was; a text is what the library calls a wording */
    uint64_t count, surplus;       /* count is too high by surplus at most */
    uint32_t next;                 /* in its bucket */
};

enum { UNDECIDED_GROUPS = 1024, UNDECIDED_BUCKETS = 2048 };

/* All of that, in memory that does not grow with the number of texts. */
struct undecided {
    struct output in; /* renderers write to it */
    char *carry;      /* the front of a line whose end has not come yet */
    size_t carry_bytes, carry_capacity;
    struct undecided_group groups[UNDECIDED_GROUPS];
    uint32_t buckets[UNDECIDED_BUCKETS];
    size_t group_count;
    uint64_t texts, least; /* least: no group has a smaller count */
    uint32_t at;           /* where a group with that count is looked for next */
};

/* NULL if memory runs out. */
struct undecided *undecided_begin(void);
/* No text comes any more: groups of like words become one, the largest come first. False if memory ran out. */
bool undecided_finish(struct undecided *u);
void undecided_free(struct undecided *u);

#endif
