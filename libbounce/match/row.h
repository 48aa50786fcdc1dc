/* SPDX-License-Identifier: MIT */
/* row.h - rows of words and classes in folded texts. Private to match/. */
#ifndef BOUNCE_MATCH_ROW_H
#define BOUNCE_MATCH_ROW_H

#include "match/phrase.h"
#include "match/text_classes.h"

/* False if a row of the layer of *t is certainly not in the text of *t. */
bool row_possible(struct text_classes *t, const struct pattern *row);
/* True if a row of the layer of *t is in its text, between two places; *found is
 * the chain of places whose last one begins first; of these the one that begins
 * last, then the longest. scratch is used and reset. */
bool row_find(struct arena *scratch, struct text_classes *t, const struct pattern *row, struct match_range within,
              struct match_range *found);

#endif
