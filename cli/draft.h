/* SPDX-License-Identifier: MIT */
/* draft.h - rules for what was judged wrongly. */
#ifndef CLI_DRAFT_H
#define CLI_DRAFT_H

#include "bounce.h"
#include "output/output.h"
#include "render/filter.h"
#include "rule_files.h"

struct draft_input {
    const char *const *inputs; /* paths of mails, or the replies themselves */
    size_t count;              /* 0: standard input */
    bool are_replies;
    bounce_format format;
    uint64_t max_bytes;
    const bounce_context *context;  /* for replies */
    const struct selection *filter; /* NULL: all recipients */
};

/* Writes a rule file with a rule for each wording of a recipient whose verdict has another reason than this one.
 * sources must have room for one more. False after a message: nothing could be read or drafted. */
bool draft_rules(const struct draft_input *in, bounce_reason reason, struct rule_sources *sources,
                 const bounce_options *options, struct output *o);

#endif
