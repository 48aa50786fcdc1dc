/* SPDX-License-Identifier: MIT */
/*
 * rule_index.c - the literals of rules.
 *
 * What comes in: the rules of a layer, in order. What goes out: the index of the literals of their phrases,
 * expressions, needs and exceptions, and for each literal its owners: which patterns of which rules it belongs to.
 * Nothing is refused; an expression without a certain literal is tried whenever its rule is.
 */
#include "rules/rule_index.h"
#include "base/literals.h"
#include "rules/literal_sources.h"
#include "text/normal.h"
#include "text/text.h"

/* ---------------------------------------------------------------- owners */

/* The face of a text in which the pattern is searched, and what the place of a
 * literal says about a phrase of one part. */
static uint32_t owner_flags(const struct parsed_pattern *p)
{
    uint32_t flags = p->token ? OWNER_TOKEN : p->masked ? OWNER_MASKED : OWNER_PLAIN;
    if (p->is_regex)
        return flags | OWNER_REGEX;
    if (p->segment_count != 1)
        return flags;
    if (p->whole_words)
        return flags | OWNER_PLACED | (p->open_start ? 0 : OWNER_LEFT_WHOLE) | (p->open_end ? 0 : OWNER_RIGHT_WHOLE);
    const char *text = p->segments[0];
    flags |= OWNER_PLACED;
    if (ascii_is_alnum(text[0]))
        flags |= OWNER_LEFT;
    if (ascii_is_alnum(text[strlen(text) - 1]) && !p->open_end)
        flags |= OWNER_RIGHT;
    return flags;
}

/* The slot of the rarest element besides the one by which a row is found. */
static uint32_t slot_of(const struct parsed_pattern *p)
{
    return p->row && p->row->next_rare < p->row->count ? p->row->elements[p->row->next_rare].slot : 0;
}

struct owner_numbers {
    size_t first_class, count;
};

/* Owners are numbered rule by rule: each pattern, then the needs as one; then the
 * classes. The exceptions of all rules come after that, so that they are the last
 * owners of each literal. */
static struct owner_numbers number_owners(const struct parsed_layer *layer)
{
    struct parsed_rule *rules = (struct parsed_rule *)layer->rules;
    struct owner_numbers n = {.count = 0};
    for (size_t i = 0; i < layer->rule_count; i++) {
        rules[i].first_owner = (uint32_t)n.count;
        n.count += rules[i].pattern_count + 1;
    }
    n.first_class = n.count;
    n.count += layer->class_count;
    for (size_t i = 0; i < layer->rule_count; i++) {
        rules[i].first_unless = (uint32_t)n.count;
        n.count += rules[i].unless_count;
    }
    return n;
}

/* The owners, by their numbers. */
static struct rule_owner *describe_owners(struct arena *scratch, const struct parsed_layer *layer,
                                          const struct owner_numbers *numbers)
{
    struct rule_owner *owners = arena_calloc(scratch, numbers->count, sizeof *owners);
    for (uint32_t i = 0; i < layer->rule_count; i++) {
        const struct parsed_rule *r = &layer->rules[i];
        for (uint32_t k = 0; k < r->pattern_count; k++)
            owners[r->first_owner + k] =
                (struct rule_owner){i, k, owner_flags(&r->patterns[k]), slot_of(&r->patterns[k])};
        owners[r->first_owner + r->pattern_count] =
            (struct rule_owner){i, (uint32_t)r->pattern_count, r->masked ? OWNER_MASKED : OWNER_PLAIN, 0};
        for (uint32_t k = 0; k < r->unless_count; k++)
            owners[r->first_unless + k] = (struct rule_owner){i, k, owner_flags(&r->unless[k]) | OWNER_UNLESS, 0};
    }
    for (uint32_t i = 0; i < layer->class_count; i++)
        owners[numbers->first_class + i] = (struct rule_owner){.rank = i, .flags = OWNER_CLASS | OWNER_MASKED};
    return owners;
}

/* Puts the owners in the order of literals->owners. */
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

static void add_class_phrase(struct arena *scratch, struct parsed_class *class, struct class_phrase phrase)
{
    class->phrases =
        arena_grow(scratch, class->phrases, class->phrase_count, &class->phrase_capacity, sizeof *class->phrases);
    class->phrases[class->phrase_count++] = phrase;
}

/* What is found by a class is listed with it: its members are searched once for all phrases. */
static void index_pattern(struct literal_sources *sources, struct parsed_pattern *p, size_t owner)
{
    p->indexed = true;
    if (p->is_regex)
        p->indexed = literal_sources_add_regex(sources, p->source, owner, &p->also);
    else if (p->row)
        literal_sources_add(sources, &p->row->elements[p->row->found_by].text, 1, owner);
    else
        literal_sources_add(sources, p->segments, p->segment_count, owner);
}

static struct parsed_class *found_by_class(const struct parsed_pattern *p)
{
    return p->row ? (struct parsed_class *)p->row->elements[p->row->found_by].class : NULL;
}

static void index_rule(struct arena *scratch, struct literal_sources *sources, const struct parsed_rule *rule,
                       size_t rank)
{
    struct parsed_pattern *patterns = (struct parsed_pattern *)rule->patterns;
    struct parsed_pattern *unless = (struct parsed_pattern *)rule->unless;
    for (size_t i = 0; i < rule->pattern_count; i++) {
        struct parsed_class *class = found_by_class(&patterns[i]);
        if (class)
            add_class_phrase(scratch, class, (struct class_phrase){(uint32_t)rank, (uint32_t)i, slot_of(&patterns[i])});
        else
            index_pattern(sources, &patterns[i], rule->first_owner + i);
        patterns[i].indexed = patterns[i].indexed || class;
    }
    for (const char *const *need = rule->needs; need && *need; need++)
        literal_sources_add(sources, need, 1, rule->first_owner + rule->pattern_count);
    for (size_t i = 0; i < rule->unless_count; i++)
        if (!unless[i].is_near && !unless[i].row) /* else it is tried whenever the rule matches */
            index_pattern(sources, &unless[i], rule->first_unless + i);
}

static void index_class(struct literal_sources *sources, const struct parsed_class *class, size_t owner)
{
    for (size_t i = 0; class->phrase_count && i < class->member_count; i++)
        literal_sources_add(sources, &class->members[i].text, 1, owner);
}

/* What is frequent in them makes a bad literal. */
struct span rule_sample(struct arena *scratch, const struct parsed_layer *layer)
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

static size_t text_count(const struct parsed_element *e)
{
    return e->class ? e->class->member_count : 1;
}

/* Whether an element is there in any case, one space after the one before it. */
static bool is_joined(const struct parsed_row *row, size_t i)
{
    const struct parsed_element *e = &row->elements[i];
    return e->link == LINK_SPACE && !e->optional && !e[-1].optional;
}

/* Elements of a row with spaces between them, and how many texts they can be. */
struct joined_elements {
    size_t first, last, texts;
};

/* Those around the one by which it is found: many words are rarer than one. */
static struct joined_elements join_elements(const struct parsed_row *row)
{
    enum { TEXTS_MAX = 64 };
    const struct parsed_element *e = row->elements;
    struct joined_elements j = {row->found_by, row->found_by, text_count(&e[row->found_by])};
    for (; j.last + 1 < row->count && is_joined(row, j.last + 1) && j.texts * text_count(&e[j.last + 1]) <= TEXTS_MAX;
         j.last++)
        j.texts *= text_count(&e[j.last + 1]);
    for (; j.first && is_joined(row, j.first) && j.texts * text_count(&e[j.first - 1]) <= TEXTS_MAX; j.first--)
        j.texts *= text_count(&e[j.first - 1]);
    return j;
}

static void add_row(struct literal_sources *sources, const struct parsed_row *row)
{
    const struct joined_elements j = join_elements(row);
    const char **texts = arena_calloc(sources->arena, j.texts, sizeof *texts);
    for (size_t i = 0; i < j.texts; i++) {
        struct strbuf text;
        strbuf_init(&text, sources->arena);
        for (size_t k = j.first, rest = i; k <= j.last; k++) {
            const struct parsed_element *e = &row->elements[k];
            strbuf_puts(&text, k > j.first ? " " : "");
            strbuf_puts(&text, e->class ? e->class->members[rest % text_count(e)].text : e->text);
            rest /= text_count(e);
        }
        texts[i] = text.s;
        literal_sources_add(sources, &texts[i], 1, 0);
    }
}

/* Adds something that each match of a rule has and that can be looked for; for expressions, what they need. */
static void add_rule_words(struct literal_sources *sources, const struct parsed_rule *rule)
{
    for (size_t i = 0; i < rule->pattern_count; i++) {
        const struct parsed_pattern *p = &rule->patterns[i];
        if (p->row)
            add_row(sources, p->row);
        else if (!p->is_regex)
            literal_sources_add(sources, p->segments, p->segment_count, 0);
    }
    for (const char *const *need = rule->needs; need && *need; need++)
        literal_sources_add(sources, need, 1, 0);
}

/* For the one reason that is asked for alone. */
static const struct literals *index_expiry(struct arena *a, struct arena *scratch, const struct parsed_layer *layer)
{
    struct literal_sources sources;
    literal_sources_init(&sources, scratch, REGEX_BRIEFLY, 0);
    for (size_t i = 0; i < layer->rule_count; i++)
        if (layer->rules[i].reason == BOUNCE_REASON_EXPIRED)
            add_rule_words(&sources, &layer->rules[i]);
    return literal_sources_build(&sources, a, rule_sample(scratch, layer));
}

void rule_index_build(struct arena *a, struct arena *scratch, struct parsed_layer *layer)
{
    struct literal_sources sources;
    struct owner_numbers numbers = number_owners(layer);
    /* A literal of the least length, of a `match`, costs more than it saves. */
    literal_sources_init(&sources, scratch, REGEX_BRIEFLY, LITERAL_BYTES_MIN + 1);
    for (size_t i = 0; i < layer->rule_count; i++)
        index_rule(scratch, &sources, &layer->rules[i], i);
    for (size_t i = 0; i < layer->class_count; i++)
        index_class(&sources, layer->classes[i], numbers.first_class + i);
    layer->literals = literal_sources_build(&sources, a, rule_sample(scratch, layer));
    layer->expiry = index_expiry(a, scratch, layer);
    arrange_owners(a, layer, describe_owners(scratch, layer, &numbers));
}
