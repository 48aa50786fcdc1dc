/* SPDX-License-Identifier: MIT */
/*
 * rule_index.c - the literals of rules.
 *
 * What comes in: the rules of a layer, in order. What goes out: the index of the
 * literals of their phrases, expressions, needs and exceptions, and for each
 * literal its owners: which patterns of which rules it belongs to. Nothing is
 * refused; an expression without a literal that is sure is tried whenever its
 * rule is.
 */
#include "rules/rule_index.h"
#include "base/literals.h"
#include "rules/literal_sources.h"
#include "text/normal.h"
#include "text/text.h"

/* ---------------------------------------------------------------- owners */

/* The face of a text in which it is searched, and what the place of a literal says
 * about a phrase of one part. */
static uint32_t owner_flags(const struct parsed_pattern *p)
{
    uint32_t flags = p->token ? OWNER_TOKEN : p->masked ? OWNER_MASKED : OWNER_PLAIN;
    if (p->is_regex)
        return flags | OWNER_REGEX;
    if (p->segment_count != 1)
        return flags;
    const char *text = p->segments[0];
    flags |= OWNER_PLACED;
    if (ascii_is_alnum(text[0]))
        flags |= OWNER_LEFT;
    if (ascii_is_alnum(text[strlen(text) - 1]) && !p->open_end)
        flags |= OWNER_RIGHT;
    return flags;
}

/* Owners are numbered rule by rule: each pattern, then the needs as one. The
 * exceptions of all rules come after that, so that of each literal they are last. */
static size_t number_owners(struct parsed_rule *rules, size_t rule_count)
{
    size_t count = 0;
    for (size_t i = 0; i < rule_count; i++) {
        rules[i].first_owner = (uint32_t)count;
        count += rules[i].pattern_count + 1;
    }
    for (size_t i = 0; i < rule_count; i++) {
        rules[i].first_unless = (uint32_t)count;
        count += rules[i].unless_count;
    }
    return count;
}

/* By their numbers. */
static struct rule_owner *describe_owners(struct arena *scratch, const struct parsed_layer *layer, size_t count)
{
    struct rule_owner *owners = arena_calloc(scratch, count, sizeof *owners);
    for (uint32_t i = 0; i < layer->rule_count; i++) {
        const struct parsed_rule *r = &layer->rules[i];
        for (uint32_t k = 0; k < r->pattern_count; k++)
            owners[r->first_owner + k] = (struct rule_owner){i, k, owner_flags(&r->patterns[k])};
        owners[r->first_owner + r->pattern_count] =
            (struct rule_owner){i, (uint32_t)r->pattern_count, r->masked ? OWNER_MASKED : OWNER_PLAIN};
        for (uint32_t k = 0; k < r->unless_count; k++)
            owners[r->first_unless + k] = (struct rule_owner){i, k, owner_flags(&r->unless[k]) | OWNER_UNLESS};
    }
    return owners;
}

/* In the order of literals->owners. */
static void arrange_owners(struct arena *a, struct parsed_layer *layer, const struct rule_owner *by_number)
{
    const struct literals *l = layer->literals;
    struct rule_owner *owners = arena_calloc(a, l->owner_count, sizeof *owners);
    for (size_t i = 0; i < l->owner_count; i++) {
        owners[i] = by_number[l->owners[i]];
        layer->owner_faces |= owners[i].flags & OWNER_FACES;
    }
    layer->owners = owners;
    layer->owner_count = l->owner_count;
}

/* -------------------------------------------------------------- literals */

static void index_pattern(struct literal_sources *sources, struct parsed_pattern *p, size_t owner)
{
    p->indexed = true;
    if (p->is_regex)
        p->indexed = literal_sources_add_regex(sources, p->source, owner, &p->also);
    else
        literal_sources_add(sources, p->segments, p->segment_count, owner);
}

static void index_rule(struct literal_sources *sources, const struct parsed_rule *rule)
{
    struct parsed_pattern *patterns = (struct parsed_pattern *)rule->patterns;
    struct parsed_pattern *unless = (struct parsed_pattern *)rule->unless;
    for (size_t i = 0; i < rule->pattern_count; i++)
        index_pattern(sources, &patterns[i], rule->first_owner + i);
    for (const char *const *need = rule->needs; need && *need; need++)
        literal_sources_add(sources, need, 1, rule->first_owner + rule->pattern_count);
    for (size_t i = 0; i < rule->unless_count; i++)
        index_pattern(sources, &unless[i], rule->first_unless + i);
}

/* The texts that the rules are known to match: what is often in them makes a bad literal. */
static struct span sample_of(struct arena *scratch, const struct parsed_layer *layer)
{
    struct strbuf all;
    strbuf_init(&all, scratch);
    for (size_t i = 0; i < layer->rule_count; i++)
        for (const char *const *example = layer->rules[i].examples; example && *example; example++) {
            strbuf_puts(&all, text_fold(scratch, span_z(*example)));
            strbuf_putc(&all, '\n');
        }
    return span_of(all.s, all.n);
}

void rule_index_build(struct arena *a, struct arena *scratch, struct parsed_layer *layer)
{
    struct literal_sources sources;
    size_t owners = number_owners((struct parsed_rule *)layer->rules, layer->rule_count);
    /* The literal of a match that is as short as can be costs more than it saves. */
    literal_sources_init(&sources, scratch, REGEX_BRIEFLY, LITERAL_BYTES_MIN + 1);
    for (size_t i = 0; i < layer->rule_count; i++)
        index_rule(&sources, &layer->rules[i]);
    layer->literals = literal_sources_build(&sources, a, sample_of(scratch, layer));
    arrange_owners(a, layer, describe_owners(scratch, layer, owners));
}
