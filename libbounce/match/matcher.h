/* SPDX-License-Identifier: MIT */
/* matcher.h - what the files of the matcher share. Private to match*.c. */
#ifndef BOUNCE_MATCH_MATCHER_H
#define BOUNCE_MATCH_MATCHER_H

#include "match/match.h"
#include "match/regex.h"

struct chain_end {
    size_t start, end;
};

/* Scratch of phrase.c: where the parts of a phrase stand. */
struct phrase_scratch {
    struct chain_end *ends[2];
    size_t capacity[2];
};
/* What it holds. */
void phrase_scratch_free(struct phrase_scratch *s);

/* Of what words are made in folded texts; other scripts need no boundaries. */
static inline bool is_word_char(char c)
{
    return ascii_is_alnum(c) || c == '_';
}

/* Part stands at this place of a folded text: one that begins or ends with a
 * letter or digit must be a whole word there. */
static inline bool at_boundaries(struct span text, struct span part, size_t at, bool open_end)
{
    size_t end = at + part.n;
    if (ascii_is_alnum(part.s[0]) && at && is_word_char(text.s[at - 1]))
        return false;
    return open_end || !ascii_is_alnum(part.s[part.n - 1]) || end == text.n || !is_word_char(text.s[end]);
}

/* Where a phrase stands in a folded text: the first place that ends first. */
bool phrase_find(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p, struct span folded,
                 struct chain_end *found);

/* scope.c: whether a scope of the layer holds for these facts. */
bool scope_holds(const struct layer *layer, const struct scope *scope, const struct match_scope *facts);

struct matcher {
    bounce_rules *rules;
    bool jit, prefilter;
    const char *abandoned;
    struct regex_engine *engine;
    struct phrase_scratch phrases;
    struct arena scratch; /* holds line and line_folded */
    struct span line;     /* the last one that match_pattern() folded; s is NULL before the first */
    const char *line_folded;
    const struct layer **layers; /* those of rules */
    size_t layer_count;
    uint8_t *literals_seen;         /* of each literal of a layer: one bit for each offence; all 0 between calls */
    struct dialect_state *dialects; /* of each layer */
};

/* recognise.c: one for each layer. */
struct dialect_state *dialect_states_new(bounce_rules *rules);
void dialect_states_free(struct dialect_state *states, size_t count);

/* A regular expression in a text; a limit is noted under owner, the id of a rule or dialect. */
bool match_regex(struct matcher *m, size_t layer, const struct pattern *p, string_at owner, struct span text,
                 struct span *found, struct match_captures *captures);
/* A pattern in a normal text. found is inside text->text. */
bool match_in_norm(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                   const struct norm_text *text, struct chain_end *found);

#endif
