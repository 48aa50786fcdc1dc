/* SPDX-License-Identifier: MIT */
/*
 * ruleset.h - a set of rules: the built-in layer, and perhaps the user's above it.
 *
 * It is the bounce_rules of bounce.h: immutable once it is made, and shared by
 * all threads. A function that takes a set or a layer expects one: NULL is not
 * allowed, and an index must be below its count.
 */
#ifndef BOUNCE_MATCH_RULESET_H
#define BOUNCE_MATCH_RULESET_H

#include "match/word_lists.h"

struct regex;

enum { RULESET_LAYERS_MAX = 2 };

/* An empty set with one reference, for bounce_rules_unref(). */
bounce_rules *ruleset_new(void);
/* Its arena: what is allocated there lives as long as the set. */
struct arena *ruleset_arena(bounce_rules *rules);
/* Puts two layers into an empty set. A rule or dialect of the upper layer
 * replaces the one with the same id in the lower layer. upper must be in the
 * set's arena; lower must outlive the set. */
void ruleset_stack(bounce_rules *rules, const struct layer *lower, const struct layer *upper);

size_t ruleset_layers(const bounce_rules *rules);
/* Lives as long as the set. */
const struct layer *ruleset_layer(const bounce_rules *rules, size_t index);
/* Whether the layer above replaces the dialect; and if not, its place among the dialects of the whole set, which are
 * tried in that order. */
bool ruleset_dialect_off(const bounce_rules *rules, size_t layer, size_t dialect);
uint32_t ruleset_dialect_place(const bounce_rules *rules, size_t layer, size_t dialect);

/* The words of all its layers. They live as long as the set. */
const struct word_lists *ruleset_words(const bounce_rules *rules);

/* The place of each rule of a layer in the order of the whole set (that of
 * bounce_rules_at()), by rank; UINT32_MAX if the rule is off. NULL if places and
 * ranks are the same. */
const uint32_t *ruleset_places(const bounce_rules *rules, size_t layer);
/* The rule at a place, and its layer. place < bounce_rules_count(). */
const struct bounce_rule *ruleset_at(const bounce_rules *rules, size_t place, size_t *layer);

/* True if it is stated that the first of two rules, given by their places, wins. */
bool ruleset_states(const bounce_rules *rules, uint32_t winner, uint32_t loser);

/* The compiled code of an expression, which the set owns; compiled on first use.
 * NULL if it cannot be compiled. Any number of threads may call this at once. */
const struct regex *ruleset_regex(const bounce_rules *rules, size_t layer, const struct pattern *p, bool jit);

#endif
