/* SPDX-License-Identifier: MIT */
/* phrase.h - phrases in folded texts. Private to match/. */
#ifndef BOUNCE_MATCH_PHRASE_H
#define BOUNCE_MATCH_PHRASE_H

#include "match/tables.h"
#include "text/word.h"

/* A part of a text, in bytes. */
struct match_range {
    size_t start, end;
};

/* Memory that is reused: where the parts of a phrase end. Starts out all 0. */
struct phrase_scratch {
    struct match_range *ends[2];
    size_t capacity[2];
};
void phrase_scratch_free(struct phrase_scratch *s);

/* True if a phrase of the layer is in a folded text; *found is the one that ends first. */
bool phrase_find(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p, struct span folded,
                 struct match_range *found);

#endif
