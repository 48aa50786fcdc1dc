/* SPDX-License-Identifier: MIT */
/*
 * dialect_index.c - how the dialect of a mail is found without asking them all.
 *
 * What comes in: a packed layer. What goes out: the literals of the patterns of
 * its dialects, and for each condition (a literal that stands in a text, a
 * header field that is there) the groups of conditions that cannot hold
 * without it: their trigger. So the cost of a mail depends on what stands in
 * it, and hardly on the number of dialects. The same for the signs of a report
 * that a header shows. Nothing is refused.
 */
#include "rules/dialect_index.h"

#include "base/literals.h"
#include "match/regex.h"

#include <glib.h>
#include <string.h>

struct builder {
    struct arena *arena;
    struct layer *layer;
    GArray *head, *body; /* struct literal_source */
};

/* --------------------------------------------------------------- literals */

static void add_source(struct builder *b, GArray *sources, const char *text, size_t owner)
{
    const char **texts = arena_alloc(b->arena, sizeof *texts);
    texts[0] = text;
    struct literal_source source = {texts, 1, (uint32_t)owner};
    g_array_append_val(sources, source);
}

/* Any one of its segments tells of a phrase. */
static void add_phrase(struct builder *b, GArray *sources, const struct pattern *p, size_t owner)
{
    const char **texts = arena_calloc(b->arena, p->segment_count, sizeof *texts);
    for (size_t i = 0; i < p->segment_count; i++)
        texts[i] = pattern_segment(b->layer, p, i).s;
    struct literal_source source = {texts, p->segment_count, (uint32_t)owner};
    g_array_append_val(sources, source);
}

/* False if there is no literal that a match must hold. */
static bool add_pattern(struct builder *b, GArray *sources, const struct pattern *p, size_t owner)
{
    if (!p->is_regex) {
        add_phrase(b, sources, p, owner);
        return true;
    }
    const char *literals[REGEX_LITERALS_MAX];
    /* Headers are searched in all mail, bodies in little of it. */
    enum regex_effort effort = sources == b->head ? REGEX_THOROUGHLY : REGEX_BRIEFLY;
    size_t count = regex_sure_literals(b->arena, layer_string(b->layer, p->text), effort, literals, NULL);
    for (size_t i = 0; i < count; i++)
        if (strlen(literals[i]) < LITERAL_BYTES_MIN)
            return false;
    for (size_t i = 0; i < count; i++)
        add_source(b, sources, literals[i], owner);
    return count > 0;
}

static void index_knows(struct builder *b, struct know *knows)
{
    for (size_t i = 0; i < b->layer->know_count; i++) {
        struct know *know = &knows[i];
        if (know->twin != i)
            know->indexed = knows[know->twin].indexed;
        else if (!know->any)
            know->indexed = add_pattern(b, know->key == KNOW_BODY ? b->body : b->head, &know->pattern, i);
    }
}

/* An action may be stated in the subject and in the body. */
static void index_actions(struct builder *b, struct dialect_action *actions)
{
    uint64_t *unsure = arena_calloc(b->arena, b->layer->action_count / 64 + 1, sizeof *unsure);
    for (size_t i = 0; i < b->layer->action_count; i++) {
        size_t owner = b->layer->know_count + i;
        if (!actions[i].always)
            actions[i].indexed = add_pattern(b, b->head, &actions[i].pattern, owner) &&
                                 add_pattern(b, b->body, &actions[i].pattern, owner);
        if (!actions[i].indexed)
            unsure[i / 64] |= (uint64_t)1 << (i % 64);
    }
    b->layer->unsure_actions = unsure;
}

/* The patterns that are asked about lines: those of dialects stand behind those of rules. */
static void index_patterns(struct builder *b)
{
    struct layer *layer = b->layer;
    size_t first = layer->pattern_count;
    for (size_t i = 0; i < layer->dialect_count; i++)
        first = MIN(first, layer->dialects[i].starts.first);
    layer->first_line_pattern = first;
    size_t words = (layer->pattern_count - first) / 64 + 1;
    uint64_t *unsure = arena_calloc(b->arena, words, sizeof *unsure);
    for (size_t i = first; i < layer->pattern_count; i++)
        if (!add_pattern(b, b->body, &layer->patterns[i], layer->know_count + layer->action_count + i - first))
            unsure[(i - first) / 64] |= (uint64_t)1 << ((i - first) % 64);
    layer->unsure_patterns = unsure;
}

/* ----------------------------------------------------------------- triggers */

/* How much is asked in vain if this condition is the trigger: less is better. */
enum trigger_cost { COST_HEADER_LITERAL, COST_RARE_HEADER, COST_LITERAL, COST_FROM, COST_COMMON_HEADER, COST_NONE };

static bool is_common_header(const char *name)
{
    static const char *const common[] = {
        "return-path",  "message-id", "to",     "date",        "from",       "subject",      "received", "content-type",
        "mime-version", "reply-to",   "sender", "in-reply-to", "references", "delivered-to", "x-mailer", "precedence"};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(name, common[i]) == 0)
            return true;
    return false;
}

static enum trigger_cost cost_of(const struct layer *layer, const struct know *know)
{
    if (know->key == KNOW_HEADER && know->indexed)
        return COST_HEADER_LITERAL;
    if (know->key == KNOW_HEADER)
        return is_common_header(layer_string(layer, know->header)) ? COST_COMMON_HEADER : COST_RARE_HEADER;
    if (!know->indexed)
        return COST_NONE;
    return know->key == KNOW_FROM ? COST_FROM : COST_LITERAL;
}

/* Triggers are the conditions by index, then the header fields by slot, then what always is. */
static size_t trigger_count(const struct layer *layer)
{
    return layer->know_count + layer->header_count + 1;
}

/* The trigger of conditions that must all hold, given by their twins. */
static uint32_t trigger_of(const struct layer *layer, const uint32_t *conditions, size_t count)
{
    enum trigger_cost least = COST_NONE;
    uint32_t trigger = (uint32_t)(trigger_count(layer) - 1);
    for (size_t i = 0; i < count; i++) {
        const struct know *know = &layer->knows[conditions[i]];
        enum trigger_cost cost = cost_of(layer, know);
        if (cost >= least)
            continue;
        least = cost;
        bool by_field = know->key == KNOW_HEADER && !know->indexed;
        trigger = by_field ? (uint32_t)layer->know_count + know->header_slot : conditions[i];
    }
    return trigger;
}

/* Groups of conditions, each with its trigger. */
struct gathered {
    GArray *groups;     /* struct know_group */
    GArray *conditions; /* uint32_t: twins */
    GArray *triggers;   /* uint32_t, one a group */
};

static void gathered_init(struct gathered *g)
{
    g->groups = g_array_new(FALSE, FALSE, sizeof(struct know_group));
    g->conditions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g->triggers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static void *keep_array(struct arena *a, GArray *array, size_t item_bytes)
{
    void *kept = arena_alloc(a, array->len * item_bytes);
    if (array->len)
        memcpy(kept, array->data, array->len * item_bytes);
    g_array_free(array, TRUE);
    return kept;
}

static void add_group(const struct layer *layer, struct gathered *g, const GArray *conditions, size_t dialect)
{
    struct know_group group = {g->conditions->len, conditions->len, (uint32_t)dialect};
    uint32_t trigger = trigger_of(layer, (const uint32_t *)(const void *)conditions->data, conditions->len);
    g_array_append_vals(g->conditions, conditions->data, conditions->len);
    g_array_append_val(g->groups, group);
    g_array_append_val(g->triggers, trigger);
}

/* Which groups each trigger has: counted, then put in. */
static void finish_groups(struct builder *b, struct gathered *g, struct know_groups *out)
{
    size_t count = trigger_count(b->layer);
    uint32_t *first = arena_calloc(b->arena, count + 1, sizeof *first);
    uint32_t *triggered = arena_calloc(b->arena, g->groups->len, sizeof *triggered);
    const uint32_t *triggers = (const uint32_t *)(const void *)g->triggers->data;
    for (guint i = 0; i < g->groups->len; i++)
        first[triggers[i] + 1]++;
    for (size_t i = 0; i < count; i++)
        first[i + 1] += first[i];
    uint32_t *next = g_memdup2(first, (count + 1) * sizeof *next);
    for (guint i = 0; i < g->groups->len; i++)
        triggered[next[triggers[i]]++] = i;
    g_free(next);
    out->group_count = g->groups->len;
    out->condition_count = g->conditions->len;
    out->trigger_count = count;
    out->first = first;
    out->triggered = triggered;
    out->groups = keep_array(b->arena, g->groups, sizeof(struct know_group));
    out->conditions = keep_array(b->arena, g->conditions, sizeof(uint32_t));
    g_array_free(g->triggers, TRUE);
}

/* Conditions of the group that begins at i: itself and each `also` below it. */
static size_t group_size(const struct layer *layer, const struct dialect *d, size_t i)
{
    size_t end = i + 1;
    while (end < d->knows.count && layer->knows[d->knows.first + end].also)
        end++;
    return end - i;
}

/* ------------------------------------------------------------------- signs */

static bool header_shows(const struct know *know)
{
    return know->key == KNOW_SUBJECT || know->key == KNOW_FROM || know->key == KNOW_TYPE || know->key == KNOW_HEADER;
}

/* The same conditions, asked by many dialects, are one sign. */
static void add_sign(const struct layer *layer, struct gathered *signs, GHashTable *known, const GArray *conditions)
{
    if (!conditions->len)
        return;
    GBytes *key = g_bytes_new(conditions->data, conditions->len * sizeof(uint32_t));
    if (g_hash_table_add(known, key))
        add_group(layer, signs, conditions, 0);
}

/* What the header shows of a group; and, if it is one of the vocabulary of a
 * language, its subject alone, which says enough from whomever it comes. */
static void add_signs(const struct layer *layer, struct gathered *signs, GHashTable *known, const GArray *group,
                      bool is_general)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *subject = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < group->len; i++) {
        uint32_t condition = g_array_index(group, uint32_t, i);
        if (header_shows(&layer->knows[condition]))
            g_array_append_val(shown, condition);
        if (is_general && layer->knows[condition].key == KNOW_SUBJECT)
            g_array_append_val(subject, condition);
    }
    add_sign(layer, signs, known, shown);
    add_sign(layer, signs, known, subject);
    g_array_free(shown, TRUE);
    g_array_free(subject, TRUE);
}

static void index_groups(struct builder *b)
{
    const struct layer *layer = b->layer;
    struct gathered groups, signs;
    GHashTable *known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    GArray *group = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    gathered_init(&groups);
    gathered_init(&signs);
    for (size_t i = 0; i < layer->dialect_count; i++) {
        const struct dialect *d = &layer->dialects[i];
        for (size_t k = 0, n; k < d->knows.count; k += n) {
            n = group_size(layer, d, k);
            g_array_set_size(group, 0);
            for (size_t j = k; j < k + n; j++)
                g_array_append_val(group, layer->knows[d->knows.first + j].twin);
            add_group(layer, &groups, group, i);
            if (d->kind != BOUNCE_KIND_NONE)
                add_signs(layer, &signs, known, group, d->is_general);
        }
    }
    finish_groups(b, &groups, &b->layer->groups);
    finish_groups(b, &signs, &b->layer->signs);
    g_array_free(group, TRUE);
    g_hash_table_destroy(known);
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

void dialectindex_build(struct arena *a, struct layer *layer, struct know *knows, struct dialect_action *actions)
{
    struct builder b = {.arena = a, .layer = layer};
    b.head = g_array_new(FALSE, FALSE, sizeof(struct literal_source));
    b.body = g_array_new(FALSE, FALSE, sizeof(struct literal_source));
    index_knows(&b, knows);
    index_actions(&b, actions);
    index_patterns(&b);
    layer->head_literals = literals_build(a, (const void *)b.head->data, b.head->len, span_z(NULL));
    layer->body_literals = literals_build(a, (const void *)b.body->data, b.body->len, span_z(NULL));
    index_groups(&b);
    index_headers(&b);
    g_array_free(b.head, TRUE);
    g_array_free(b.body, TRUE);
}
