/* SPDX-License-Identifier: MIT */
/* drafts.h - the rules drafted so far, with which the next one must be compatible. */
#ifndef CLI_DRAFTS_H
#define CLI_DRAFTS_H

#include "rule_files.h"

struct drafts {
    struct rule_sources *sources; /* with room for one more: the text of the drafts */
    size_t known;                 /* how many there were before the drafts */
    const bounce_options *options;
    char *text; /* all drafts; NULL: none yet */
    size_t bytes, count;
    bounce_parser *parser; /* with all of these rules */
};

/* sources needs room for one more (rule_files_sources()), and none of them may be checked. False after a message. */
bool drafts_begin(struct drafts *d, struct rule_sources *sources, const bounce_options *options);
void drafts_end(struct drafts *d);

/* Copies the id of the drafted rule that decides a text to id; false if none does. */
bool drafts_decide(struct drafts *d, const char *wording, char *id, size_t size);
/* Drafts a rule for a text, compatible with all others. Returns its entry, from the line "rule" on, which is valid
 * until the next call; NULL if no words could find the text. */
const char *drafts_make(struct drafts *d, bounce_reason reason, const char *wording);

#endif
