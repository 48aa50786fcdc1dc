/* SPDX-License-Identifier: MIT */
/* match_testing.h - a small set of rules and its matcher, for the tests of match/. */
#ifndef MATCH_TESTING_H
#define MATCH_TESTING_H

#include "base/limits.h"
#include "mail/fields.h"
#include "match/match.h"
#include "rules_testing.h"
#include "text/normal.h"

static const struct match_scope no_facts;

/* A set of rules, its matcher, the last text that was searched, and the last hit. */
struct fixture {
    struct arena arena;
    bounce_rules *rules;
    struct matcher *matcher;
    struct norm_text text;
    struct match_hit hit;
};

static inline void set_up(struct fixture *f, const char *rules)
{
    *f = (struct fixture){.rules = rules_of(NULL, rules)};
    arena_init(&f->arena);
    f->matcher = matcher_new(f->rules, false, true);
}

static inline void tear_down(struct fixture *f)
{
    matcher_free(f->matcher);
    bounce_rules_unref(f->rules);
    arena_free(&f->arena);
}

static inline struct searched_text *searched(struct fixture *f, struct matcher *m, const char *text)
{
    text_normalise(&f->arena, span_z(text), LIMIT_SEARCHED_BYTES, &f->text);
    return searched_text_new(m, &f->arena, &f->text);
}

/* The id of the best rule for a text; "" if none matches. facts may be NULL. */
static inline const char *best(struct fixture *f, const char *text, const struct match_scope *facts)
{
    struct searched_text *s = searched(f, f->matcher, text);
    bool found =
        match_best(f->matcher, s, facts ? facts : &no_facts, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &f->hit);
    return found ? bounce_rule_string(f->hit.rule, BOUNCE_RULE_ID) : "";
}

/* A text in normal form; NULL for NULL. */
static inline const struct norm_text *normal(struct arena *a, const char *s)
{
    struct norm_text *text = arena_alloc(a, sizeof *text);
    if (s)
        text_normalise(a, span_z(s), LIMIT_SEARCHED_BYTES, text);
    return s ? text : NULL;
}

/* The fields of a header, up to its blank line. */
static inline const struct field_group *fields_of(struct arena *a, const char *text)
{
    struct field_group *g = arena_calloc(a, 1, sizeof *g);
    struct span rest = span_z(text);
    if (rest.n)
        fields_read_header(a, &rest, '\n', 10, g, NULL, NULL);
    return g;
}

#endif
