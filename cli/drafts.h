/* SPDX-License-Identifier: MIT */
/* drafts.h - the rules that were drafted so far, which the next one must get along with. */
#ifndef CLI_DRAFTS_H
#define CLI_DRAFTS_H

#include "rule_files.h"

struct drafts {
    struct rule_sources *sources; /* with room for one more, which is text */
    size_t known;                 /* how many there were before */
    const bounce_options *options;
    char *text; /* of all drafts; NULL: none yet */
    size_t bytes, count;
    bounce_parser *parser; /* with all of them */
};

/* The sources need room for one more (rule_files_sources()), and none of them is checked. False after a message. */
bool drafts_begin(struct drafts *d, struct rule_sources *sources, const bounce_options *options);
void drafts_end(struct drafts *d);

/* The rule that was drafted and decides a text, written to id; false: none does. */
bool drafts_decide(struct drafts *d, const char *wording, char *id, size_t size);
/* Drafts a rule for a text, beside all others; its entry, from its line "rule" on, is valid until the next call. NULL:
 * no words could find it. */
const char *drafts_make(struct drafts *d, bounce_reason reason, const char *wording);

#endif
