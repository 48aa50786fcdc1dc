/* SPDX-License-Identifier: MIT */
/* verdict.h - judges one recipient by its facts. */
#ifndef BOUNCE_VERDICT_VERDICT_H
#define BOUNCE_VERDICT_VERDICT_H

#include "match/word_lists.h"
#include "verdict/stated.h"

struct judge {
    struct matcher *matcher;
    struct arena *scratch;
    struct bounce_report *report;
    const struct norm_text *prose; /* all of the report's text; NULL: none */
    const char *prose_where;
    struct searched_text *prose_searched; /* made when first needed */
    const struct stated *stated;          /* names that the message states; NULL: no rule asks for them */
    size_t text_bytes;                    /* judged of each recipient's texts */
    const char *subject; /* of the report, where it does not repeat that of the returned message; or NULL */
    const char *software, *lang;
    const struct word_lists *words;
    const char *envelope_senders[2]; /* X-Postfix-Sender, Return-Path of the returned message; or NULL */
    bool recipient_guessed;          /* the address is one that the text itself names: it may be anybody's */
    bool undecided;                  /* an expression was not decided while the report was read */
    bool prose_is_of_all;            /* of several recipients, none has a text of its own */
    bool explain;
    const struct verdict *before; /* that of another recipient of the report, whose account may have the same lines */
};

/* Reason, cause, evidence, stated status, permanence, status, type. */
void verdict_judge(struct judge *j, const struct facts *facts, struct verdict *v);

#endif
