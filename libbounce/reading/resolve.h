/* SPDX-License-Identifier: MIT */
/*
 * resolve.h - from findings to recipients with constant facts.
 *
 * A pure function of the array of findings: it reads no line of the mail and
 * no rule, and the same findings give the same recipients however often it
 * runs. The passes, in this order:
 *
 *   fields     each group of fields is a recipient, with what its diagnostic states
 *   listed     without fields, each address of the writer's own list is one
 *   name       a lone recipient without an address takes the listed one, that of
 *              a block, or that of the returned message; a pipe takes the listed one
 *   merge      the same address twice is one recipient
 *   blocks     each block of the text finds its recipient, or is a new one if
 *              nobody was named before; then what the block says about it
 *   inferred   if still nobody is named: VERP, else those to whom the returned
 *              message went, else one without an address
 *   whole      those that nothing else is about get the whole text
 *   polarity   the action of those without one
 *   aliases    final and original recipient put right
 *   merge      once more: blocks may have renamed one
 *   nameless   of several, those without an address are left out
 *   verp       the address hidden in the envelope recipient, as the original of the only one
 *   partial    another target of the same alias was served
 */
#ifndef BOUNCE_READING_RESOLVE_H
#define BOUNCE_READING_RESOLVE_H

#include "reading/findings.h"
#include "report/report.h"

struct resolve_input {
    struct findings *findings; /* only dropped_by is written */
    struct arena *scratch;     /* for all but: */
    struct arena *keep;        /* strings that the report shows */
    bool own_words;            /* the writer also words its own findings as replies */
};

struct resolution {
    struct facts *recipients; /* in scratch */
    size_t count;
    bool too_many; /* there were more than LIMIT_RECIPIENTS */
    bool nameless; /* what was left out states an action, a status or a text about somebody who is not named */
};

struct resolution resolve(const struct resolve_input *in);

#endif
