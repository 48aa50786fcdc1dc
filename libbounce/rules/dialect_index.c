/* SPDX-License-Identifier: MIT */
/*
 * dialect_index.c - the literals of dialects and signs, by which the dialect of a
 * mail is found without trying them all.
 *
 * What comes in: a packed layer. What goes out: the literals of the patterns of
 * its dialects and signs, the header fields that these ask for, and the groups
 * that dialect_groups.c makes of conditions. Nothing is refused.
 */
#include "rules/dialect_index.h"
#include "base/literals_build.h"
#include "base/word_search.h"
#include "mail/fields.h"
#include "rules/dialect_groups.h"
#include "rules/literal_sources.h"

struct builder {
    struct arena *arena;
    struct layer *layer;
    struct literal_sources head, body;
};

/* --------------------------------------------------------------- literals */

/* For a class, one of its members is wherever the row is. */
static bool add_row(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    const struct layer *layer = b->layer;
    const struct row_element *e = &row_elements(layer, p)[p->length];
    const struct class_member *members =
        e->is_class ? layer->class_members + layer->classes[e->what].members.first : NULL;
    size_t count = e->is_class ? layer->classes[e->what].members.count : 1;
    const char **texts = arena_calloc(b->arena, count, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = layer_string(layer, members ? members[i].text : e->what);
        literal_sources_add(sources, &texts[i], 1, owner);
    }
    return true;
}

static bool add_phrase(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    if (p->is_row)
        return add_row(b, sources, p, owner);
    const char **texts = arena_calloc(b->arena, p->segment_count, sizeof *texts);
    for (size_t i = 0; i < p->segment_count; i++)
        texts[i] = pattern_segment(b->layer, p, i).s;
    literal_sources_add(sources, texts, p->segment_count, owner);
    return true;
}

/* False if the pattern has no literal that every match contains. */
static bool add_literals(struct builder *b, struct literal_sources *sources, const struct pattern *p, size_t owner)
{
    return p->is_regex ? literal_sources_add_regex(sources, layer_string(b->layer, p->text), owner, NULL)
                       : add_phrase(b, sources, p, owner);
}

static void index_knows(struct builder *b, struct know *knows)
{
    for (size_t i = 0; i < b->layer->know_count; i++) {
        struct know *know = &knows[i];
        if (know->twin != i)
            know->indexed = knows[know->twin].indexed;
        else if (!know->any && know->key != KNOW_SIGN && know->key != KNOW_FACT)
            know->indexed = add_literals(b, know->key == KNOW_BODY ? &b->body : &b->head, &know->pattern, i);
    }
}

/* An action may be in the subject and in the body. */
static void index_actions(struct builder *b, struct dialect_action *actions)
{
    uint64_t *unsure = arena_calloc(b->arena, b->layer->action_count / 64 + 1, sizeof *unsure);
    for (size_t i = 0; i < b->layer->action_count; i++) {
        size_t owner = b->layer->know_count + i;
        if (!actions[i].always)
            actions[i].indexed = add_literals(b, &b->head, &actions[i].pattern, owner) &&
                                 add_literals(b, &b->body, &actions[i].pattern, owner);
        if (!actions[i].indexed)
            unsure[i / 64] |= (uint64_t)1 << (i % 64);
    }
    b->layer->unsure_actions = unsure;
}

/* The pairs that are there in any case, when one of the texts is. */
static uint64_t common_pairs(const char *const *texts, size_t count)
{
    uint64_t pairs = count ? UINT64_MAX : 0;
    for (size_t i = 0; i < count; i++)
        pairs &= word_pairs_unspaced(span_z(texts[i]));
    return pairs;
}

static uint64_t regex_pairs(struct builder *b, const struct pattern *p)
{
    const char *literals[REGEX_LITERALS_MAX], *const *others;
    size_t count = regex_sure_literals(b->arena, layer_string(b->layer, p->text), REGEX_BRIEFLY, literals, &others),
           n = 0;
    while (others && others[n])
        n++;
    return common_pairs(literals, count) | common_pairs(others, n);
}

static uint64_t element_pairs(const struct layer *layer, const struct row_element *e)
{
    if (!e->is_class)
        return word_pairs_unspaced(span_z(layer_string(layer, e->what)));
    const struct range members = layer->classes[e->what].members;
    uint64_t pairs = members.count ? UINT64_MAX : 0;
    for (size_t i = 0; i < members.count; i++)
        pairs &= word_pairs_unspaced(span_z(layer_string(layer, layer->class_members[members.first + i].text)));
    return pairs;
}

/* The pairs of everything that must be there. */
static uint64_t line_pairs(struct builder *b, const struct pattern *p)
{
    uint64_t pairs = 0;
    if (p->is_regex)
        return regex_pairs(b, p);
    for (size_t i = 0; i < p->segment_count; i++) {
        const struct row_element *e = p->is_row ? &row_elements(b->layer, p)[i] : NULL;
        if (!e)
            pairs |= word_pairs_unspaced(pattern_segment(b->layer, p, i));
        else if (!e->optional)
            pairs |= element_pairs(b->layer, e);
    }
    return pairs;
}

/* The line patterns of dialects come after the patterns of rules. */
static void index_lines(struct builder *b)
{
    struct layer *layer = b->layer;
    size_t first = layer->pattern_count;
    for (size_t i = 0; i < layer->dialect_count; i++)
        first = MIN(first, layer->dialects[i].starts.first);
    layer->first_line_pattern = first;
    size_t words = (layer->pattern_count - first) / 64 + 1;
    uint64_t *unsure = arena_calloc(b->arena, words, sizeof *unsure);
    uint64_t *pairs = arena_calloc(b->arena, layer->pattern_count - first + 1, sizeof *pairs);
    for (size_t i = first; i < layer->pattern_count; i++) {
        pairs[i - first] = line_pairs(b, &layer->patterns[i]);
        if (!add_literals(b, &b->body, &layer->patterns[i], layer->know_count + layer->action_count + i - first))
            unsure[(i - first) / 64] |= (uint64_t)1 << ((i - first) % 64);
    }
    layer->unsure_patterns = unsure;
    layer->line_pairs = pairs;
}

/* ----------------------------------------------------------- header fields */

static void index_headers(struct builder *b)
{
    struct layer *layer = b->layer;
    string_at *names = arena_calloc(b->arena, layer->header_count, sizeof *names);
    uint32_t *next = arena_calloc(b->arena, layer->header_count, sizeof *next);
    uint32_t *heads = arena_calloc(b->arena, FIELD_NAME_BITS, sizeof *heads);
    uint32_t *searched = arena_calloc(b->arena, layer->header_count, sizeof *searched);
    for (size_t i = 0; i < layer->know_count; i++)
        if (layer->knows[i].key == KNOW_HEADER) {
            names[layer->knows[i].header_slot] = layer->knows[i].header;
            searched[layer->knows[i].header_slot] |= layer->knows[i].indexed;
        }
    for (size_t i = 0; i < layer->header_count; i++) {
        size_t bit = fields_name_bit(span_z(layer_string(layer, names[i])));
        next[i] = heads[bit];
        heads[bit] = (uint32_t)i + 1;
    }
    layer->header_names = names;
    layer->header_heads = heads;
    layer->header_next = next;
    layer->header_searched = searched;
}

void dialect_index_build(struct arena *a, struct layer *layer, struct know *knows, struct sign *signs,
                         struct dialect_action *actions)
{
    struct builder b = {.arena = a, .layer = layer};
    /* The header of every mail is searched, the body of few: effort pays off in the header. */
    literal_sources_init(&b.head, a, REGEX_THOROUGHLY, LITERAL_BYTES_MIN);
    literal_sources_init(&b.body, a, REGEX_BRIEFLY, LITERAL_BYTES_MIN);
    index_knows(&b, knows);
    index_actions(&b, actions);
    index_lines(&b);
    layer->head_literals = literal_sources_build(&b.head, a, span_z(NULL));
    layer->body_literals = literal_sources_build(&b.body, a, span_z(NULL));
    dialect_groups_build(a, layer, knows, signs);
    index_headers(&b);
}
